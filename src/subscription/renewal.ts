import type { Plan } from '../model/plan.js'
import {
  type Change,
  type Contract,
  type Decrease,
  extraCalls,
  type PlanChange,
  type Scheduled,
  type Surroundings,
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

/** What a renewal writes, and which tasks came to nothing: they are told, and dropped. */
export interface Renewal {
  readonly changes: readonly Change[]
  readonly impossible: readonly { readonly task: Scheduled; readonly why: string }[]
}

/**
 * Applies what is due. It counts from the date it was due, however late it is applied:
 * a controller that was away at the renewal makes up for it.
 */
export function renew(
  scheduled: readonly Scheduled[],
  contractOf: (line: string) => Contract | undefined,
  { plans, nowMs }: Pick<Surroundings, 'plans' | 'nowMs'>,
): Renewal {
  const latest = new Map<string, Contract>()
  const changes: Change[] = []
  const impossible: { task: Scheduled; why: string }[] = []
  for (const task of dueTasks(scheduled, nowMs)) {
    const { line, kind, dueMs: effectiveMs } = task
    changes.push({ kind: 'unschedule', line, what: kind })
    const before = latest.get(line) ?? contractOf(line)
    const contract = before && contractAfter(task, before, plans)
    if (before && contract) {
      latest.set(line, contract)
      changes.push({ kind: 'contract', line, before, contract, effectiveMs })
    } else {
      const why = before ? 'the site has no such plan any more' : 'the line is gone'
      impossible.push({ task, why })
    }
  }
  return { changes, impossible }
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
