import type { OrderTerms } from '../model/order-terms.js'
import type { Plan } from '../model/plan.js'
import { cents } from './money.js'
import type { Order } from './order.js'

/*
 * A contract is what a line has from its operator. The site file says what it begins
 * with; orders and renewals change it. Requests are decided here and change nothing by
 * themselves: a decision is a list of `Change`s, which the store writes all at once.
 */

export interface Contract {
  /** A key of the site's plans. */
  readonly plan: string
  /** Simultaneous calls, incoming and outgoing together. */
  readonly calls: number
}

/** What waits for a renewal: at most one of each kind per line (spec A5, A6). */
export type Scheduled = PlanChange | Decrease

export interface PlanChange {
  readonly kind: 'planChange'
  readonly line: string
  readonly plan: string
  readonly requestedMs: number
  readonly dueMs: number
}

export interface Decrease {
  readonly kind: 'decrease'
  readonly line: string
  /** How many calls remain. */
  readonly calls: number
  readonly requestedMs: number
  readonly dueMs: number
}

/** Everything a decision about a line is made from. */
export interface Subscription {
  readonly line: string
  readonly contract: Contract
  readonly planChange?: PlanChange
  readonly decrease?: Decrease
  /** The order for more calls that is not paid. */
  readonly open?: Order
}

/** What holds for all lines, and when it is. */
export interface Surroundings {
  readonly plans: ReadonlyMap<string, Plan>
  readonly terms: OrderTerms
  readonly timeZone: string
  readonly nowMs: number
}

/** What is to be written. */
export type Change =
  | { readonly kind: 'schedule'; readonly scheduled: Scheduled }
  | {
      readonly kind: 'unschedule'
      readonly line: string
      readonly what: Scheduled['kind']
    }
  | { readonly kind: 'issue'; readonly order: Omit<Order, 'id' | 'by'> }
  | { readonly kind: 'order'; readonly order: Order }
  | {
      readonly kind: 'contract'
      readonly line: string
      readonly before: Contract
      readonly contract: Contract
      /** Since when it counts: after a downtime, earlier than it is written. */
      readonly effectiveMs: number
    }

/** The plan a contract names. Throws for one the site does not have: see `inForce`. */
export function planOf({ plan }: Contract, plans: ReadonlyMap<string, Plan>): Plan {
  const found = plans.get(plan)
  if (!found) throw new Error(`contract: the site has no plan ${plan}`)
  return found
}

/**
 * The contract that counts: what orders and renewals have made of it, as far as the site
 * still has the plan and allows so many calls; otherwise what the site file says.
 */
export function inForce(
  initial: Contract,
  changed: Contract | undefined,
  plans: ReadonlyMap<string, Plan>,
): Contract {
  const plan = changed && plans.get(changed.plan)
  if (!changed || !plan) return initial
  return { plan: changed.plan, calls: Math.min(changed.calls, plan.calls.maximum) }
}

/** Calls beyond those that come with the plan: they are what options cost. */
export function extraCalls({ calls }: Contract, plan: Plan): number {
  return Math.max(0, calls - plan.calls.included)
}

/** The price of one more call, in cents per month; the guides' own where a plan has none. */
export function callPriceCents({ calls }: Plan): number {
  return cents(calls.extraPrice ?? '1.00')
}

/** The plans that a line may change to, in the order of the site file. */
export function plansAfter(current: string, plans: ReadonlyMap<string, Plan>): string[] {
  return [...plans]
    .filter(([name, plan]) => name !== current && plan.upgradesFrom.includes(current))
    .map(([name]) => name)
}
