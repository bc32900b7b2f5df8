import { type Logger, pino } from 'pino'

/**
 * The program's log: JSON lines on stderr, so that stdout is for results. What is
 * logged never holds a secret: passwords are `Secret` values, which print `***`.
 */
export function newLog(level: string): Logger {
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination(2),
  )
}

/** `--log-level`, for the commands that run on. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const
