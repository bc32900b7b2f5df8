import type { Plan } from '../model/plan.js'
import {
  type Change,
  type Contract,
  type Decrease,
  extraCalls,
  type PlanChange,
  type Scheduled,
} from './contract.js'
import { follow, isExpired, type Order } from './order.js'

/** Of one instant: plan changes first, then decreases (spec D6). */
const order: readonly Scheduled['kind'][] = ['planChange', 'decrease']

/** What is due by now, in the order in which it is applied. */
export function dueTasks(scheduled: readonly Scheduled[], nowMs: number): Scheduled[] {
  return scheduled
    .filter(({ dueMs }) => dueMs <= nowMs)
    .sort(
      (a, b) =>
        a.dueMs - b.dueMs ||
        order.indexOf(a.kind) - order.indexOf(b.kind) ||
        a.line.localeCompare(b.line),
    )
}

/** A task at its renewal; `impossible` is told and dropped, for it would never succeed. */
export type Renewed =
  | {
      readonly kind: 'renewed'
      readonly contract: Contract
      readonly changes: readonly Change[]
    }
  | {
      readonly kind: 'impossible'
      readonly why: string
      readonly changes: readonly Change[]
    }

/**
 * Applies one task. It counts from the date it was due, however late it is applied:
 * a controller that was away at the renewal makes up for it.
 */
export function renew(
  task: Scheduled,
  current: Contract | undefined,
  plans: ReadonlyMap<string, Plan>,
): Renewed {
  const { line } = task
  const done: Change = { kind: 'unschedule', line, what: task.kind }
  const contract = current && contractAfter(task, current, plans)
  if (!contract) {
    const why = current ? 'the site has no such plan any more' : 'the line is gone'
    return { kind: 'impossible', why, changes: [done] }
  }
  const cause = 'renewal' as const
  const change = { line, contract, effectiveMs: task.dueMs, cause }
  return { kind: 'renewed', contract, changes: [done, { kind: 'contract', ...change }] }
}

/** The contract after a change; undefined when a plan it needs is gone. */
export function contractAfter(
  task: PlanChange | Decrease,
  current: Contract,
  plans: ReadonlyMap<string, Plan>,
): Contract | undefined {
  if (task.kind === 'decrease') {
    return { ...current, calls: Math.min(current.calls, task.calls) }
  }
  const [before, after] = [plans.get(current.plan), plans.get(task.plan)]
  if (!before || !after) return undefined
  // What was bought is kept beside what comes with the plan, as far as it allows.
  const calls = after.calls.included + extraCalls(current, before)
  return { plan: task.plan, calls: Math.min(calls, after.calls.maximum) }
}

/** Orders that nobody paid in time. */
export function expiries(orders: readonly Order[], nowMs: number): Change[] {
  return orders
    .filter((each) => each.state === 'issued' && isExpired(each, nowMs))
    .map((each) => ({ kind: 'order', order: follow(each, 'expired', each.expiresMs) }))
}

/** The next instant at which something is due; undefined when nothing waits. */
export function nextDueMs(
  scheduled: readonly Scheduled[],
  orders: readonly Order[],
): number | undefined {
  const instants = [
    ...scheduled.map(({ dueMs }) => dueMs),
    ...orders.filter(({ state }) => state === 'issued').map(({ expiresMs }) => expiresMs),
  ]
  return instants.length === 0 ? undefined : Math.min(...instants)
}
