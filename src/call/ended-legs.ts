/**
 * The legs seen to end, with the instant, until a list asked for later says the same.
 * In two parts, because half a minute of busy calls is thousands of legs: at each hang-up
 * only the recent ones are copied.
 */
export interface EndedLegs {
  readonly older: ReadonlyMap<string, number>
  readonly recent: ReadonlyMap<string, number>
}

const MOST_RECENT = 64

export const noneEnded: EndedLegs = { older: new Map(), recent: new Map() }

export function hasEnded({ older, recent }: EndedLegs, leg: string): boolean {
  return recent.has(leg) || older.has(leg)
}

export function withEnded(
  { older, recent }: EndedLegs,
  leg: string,
  at: number,
): EndedLegs {
  if (recent.size < MOST_RECENT) return { older, recent: new Map(recent).set(leg, at) }
  return { older: new Map([...older, ...recent]), recent: new Map([[leg, at]]) }
}

/** Without those that ended earlier. */
export function endedSince({ older, recent }: EndedLegs, instant: number): EndedLegs {
  const all = [...older, ...recent]
  return { older: new Map(all.filter(([, at]) => at >= instant)), recent: new Map() }
}
