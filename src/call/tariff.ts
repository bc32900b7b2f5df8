import type { NumberClass } from '../model/phone-number.js'
import type { Plan } from '../model/plan.js'

/** Whether the plan covers a call, in the words of the CDR (spec C13). */
export type PlanType = 'priceplan' | 'outplan'

/**
 * What a forwarded leg costs the line that forwards (spec D8): an unlimited
 * allowance of calls to mobiles does not cover it, an allowance of hours does.
 */
export function planTypeOfForward(
  plan: Plan | undefined,
  destination: 'line' | NumberClass,
): PlanType {
  switch (destination) {
    case 'line':
    case 'freephone':
    case 'national':
      return 'priceplan'
    case 'mobile':
      return typeof plan?.mobile === 'object' ? 'priceplan' : 'outplan'
    case 'emergency':
    case 'special':
    case 'international':
    case 'closed':
      return 'outplan'
  }
}

/** Whether the plan covers a call that a line makes itself (spec A7.3, D8). */
export function planTypeOfCall(
  plan: Plan | undefined,
  destination: NumberClass,
): PlanType {
  switch (destination) {
    case 'freephone':
    case 'national':
      return 'priceplan'
    case 'mobile':
      return plan?.mobile === undefined ? 'outplan' : 'priceplan'
    case 'emergency':
    case 'special':
    case 'international':
    case 'closed':
      return 'outplan'
  }
}
