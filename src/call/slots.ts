/**
 * The ledger of call slots: one record for each leg of a line (a *holding*)
 * and for each call on its way to one (a *reservation*). Never a counter: what
 * is in use is counted from the records, so nothing can leak by a lost
 * decrement (spec A2, reliability rule 1).
 */
export interface Holding {
  /** The leg that holds the slot; for a reservation, the calling leg. */
  readonly leg: string
  readonly line: string
  readonly kind: 'leg' | 'reservation'
  /** As the line sees it. */
  readonly direction: 'in' | 'out'
  /** The other party's number, where it is known. */
  readonly with?: string
  /** Milliseconds of the monotonic clock: when the slot was taken. */
  readonly since: number
  /** When the record last changed; a snapshot asked earlier says nothing about it. */
  readonly changedAt: number
}

export interface Ledger {
  /** By leg. One leg never holds and reserves at once on the same key: see `keyOf`. */
  readonly holdings: ReadonlyMap<string, Holding>
  /** Legs seen to end, with the instant: a snapshot asked before must not adopt them. */
  readonly ended: ReadonlyMap<string, number>
}

export const emptyLedger: Ledger = { holdings: new Map(), ended: new Map() }

/** A calling leg holds a slot of its own line and may reserve one of another. */
function keyOf(holding: Pick<Holding, 'leg' | 'kind'>): string {
  return `${holding.kind} ${holding.leg}`
}

/** Slots of a line in use, not counting those of the leg that asks. */
export function inUse(ledger: Ledger, line: string, asking?: string): number {
  let count = 0
  for (const holding of ledger.holdings.values()) {
    if (holding.line === line && holding.leg !== asking) count += 1
  }
  return count
}

export function holdingsOf(ledger: Ledger, line: string): Holding[] {
  return [...ledger.holdings.values()].filter((holding) => holding.line === line)
}

/** Takes a slot; taking it again for the same leg only renews what is known of it. */
export function take(ledger: Ledger, holding: Holding): Ledger {
  const key = keyOf(holding)
  const held = ledger.holdings.get(key)
  const since = held?.line === holding.line ? held.since : holding.since
  return {
    ...ledger,
    holdings: new Map(ledger.holdings).set(key, { ...held, ...holding, since }),
  }
}

/** Gives a reservation back; unknown ones change nothing (I-S2). */
export function dropReservation(ledger: Ledger, leg: string): Ledger {
  return without(ledger, [keyOf({ leg, kind: 'reservation' })])
}

/** Gives the leg's own slot back while the leg lives on: its call was refused (D1: 0). */
export function dropLeg(ledger: Ledger, leg: string): Ledger {
  return without(ledger, [keyOf({ leg, kind: 'leg' })])
}

/** The leg is gone: all it held and reserved is free, once (I-S2). */
export function release(ledger: Ledger, leg: string, at: number): Ledger {
  const freed = without(ledger, [
    keyOf({ leg, kind: 'leg' }),
    keyOf({ leg, kind: 'reservation' }),
  ])
  return { ...freed, ended: new Map(freed.ended).set(leg, at) }
}

/**
 * The rung leg of a line exists: the oldest reservation of that line becomes
 * its holding. Without one (degraded path, restart) the leg is simply held.
 */
export function convert(ledger: Ledger, leg: Holding): Ledger {
  const reservation = [...ledger.holdings.values()].find(
    (holding) => holding.kind === 'reservation' && holding.line === leg.line,
  )
  if (!reservation) return take(ledger, leg)
  const kept = without(ledger, [keyOf(reservation)])
  const known = reservation.with === undefined ? {} : { with: reservation.with }
  return take(kept, { ...leg, ...known, since: reservation.since })
}

function without(ledger: Ledger, keys: readonly string[]): Ledger {
  if (!keys.some((key) => ledger.holdings.has(key))) return ledger
  const holdings = new Map(ledger.holdings)
  for (const key of keys) holdings.delete(key)
  return { ...ledger, holdings }
}
