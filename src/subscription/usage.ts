import { type CallDetail, talkSeconds } from '../model/call-detail.js'
import type { Plan } from '../model/plan.js'

/** What a line has used of its allowance of calls to mobiles. */
export interface MobileUsage {
  /** Null: without limit; 0: the plan has none. */
  readonly allowedSeconds: number | null
  readonly usedSeconds: number
  /** What is beyond the allowance, or not covered by it. */
  readonly outOfPlanSeconds: number
}

/**
 * Counts the seconds that a line's calls to mobiles take from its hours (spec A7.3, D8).
 * A call that it forwarded counts as one that it made, except under an unlimited plan,
 * which does not cover it. `details` are the calls of one month.
 */
export function mobileUsage(
  line: string,
  plan: Pick<Plan, 'mobile'>,
  details: readonly CallDetail[],
): MobileUsage {
  let covered = 0
  let outside = 0
  const charge = (planType: string | null, seconds: number): void => {
    if (planType === 'priceplan') covered += seconds
    else outside += seconds
  }
  for (const detail of details) {
    const seconds = talkSeconds(detail)
    if (detail.line === line && detail.destination === 'mobile')
      charge(detail.planType, seconds)
    for (const { by, destination, planType } of detail.forwards)
      if (by === line && destination === 'mobile') charge(planType, seconds)
  }
  if (plan.mobile === 'unlimited')
    return { allowedSeconds: null, usedSeconds: covered, outOfPlanSeconds: outside }
  const allowedSeconds = (plan.mobile?.hours ?? 0) * 3_600
  const beyond = Math.max(0, covered - allowedSeconds)
  return {
    allowedSeconds,
    usedSeconds: covered - beyond,
    outOfPlanSeconds: outside + beyond,
  }
}
