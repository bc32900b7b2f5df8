import type { LiveLeg } from './event.js'
import { type Holding, holding, type Ledger, ledgerOf } from './slots.js'

/** What a snapshot put right. */
export interface Reconciled {
  readonly ledger: Ledger
  readonly released: number
  readonly adopted: number
}

/** What a leg waits for comes in milliseconds; after this it was lost. */
const RESERVATION_GRACE_MS = 5_000

/** No dial rings longer: a transfer that has not ended by then has, and we were not told. */
const LONGEST_DIAL_MS = 200_000

/**
 * Makes the ledger agree with Asterisk's own list (M5 of reliability.md). The
 * list shows the instant it was asked for, so it says nothing about records
 * changed since, nor about legs that ended since (the T0 rule).
 */
export function reconcile(
  ledger: Ledger,
  askedAt: number,
  { legs, channels }: { legs: readonly LiveLeg[]; channels: readonly string[] },
): Reconciled {
  const live = new Set(channels)
  const holdings = new Map<string, Holding>()
  let released = 0
  for (const [key, held] of ledger.holdings) {
    if (isStale(held, live, askedAt)) released += 1
    else holdings.set(key, held)
  }
  let adopted = 0
  for (const leg of legs) {
    const key = `leg ${leg.leg}`
    const held = holdings.get(key)
    if (held) {
      const { answered, line } = leg
      if (held.changedAt < askedAt) holdings.set(key, { ...held, answered, line })
    } else if (!ledger.ended.has(leg.leg)) {
      holdings.set(key, holding('leg', { ...leg, adopted: true }, askedAt))
      adopted += 1
    }
  }
  // A leg that ended before this list was asked for cannot be in a later one.
  const ended = [...ledger.ended].filter(([, at]) => at >= askedAt)
  return { ledger: ledgerOf(holdings.values(), ended), released, adopted }
}

function isStale(held: Holding, live: ReadonlySet<string>, askedAt: number): boolean {
  if (held.changedAt >= askedAt) return false
  if (!live.has(held.leg)) return true
  const age = askedAt - held.changedAt
  if (held.kind === 'transfer') return age > LONGEST_DIAL_MS
  return held.kind === 'reservation' && age > RESERVATION_GRACE_MS
}
