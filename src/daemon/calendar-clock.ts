import { z } from 'zod'

/** The environment variable that says where the calendar begins, to rehearse. */
export const CLOCK_VARIABLE = 'LINEKEEPER_CLOCK'

/**
 * What renewals and expiries go by. Nothing else does: calls, timeouts and
 * logs have the clock of the machine.
 */
export interface CalendarClock {
  /** Milliseconds since 1970, UTC. */
  now(): number
  /** Whether it shows another time than the machine's. */
  readonly rehearsed: boolean
}

/** With its offset: `2026-02-01T00:00:00` alone would be an hour early or late. */
const Start = z.iso.datetime({ offset: true })

/**
 * The calendar of this process. Given an instant, it begins there and runs on; without
 * one, it is the clock of the machine. Undefined when the text is no instant.
 */
export function calendarClock(start: string | undefined): CalendarClock | undefined {
  if (start === undefined) return { now: Date.now, rehearsed: false }
  const parsed = Start.safeParse(start.trim())
  if (!parsed.success) return undefined
  const startMs = Date.parse(parsed.data)
  // Not the machine's clock: setting that must not move the rehearsal.
  const began = performance.now()
  return {
    now: () => Math.floor(startMs + performance.now() - began),
    rehearsed: true,
  }
}
