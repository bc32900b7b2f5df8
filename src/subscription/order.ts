import { daysAfter } from './calendar.js'
import type { Change, Contract, Surroundings } from './contract.js'
import { firstOf, type Refused, refused, type Step } from './refusal.js'

/** What is ordered. */
export type Item =
  /** More simultaneous calls for a line. */
  | {
      readonly kind: 'calls'
      readonly line: string
      readonly from: number
      readonly to: number
    }
  /** Alias numbers: the operator adds them to the site file (spec A10). */
  | { readonly kind: 'aliases'; readonly count: number }

/** Which state follows which (spec D7). A draft is shown, and kept nowhere. */
const followers = {
  draft: ['issued'],
  issued: ['paid', 'cancelled', 'expired'],
  paid: ['applied'],
  applied: [],
  cancelled: [],
  expired: [],
} as const satisfies Record<string, readonly string[]>

export type OrderState = Exclude<keyof typeof followers, 'draft'>

/** What something costs: cents per month, excluding VAT. */
export interface Draft {
  readonly item: Item
  readonly unitCents: number
  readonly totalCents: number
  /** As the site file said when the order was made. */
  readonly vatPercent: number
}

/** Refused because the terms are not accepted; the price is told all the same. */
export interface Unaccepted extends Refused {
  readonly draft: Draft
}

export interface Order extends Draft {
  readonly id: number
  readonly state: OrderState
  readonly issuedMs: number
  /** Not paid until then, it expires. */
  readonly expiresMs: number
  readonly paidMs?: number
  /** When it came to its end: applied, cancelled or expired. */
  readonly endedMs?: number
  /** Who ordered. */
  readonly by: string
}

/** How many of what is ordered an order adds. */
export function countOf(item: Item): number {
  return item.kind === 'calls' ? item.to - item.from : item.count
}

/** A price, before anything is ordered. */
export function draftOf(
  item: Item,
  unitCents: number,
  { terms: { vatPercent } }: Surroundings,
): Draft {
  return { item, unitCents, totalCents: countOf(item) * unitCents, vatPercent }
}

/** The terms are accepted: the order waits for its payment, but not for ever. */
export function issue(
  draft: Draft,
  { nowMs, terms, timeZone }: Surroundings,
): Extract<Change, { kind: 'issue' }> {
  const expiresMs = daysAfter(nowMs, terms.expireAfterDays, timeZone)
  const order = { ...draft, state: 'issued' as const, issuedMs: nowMs, expiresMs }
  return { kind: 'issue', order }
}

/** An order in its next state. Throws where no such step exists: a bug. */
export function follow(order: Order, state: OrderState, atMs: number): Order {
  const allowed: readonly string[] = followers[order.state]
  if (!allowed.includes(state)) {
    throw new Error(`order ${order.id}: ${order.state} is never followed by ${state}`)
  }
  return { ...order, state, ...(state === 'paid' ? { paidMs: atMs } : { endedMs: atMs }) }
}

/** An order that is cancelled, in favour of another or of nothing. */
export function cancelled(order: Order, atMs: number): Change {
  return { kind: 'order', order: follow(order, 'cancelled', atMs) }
}

/** What becomes of an order; no changes: it was so already. */
export type Settled = { readonly kind: 'done'; readonly changes: readonly Change[] }

interface Asked extends Surroundings {
  readonly order: Order
  /** Of the line that an order for calls is about; undefined: the site has it no more. */
  readonly contract?: Contract
}

const onSettled: Step<Asked, Settled> = ({ order }) =>
  order.state === 'applied' || order.state === 'paid'
    ? { kind: 'done', changes: [] }
    : undefined

const onCancelled: Step<Asked, Refused> = ({ order }) =>
  order.state === 'cancelled'
    ? refused('order-cancelled', `order ${order.id} was cancelled: make another`)
    : undefined

const onExpired: Step<Asked, Refused> = ({ order, nowMs }) =>
  isExpired(order, nowMs)
    ? refused('order-expired', `order ${order.id} has expired: make another`)
    : undefined

/** What was ordered may have become impossible: nobody is to pay for it. */
const onImpossible: Step<Asked, Refused> = ({ order, contract, plans }) => {
  const { item, id } = order
  if (item.kind === 'aliases') return undefined
  if (!contract) {
    return refused('order-not-applicable', `order ${id}: the line is gone; cancel it`)
  }
  const { maximum } = plans.get(contract.plan)?.calls ?? { maximum: 0 }
  const calls = contract.calls + countOf(item)
  if (calls <= maximum) return undefined
  const message = `order ${id} would give ${calls} calls, the plan allows ${maximum} by now; cancel it`
  return refused('order-not-applicable', message)
}

/** Effects come with `paid → applied` only, and only once (spec D7). */
const onPayment: Step<Asked, Settled> = ({ order, contract, nowMs }) => {
  const paid = follow(order, 'paid', nowMs)
  const changes: Change[] = [{ kind: 'order', order: follow(paid, 'applied', nowMs) }]
  if (order.item.kind === 'calls' && contract) {
    changes.push({
      kind: 'contract',
      line: order.item.line,
      before: contract,
      // What was paid for is added to what there is by now: a renewal may have come between.
      contract: { ...contract, calls: contract.calls + countOf(order.item) },
      effectiveMs: nowMs,
    })
  }
  return { kind: 'done', changes }
}

/** The back office says it is paid; said twice, it counts once. */
export function pay(asked: Asked): Settled | Refused {
  return firstOf<Asked, Settled | Refused>(
    [onSettled, onCancelled, onExpired, onImpossible, onPayment],
    asked,
  )
}

/** What is not paid can be given up (spec D6); given up twice, it is the same. */
export function cancel(order: Order, nowMs: number): Settled | Refused {
  switch (order.state) {
    case 'issued':
      return { kind: 'done', changes: [cancelled(order, nowMs)] }
    case 'cancelled':
    case 'expired':
      return { kind: 'done', changes: [] }
    case 'paid':
    case 'applied':
      return refused(
        'order-paid',
        `order ${order.id} is paid: have fewer calls at the next renewal instead`,
      )
  }
}

export function isExpired({ state, expiresMs }: Order, nowMs: number): boolean {
  return state === 'expired' || (state === 'issued' && nowMs >= expiresMs)
}
