import {
  type CalendarClock,
  CLOCK_VARIABLE,
  calendarClock,
} from '../daemon/calendar-clock.js'
import { EnvironmentError } from '../instance/environment-error.js'

/** The calendar that the environment asks for. Throws EnvironmentError for no instant. */
export function calendarOfEnvironment(): CalendarClock {
  const calendar = calendarClock(process.env[CLOCK_VARIABLE])
  if (calendar) return calendar
  throw new EnvironmentError(
    'clock.format',
    `${CLOCK_VARIABLE} is no instant. Write it like 2026-01-31T23:59:50+01:00`,
  )
}
