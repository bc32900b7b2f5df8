import { VersionedMap } from './versioned-map.js'

/**
 * The ledger of call slots: one record for each leg of a line (a *holding*)
 * and for each call on its way to one (a *reservation*). Never a counter: what
 * is in use is counted from the records, so nothing can leak by a lost
 * decrement (spec A2, reliability rule 1).
 */
export interface Holding {
  /** The leg that holds the slot; for the other kinds the leg it is held for. */
  readonly leg: string
  readonly line: string
  /**
   * `reservation`: the leg is being connected to the line. `transfer`: the line
   * has transferred the leg, and nobody has answered yet (spec D1).
   */
  readonly kind: 'leg' | 'reservation' | 'transfer'
  /** As the line sees it. */
  readonly direction: 'in' | 'out'
  /** The other party's number, where it is known. */
  readonly with?: string
  /** For an incoming leg: the leg that calls. */
  readonly by?: string
  readonly answered: boolean
  readonly held: boolean
  /** It came while the line was in conversation (spec A3). */
  readonly waiting: boolean
  /** An intercom or emergency call: nothing may beep into it. */
  readonly undisturbed: boolean
  /** Found in Asterisk's list: what a controller before us did to it is not known. */
  readonly adopted: boolean
  /** Milliseconds of the monotonic clock: when the slot was taken. */
  readonly since: number
  /** When the record last changed; a snapshot asked earlier says nothing about it. */
  readonly changedAt: number
}

export interface Ledger {
  /** By kind and leg. */
  readonly holdings: VersionedMap<string, Holding>
  /** The same records by line, each line's in the order in which they were taken. */
  readonly byLine: VersionedMap<string, readonly Holding[]>
  /** Legs seen to end, with the instant: a snapshot asked before must not adopt them. */
  readonly ended: VersionedMap<string, number>
}

export const emptyLedger: Ledger = ledgerOf([])

type Kind = Holding['kind']

/** A ledger of these records. */
export function ledgerOf(
  held: Iterable<Holding>,
  ended: Iterable<readonly [leg: string, at: number]> = [],
): Ledger {
  const holdings = new Map<string, Holding>()
  const byLine = new Map<string, Holding[]>()
  for (const each of held) {
    holdings.set(keyOf(each.kind, each.leg), each)
    const others = byLine.get(each.line)
    if (others) others.push(each)
    else byLine.set(each.line, [each])
  }
  return {
    holdings: VersionedMap.of(holdings),
    byLine: VersionedMap.of(byLine),
    ended: VersionedMap.of(ended),
  }
}

/** A calling leg holds a slot of its own line and may reserve one of another. */
function keyOf(kind: Kind, leg: string): string {
  return `${kind} ${leg}`
}

/** A record with nothing known yet but whose it is. */
export function holding(
  kind: Kind,
  of: Pick<Holding, 'leg' | 'line' | 'direction'> & Partial<Holding>,
  at: number,
): Holding {
  return {
    kind,
    answered: false,
    held: false,
    waiting: false,
    undisturbed: false,
    adopted: false,
    since: at,
    changedAt: at,
    ...of,
  }
}

export function legOf(ledger: Ledger, leg: string): Holding | undefined {
  return ledger.holdings.get(keyOf('leg', leg))
}

/** Slots of a line in use, not counting the leg that asks. */
export function inUse(ledger: Ledger, line: string, asking?: string): number {
  let count = 0
  for (const { kind, leg } of holdingsOf(ledger, line)) {
    if (kind !== 'leg' || leg !== asking) count += 1
  }
  return count
}

export function holdingsOf(ledger: Ledger, line: string): readonly Holding[] {
  return ledger.byLine.get(line) ?? NONE
}

const NONE: readonly Holding[] = []

/** Legs that ring a phone, the longest first; an intercom call is nobody else's (A8). */
export function ringing({ holdings }: Ledger): Holding[] {
  return [...holdings.values()]
    .filter(
      ({ kind, direction, answered, undisturbed }) =>
        kind === 'leg' && direction === 'in' && !answered && !undisturbed,
    )
    .toSorted((a, b) => a.since - b.since)
}

/** The leg is another line's from now on: it took the call over (spec B1.6). */
export function handOver(ledger: Ledger, leg: string, line: string, at: number): Ledger {
  const held = legOf(ledger, leg)
  if (!held || held.line === line) return ledger
  const moved = { ...held, line, waiting: false, changedAt: at }
  return put(ledger, moved)
}

/** Takes a slot; taking it again for the same leg only renews what is known of it. */
export function take(ledger: Ledger, taken: Holding): Ledger {
  const held = ledger.holdings.get(keyOf(taken.kind, taken.leg))
  const since = held?.line === taken.line ? held.since : taken.since
  const answered = taken.answered || held?.answered === true
  return put(ledger, { ...held, ...taken, since, answered })
}

/** What became known of a leg; of one that holds nothing, nothing. */
export function note(
  ledger: Ledger,
  leg: string,
  known: Partial<Pick<Holding, 'answered' | 'held'>>,
  at: number,
): Ledger {
  const held = legOf(ledger, leg)
  if (!held) return ledger
  return put(ledger, { ...held, ...known, changedAt: at })
}

/** Gives back one kind of record of a leg that lives on; unknown ones change nothing (I-S2). */
export function drop(ledger: Ledger, kind: Kind, leg: string): Ledger {
  return without(ledger, kind, leg)
}

/** The leg is gone: all it held and reserved is free, once (I-S2). */
export function release(ledger: Ledger, leg: string, at: number): Ledger {
  const freed = KINDS.reduce((rest, kind) => without(rest, kind, leg), ledger)
  return { ...freed, ended: freed.ended.with(leg, at) }
}

const KINDS = ['leg', 'reservation', 'transfer'] as const

/**
 * The rung leg of a line exists: the oldest reservation of that line becomes
 * its holding. Without one (degraded path, restart) the leg is simply held. Told
 * twice, or after a list has found it, it must not take the reservation of the next call.
 */
export function convert(ledger: Ledger, created: Holding): Ledger {
  const known = legOf(ledger, created.leg)
  if (known?.by !== undefined) return ledger
  const reserved = holdingsOf(ledger, created.line).find(
    ({ kind, since }) => kind === 'reservation' && (!known || since < known.since),
  )
  if (!reserved) return take(ledger, created)
  const kept = drop(ledger, 'reservation', reserved.leg)
  const { waiting, undisturbed, since } = reserved
  const other = reserved.with === undefined ? {} : { with: reserved.with }
  return take(kept, {
    ...created,
    ...other,
    by: reserved.leg,
    waiting,
    undisturbed,
    since,
  })
}

/** The record as it is given, whatever was known of its leg. */
export function put(ledger: Ledger, held: Holding): Ledger {
  const key = keyOf(held.kind, held.leg)
  const former = ledger.holdings.get(key)
  const moves = former !== undefined && former.line !== held.line
  const { holdings, byLine, ended } = moves
    ? without(ledger, held.kind, held.leg)
    : ledger
  const others = byLine.get(held.line) ?? NONE
  const ofLine =
    former && !moves
      ? others.map((each) => (each === former ? held : each))
      : [...others, held]
  return {
    holdings: holdings.with(key, held),
    byLine: byLine.with(held.line, ofLine),
    ended,
  }
}

function without(ledger: Ledger, kind: Kind, leg: string): Ledger {
  const key = keyOf(kind, leg)
  const held = ledger.holdings.get(key)
  if (!held) return ledger
  const rest = holdingsOf(ledger, held.line).filter((each) => each !== held)
  const { line } = held
  return {
    holdings: ledger.holdings.without(key),
    byLine:
      rest.length > 0 ? ledger.byLine.with(line, rest) : ledger.byLine.without(line),
    ended: ledger.ended,
  }
}
