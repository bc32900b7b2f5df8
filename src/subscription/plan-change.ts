import { localDate, renewalAfter } from './calendar.js'
import {
  type Change,
  type PlanChange,
  plansAfter,
  type Subscription,
  type Surroundings,
} from './contract.js'
import { firstOf, type Refused, refused, type Step } from './refusal.js'

/** A plan change that will come with the next renewal. */
export interface PlanScheduled {
  readonly kind: 'scheduled'
  readonly planChange: PlanChange
  readonly changes: readonly Change[]
}

export interface PlanCancelled {
  readonly kind: 'cancelled'
  readonly planChange: PlanChange
  readonly changes: readonly Change[]
}

interface Asked extends Surroundings {
  readonly subscription: Subscription
  readonly plan: string
}

const onUnknownPlan: Step<Asked, Refused> = ({ plan, plans }) =>
  plans.has(plan)
    ? undefined
    : refused('plan-unknown', `no plan has this name; there are ${listed(plans.keys())}`)

const onSamePlan: Step<Asked, Refused> = ({ plan, subscription }) => {
  if (plan !== subscription.contract.plan) return undefined
  const remedy = subscription.planChange ? '; cancel the change that waits' : ''
  return refused('plan-same', `the line has the plan ${plan} already${remedy}`)
}

/** Above all: Entreprise never goes back to Découverte [S001]. */
const onNotOffered: Step<Asked, Refused> = ({ plan, plans, subscription }) => {
  const { plan: current } = subscription.contract
  const offered = plansAfter(current, plans)
  if (offered.includes(plan)) return undefined
  const instead = offered.length > 0 ? `; possible: ${listed(offered)}` : ''
  return refused(
    'plan-not-offered',
    `the plan ${current} cannot become ${plan}${instead}`,
  )
}

/** A second request takes the place of the first: one change per line (spec A5). */
const onOffered: Step<Asked, PlanScheduled> = (asked) => {
  const { plan, subscription, nowMs, timeZone } = asked
  const planChange: PlanChange = {
    kind: 'planChange',
    line: subscription.line,
    plan,
    requestedMs: nowMs,
    dueMs: renewalAfter(nowMs, timeZone),
  }
  const changes: Change[] = [{ kind: 'schedule', scheduled: planChange }]
  return { kind: 'scheduled', planChange, changes }
}

/** Asked for another plan: it comes at the next renewal, without an order (spec A5). */
export function requestPlan(asked: Asked): PlanScheduled | Refused {
  return firstOf<Asked, PlanScheduled | Refused>(
    [onUnknownPlan, onSamePlan, onNotOffered, onOffered],
    asked,
  )
}

/** Possible until the renewal; afterwards there is nothing to cancel, and no undo. */
export function cancelPlan({ line, planChange }: Subscription): PlanCancelled | Refused {
  if (!planChange) {
    return refused('plan-change-none', 'no plan change waits; one that came stays')
  }
  const changes: Change[] = [{ kind: 'unschedule', line, what: 'planChange' }]
  return { kind: 'cancelled', planChange, changes }
}

/** The date of a change where the customer lives, for messages. */
export function dateOf(dueMs: number, { timeZone }: Surroundings): string {
  return localDate(dueMs, timeZone)
}

function listed(names: Iterable<string>): string {
  return [...names].join(', ')
}
