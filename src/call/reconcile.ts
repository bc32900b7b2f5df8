import type { LiveLeg, Snapshot } from './event.js'
import {
  convert,
  drop,
  type Holding,
  holding,
  holdingsOf,
  type Ledger,
  legOf,
  put,
} from './slots.js'
import { VersionedMap } from './versioned-map.js'

/** What a snapshot put right. */
export interface Reconciled {
  readonly ledger: Ledger
  readonly released: number
  readonly adopted: number
}

/** What a leg waits for comes in milliseconds; after this it was lost. */
const RESERVATION_GRACE_MS = 2_000

/** Reserved for so long, a leg that nobody told us of is what it was reserved for. */
const UNHEARD_AFTER_MS = 500

/** No dial rings longer: a transfer that has not ended by then has, and we were not told. */
const LONGEST_DIAL_MS = 200_000

/**
 * Makes the ledger agree with Asterisk's own list (M5 of reliability.md). The
 * list shows the instant it was asked for, so it says nothing about records
 * changed since, nor about legs that ended since (the T0 rule). Where they agree,
 * the ledger stays as it is: that is so every few seconds.
 */
export function reconcile(
  ledger: Ledger,
  askedAt: number,
  { legs, channels, first }: Pick<Snapshot, 'legs' | 'channels' | 'first'>,
): Reconciled {
  const live = new Set(channels)
  let healed = ledger
  let released = 0
  for (const held of ledger.holdings.values()) {
    if (!isStale(held, live, askedAt)) continue
    healed = drop(healed, held.kind, held.leg)
    released += 1
  }
  let adopted = 0
  const awaited = new Set<Holding>()
  for (const leg of legs) {
    const held = legOf(healed, leg.leg)
    if (held) {
      const { answered, line } = leg
      const isSo = held.answered === answered && held.line === line
      if (held.changedAt < askedAt && !isSo)
        healed = put(healed, { ...held, answered, line })
    } else if (!ledger.ended.has(leg.leg)) {
      const reserved = reservationFor(healed, leg, awaited)
      if (reserved && !first && askedAt - reserved.changedAt <= UNHEARD_AFTER_MS) {
        awaited.add(reserved)
        continue
      }
      const found = holding('leg', { ...leg, adopted: true }, askedAt)
      healed = reserved ? convert(healed, found) : put(healed, found)
      adopted += 1
    }
  }
  // A leg that ended before this list was asked for cannot be in a later one.
  const ended = [...ledger.ended].filter(([, at]) => at >= askedAt)
  return { ledger: { ...healed, ended: VersionedMap.of(ended) }, released, adopted }
}

/**
 * What was reserved for a rung leg, whose place it takes, or the line would count both. A
 * list may overtake the event that tells of the leg: reserved a moment ago, the slot is
 * counted, and the event comes. Of those that a first list shows nobody will tell. One may be
 * a call of the degraded path, and what was reserved still to come: that is contested
 * (contested.ts).
 */
function reservationFor(
  ledger: Ledger,
  { line, direction }: LiveLeg,
  awaited: ReadonlySet<Holding>,
): Holding | undefined {
  if (direction === 'out') return undefined
  return holdingsOf(ledger, line).find(
    (held) => held.kind === 'reservation' && !awaited.has(held),
  )
}

function isStale(held: Holding, live: ReadonlySet<string>, askedAt: number): boolean {
  if (held.changedAt >= askedAt) return false
  if (!live.has(held.leg)) return true
  const age = askedAt - held.changedAt
  if (held.kind === 'transfer') return age > LONGEST_DIAL_MS
  return held.kind === 'reservation' && age > RESERVATION_GRACE_MS
}
