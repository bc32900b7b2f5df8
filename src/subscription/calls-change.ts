import { localDate, renewalAfter } from './calendar.js'
import {
  type Change,
  callPriceCents,
  type Decrease,
  planOf,
  plansAfter,
  type Subscription,
  type Surroundings,
} from './contract.js'
import { cancelled, type Draft, draftOf, issue, type Unaccepted } from './order.js'
import { firstOf, type Refused, refused, type Step } from './refusal.js'

/** More calls are ordered; fewer wait for the renewal (spec A6). */
export type CallsChanged =
  | {
      readonly kind: 'ordered'
      readonly draft: Draft
      readonly changes: readonly Change[]
    }
  | {
      readonly kind: 'scheduled'
      readonly decrease: Decrease
      readonly changes: readonly Change[]
    }

interface Asked extends Surroundings {
  readonly subscription: Subscription
  /** How many there shall be. */
  readonly calls: number
  readonly termsAccepted: boolean
}

type Answer = CallsChanged | Refused | Unaccepted

const onTooFew: Step<Asked, Answer> = ({ calls }) =>
  Number.isInteger(calls) && calls >= 1
    ? undefined
    : refused('calls-range', 'a line has a whole number of calls, 1 at least')

/** The panel sends who wants so many to a person (spec C13). */
const onMany: Step<Asked, Answer> = ({ calls }) =>
  calls < 100
    ? undefined
    : refused('calls-contact-support', 'for 100 calls and more, contact support')

const onPendingDecrease: Step<Asked, Answer> = ({ subscription, terms, timeZone }) => {
  const { decrease } = subscription
  if (!decrease || !terms.pendingDecreaseLocks) return undefined
  const date = localDate(decrease.dueMs, timeZone)
  const message = `the number of calls goes down to ${decrease.calls} on ${date} and cannot be changed before`
  return refused('decrease-pending', message)
}

const onSame: Step<Asked, Answer> = ({ calls, subscription }) => {
  if (calls !== subscription.contract.calls) return undefined
  const remedy = subscription.decrease ? '; cancel the decrease that waits' : ''
  return refused('calls-same', `the line has ${calls} of them already${remedy}`)
}

/** Running calls are never cut, and what is paid for stays until the month ends. */
const onFewer: Step<Asked, Answer> = ({ calls, subscription, nowMs, timeZone }) => {
  const { line, contract, open } = subscription
  if (calls >= contract.calls) return undefined
  const dueMs = renewalAfter(nowMs, timeZone)
  const decrease: Decrease = { kind: 'decrease', line, calls, requestedMs: nowMs, dueMs }
  const changes: Change[] = [{ kind: 'schedule', scheduled: decrease }]
  if (open) changes.push(cancelled(open, nowMs))
  return { kind: 'scheduled', decrease, changes }
}

const onAboveMaximum: Step<Asked, Answer> = (asked) => {
  const { calls, subscription, plans, timeZone } = asked
  const { contract, planChange } = subscription
  const { maximum } = planOf(contract, plans).calls
  if (calls <= maximum) return undefined
  const better = plansAfter(contract.plan, plans).filter(
    (name) => (plans.get(name)?.calls.maximum ?? 0) > maximum,
  )
  if (better.length === 0) {
    return refused('calls-maximum', `the plan ${contract.plan} allows ${maximum}`)
  }
  // An upgrade that waits lifts nothing before its renewal.
  const remedy = planChange
    ? `possible from ${localDate(planChange.dueMs, timeZone)}, with the plan ${planChange.plan}`
    : `change to ${better.join(' or ')} first`
  const message = `the plan ${contract.plan} is limited to ${maximum} simultaneous ${maximum === 1 ? 'call' : 'calls'}: ${remedy}`
  return refused('calls-need-upgrade', message)
}

const onTermsNotAccepted: Step<Asked, Answer> = (asked) => {
  if (asked.termsAccepted) return undefined
  const message = 'accept the general conditions: without, no order can be made'
  return { ...refused('terms-not-accepted', message), draft: draftFor(asked) }
}

/** A later order takes the place of the one that is not paid. */
const onMore: Step<Asked, Answer> = (asked) => {
  const { open, decrease, line } = asked.subscription
  const draft = draftFor(asked)
  const changes: Change[] = [
    ...(open ? [cancelled(open, asked.nowMs)] : []),
    ...(decrease ? [{ kind: 'unschedule', line, what: 'decrease' } as const] : []),
    issue(draft, asked),
  ]
  return { kind: 'ordered', draft, changes }
}

/** Asked for another number of simultaneous calls. */
export function requestCalls(asked: Asked): Answer {
  return firstOf(
    [
      ...[onTooFew, onMany, onPendingDecrease, onSame, onFewer],
      ...[onAboveMaximum, onTermsNotAccepted, onMore],
    ],
    asked,
  )
}

export interface DecreaseCancelled {
  readonly kind: 'cancelled'
  readonly decrease: Decrease
  readonly changes: readonly Change[]
}

/** The operator takes a decrease back before its renewal; customers cannot (spec D11). */
export function cancelDecrease({
  line,
  decrease,
}: Subscription): DecreaseCancelled | Refused {
  if (!decrease) return refused('decrease-none', 'no decrease waits for a renewal')
  const changes: Change[] = [{ kind: 'unschedule', line, what: 'decrease' }]
  return { kind: 'cancelled', decrease, changes }
}

/** Price = (wanted − current) × the price of one (spec D7). */
function draftFor({ subscription, calls, ...around }: Asked): Draft {
  const { line, contract } = subscription
  const unit = callPriceCents(planOf(contract, around.plans))
  return draftOf({ kind: 'calls', line, from: contract.calls, to: calls }, unit, around)
}
