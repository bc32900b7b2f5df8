/** Before, this program did not exist. */
const EARLIEST = Date.UTC(2026, 0, 1)
/** Asterisk's EPOCH is negative then (January 2038): the dialplan takes our heartbeat for dead. */
const LATEST = 2 ** 31 * 1_000

/**
 * Whether a clock can be right, in milliseconds since 1970 (row C09): a machine without
 * battery begins in 1970, a mistyped year is a century away. Calls work by either, but
 * records, renewals and expiries go by it.
 */
export function isPlausible(now: number): boolean {
  return now >= EARLIEST && now < LATEST
}
