import { DateTime } from 'luxon'
import type { HarmTerms } from '../call/harm.js'
import { HarmSection } from '../model/harm-terms.js'
import type { Site } from '../model/site.js'
import { cents } from '../subscription/money.js'

/** What the limits on harm are at an instant: the rules of a call know no clock. */
export function harmTermsAt({ site, limits }: Site, nowMs: number): HarmTerms {
  const { night, moneyADay, prices } = limits ?? HarmSection.parse({})
  const local = DateTime.fromMillis(nowMs, { zone: site.timeZone })
  return {
    night: isWithin(night, local.hour * 60 + local.minute),
    centsAMinute: {
      special: cents(prices.special),
      international: cents(prices.international),
    },
    ...(moneyADay !== undefined && { centsADay: cents(moneyADay) }),
  }
}

/** `20:00-07:00`, which goes over midnight, or `none`. */
function isWithin(span: string, minute: number): boolean {
  if (span === 'none') return false
  const [from = 0, to = 0] = span.split('-').map((time) => {
    const [hours = 0, minutes = 0] = time.split(':').map(Number)
    return hours * 60 + minutes
  })
  return from <= to ? minute >= from && minute < to : minute >= from || minute < to
}
