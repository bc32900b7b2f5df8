import type { Site } from '../model/site.js'
import type { CallsChanged } from '../subscription/calls-change.js'
import type { Contract, Scheduled } from '../subscription/contract.js'
import type { Order, Unaccepted } from '../subscription/order.js'
import type { Refused } from '../subscription/refusal.js'
import type { Database } from './database.js'

export interface ContractDeskOptions {
  readonly database: Database
  readonly site: Site
  /** The calendar clock, in milliseconds. */
  readonly now: () => number
  /**
   * Contracts of lines are others now, on the disk already. What calls go by is to
   * follow before this resolves: whoever asked is told afterwards.
   */
  readonly onContracts: (contracts: ReadonlyMap<string, Contract>) => Promise<void>
  /** A task that came due and cannot be done, for the log. */
  readonly onImpossible: (task: Scheduled, why: string) => void
  /** Something may be due at another time than before: see `nextDueMs`. */
  readonly onAgenda?: () => void
}

/** An order, as it was made. */
export interface Ordered {
  readonly kind: 'ordered'
  readonly order: Order
}

/** What becomes of a wish for another number of calls. */
export type CallsRequested =
  | Ordered
  | Extract<CallsChanged, { kind: 'scheduled' }>
  | Refused
  | Unaccepted
