import type { Change, Contract, Scheduled } from '../subscription/contract.js'
import type { Order } from '../subscription/order.js'
import { nextDueMs } from '../subscription/renewal.js'
import { putContract, readContracts, removeContract } from './contracts.js'
import { atOnce, type Database } from './database.js'
import { type By, noteChange } from './journal.js'
import { addOrder, putOrder, readOpenOrder, readOrder, readOrders } from './orders.js'
import { putScheduled, readScheduled, removeScheduled } from './scheduled-changes.js'

/** Who changes something, and by the calendar, when. */
export interface Entry {
  readonly by: By
  readonly nowMs: number
}

/**
 * What is written of contracts and orders. The changes of one decision are written at
 * once or not at all: killed between any two of them, nothing has happened.
 */
export class ContractBook {
  readonly #database: Database
  readonly #contracts: Map<string, Contract>
  /** Undefined: the store has changed since it was last read. */
  #agenda: { readonly nextDueMs: number | undefined } | undefined

  /** Throws StoreUnavailable. */
  constructor(database: Database) {
    this.#database = database
    this.#contracts = readContracts(database)
  }

  /** What orders and renewals made of a line's contract; undefined: nothing yet. */
  contract(line: string): Contract | undefined {
    return this.#contracts.get(line)
  }

  /** The lines whose contract is not the site file's any more. */
  lines(): string[] {
    return [...this.#contracts.keys()]
  }

  scheduled(line?: string): Scheduled[] {
    return readScheduled(this.#database, line)
  }

  orders(state?: Order['state']): Order[] {
    return readOrders(this.#database, state)
  }

  order(id: number): Order | undefined {
    return readOrder(this.#database, id)
  }

  openOrder(line: string): Order | undefined {
    return readOpenOrder(this.#database, line)
  }

  /** When something is due next; undefined: nothing waits. */
  get nextDueMs(): number | undefined {
    // Asked with every request: the store only after something was written.
    this.#agenda ??= { nextDueMs: nextDueMs(this.scheduled(), this.orders('issued')) }
    return this.#agenda.nextDueMs
  }

  /** Writes a decision; the number of the order it issues, if it does. */
  write(changes: readonly Change[], entry: Entry): number | undefined {
    const issued = atOnce(this.#database, 'write the contract', () =>
      changes.map((change) => this.#write(change, entry)),
    )
    this.#agenda = undefined
    // In memory only after it is on the disk.
    for (const change of changes) {
      if (change.kind === 'contract') this.#contracts.set(change.line, change.contract)
    }
    return issued.find((id) => id !== undefined)
  }

  /** Gives lines back to the site file: contract, and what waits for a renewal. */
  reset(lines: readonly string[], entry: Entry): void {
    atOnce(this.#database, 'reset contracts', () => {
      for (const line of lines) {
        const before = this.#contracts.get(line) ?? null
        removeContract(this.#database, line)
        removeScheduled(this.#database, line, 'planChange')
        removeScheduled(this.#database, line, 'decrease')
        this.#note(line, 'contract', before, null, entry)
      }
    })
    this.#agenda = undefined
    for (const line of lines) this.#contracts.delete(line)
  }

  #write(change: Change, entry: Entry): number | undefined {
    switch (change.kind) {
      case 'schedule': {
        const { scheduled } = change
        const { line, kind } = scheduled
        putScheduled(this.#database, scheduled)
        this.#note(line, kind, null, shown(scheduled), entry)
        return undefined
      }
      case 'unschedule':
        removeScheduled(this.#database, change.line, change.what)
        this.#note(change.line, change.what, 'pending', null, entry)
        return undefined
      case 'issue':
        return addOrder(this.#database, { ...change.order, by: entry.by.who })
      case 'order':
        putOrder(this.#database, change.order)
        return undefined
      case 'contract': {
        const { line, before, contract, effectiveMs } = change
        putContract(this.#database, line, contract, effectiveMs)
        const after = { ...contract, effective: new Date(effectiveMs).toISOString() }
        this.#note(line, 'contract', before, after, entry)
        return undefined
      }
    }
  }

  #note(
    line: string,
    key: string,
    before: unknown,
    after: unknown,
    { by, nowMs }: Entry,
  ): void {
    noteChange(this.#database, { at: nowMs, line, ...by, key, before, after })
  }
}

function shown(scheduled: Scheduled): object {
  const effective = new Date(scheduled.dueMs).toISOString()
  return scheduled.kind === 'planChange'
    ? { plan: scheduled.plan, effective }
    : { calls: scheduled.calls, effective }
}
