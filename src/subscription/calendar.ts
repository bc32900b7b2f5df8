import { DateTime } from 'luxon'

/**
 * The renewal that follows an instant: the first instant of the next month where the
 * customer lives (spec D6). A request in that very instant belongs to the month that
 * begins. Milliseconds since 1970 in UTC, here and there.
 */
export function renewalAfter(atMs: number, timeZone: string): number {
  // The month first: a month that begins with a gap of the clock must not shift the next.
  const midnight = localTime(atMs, timeZone).plus({ months: 1 }).startOf('month')
  // Where the clock goes back at that very hour, midnight comes twice.
  const midnights = midnight.getPossibleOffsets().map((each) => each.toMillis())
  return Math.min(...midnights.filter((each) => each > atMs))
}

/** The same time of day so many days later, whatever the clocks do in between. */
export function daysAfter(atMs: number, days: number, timeZone: string): number {
  return localTime(atMs, timeZone).plus({ days }).toMillis()
}

/** The date of an instant where the customer lives, `2026-02-01`. */
export function localDate(atMs: number, timeZone: string): string {
  return localTime(atMs, timeZone).toFormat('yyyy-MM-dd')
}

/** Throws for a zone that does not exist: the site file has been checked for it. */
function localTime(atMs: number, timeZone: string): DateTime<true> {
  const local = DateTime.fromMillis(atMs, { zone: timeZone })
  if (local.isValid) return local
  throw new Error(`calendar: ${local.invalidExplanation ?? local.invalidReason}`)
}
