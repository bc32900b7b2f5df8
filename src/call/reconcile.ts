import type { LiveLeg } from './event.js'
import type { Holding, Ledger } from './slots.js'

/** What a snapshot put right. */
export interface Reconciled {
  readonly ledger: Ledger
  readonly released: number
  readonly adopted: number
}

/** A reservation whose calling leg lives may wait this long for its leg. */
const RESERVATION_GRACE_MS = 5_000

/**
 * Makes the ledger agree with Asterisk's own list (M5 of reliability.md). The
 * list shows the instant it was asked for, so it says nothing about records
 * changed since, nor about legs that ended since (the T0 rule).
 */
export function reconcile(
  ledger: Ledger,
  askedAt: number,
  legs: readonly LiveLeg[],
): Reconciled {
  const live = new Set(legs.map((leg) => leg.leg))
  const holdings = new Map<string, Holding>()
  let released = 0
  for (const [key, holding] of ledger.holdings) {
    if (isStale(holding, live, askedAt)) released += 1
    else holdings.set(key, holding)
  }
  let adopted = 0
  for (const leg of legs) {
    const key = `leg ${leg.leg}`
    if (holdings.has(key) || ledger.ended.has(leg.leg)) continue
    holdings.set(key, { ...leg, kind: 'leg', since: askedAt, changedAt: askedAt })
    adopted += 1
  }
  // A leg that ended before this list was asked for cannot be in a later one.
  const ended = new Map([...ledger.ended].filter(([, at]) => at >= askedAt))
  return { ledger: { holdings, ended }, released, adopted }
}

function isStale(holding: Holding, live: ReadonlySet<string>, askedAt: number): boolean {
  if (holding.changedAt >= askedAt) return false
  if (holding.kind === 'leg') return !live.has(holding.leg)
  return askedAt - holding.changedAt > RESERVATION_GRACE_MS
}
