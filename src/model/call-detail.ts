/** What a number leads to, in the words of the call records (spec C13). */
export type DetailDestination =
  | 'line'
  | 'service'
  | 'emergency'
  | 'national'
  | 'freephone'
  | 'mobile'
  | 'special'
  | 'international'
  | 'closed'

/** A leg that was rung: a line's phone, or a carrier. */
export interface DetailLeg {
  /** Asterisk's id; empty for a carrier's leg, which is not followed. */
  readonly leg: string
  /** A line's number, or the name of a trunk. */
  readonly endpoint: string
  readonly startedAt: number
  readonly answeredAt?: number
  readonly endedAt?: number
}

/** A forward: a call of its own, charged to the line that forwarded (spec D8). */
export interface DetailForward {
  readonly by: string
  readonly kind: string
  readonly to: string
  readonly destination: DetailDestination
  readonly planType: 'priceplan' | 'outplan'
}

/** One call, as it is kept. Instants are milliseconds since 1970. */
export interface CallDetail {
  /** Asterisk's id of the calling leg, and `/2` … when a transfer made it call again. */
  readonly id: string
  readonly leg: string
  /** `transfer`: made by a line that transferred the leg. */
  readonly direction: 'incoming' | 'outgoing' | 'internal' | 'transfer'
  /** The line that made the call and pays for it; null for a call from outside. */
  readonly line: string | null
  /** A line, or the number a carrier shows; null when hidden. */
  readonly from: string | null
  /** As it was dialled. */
  readonly to: string
  /** The line that this number is of, whether it was rung or not; records of old lack it. */
  readonly called?: string | null
  readonly destination: DetailDestination
  /** Null where nothing is charged. */
  readonly planType: 'priceplan' | 'outplan' | null
  readonly legs: readonly DetailLeg[]
  readonly forwards: readonly DetailForward[]
  /** The steps that decided, in order; the last one says why a call was refused. */
  readonly steps: readonly string[]
  readonly startedAt: number
  readonly answeredAt: number | null
  /** Null while it goes on. */
  readonly endedAt: number | null
  /** Q.850; null when the end itself was not heard of. */
  readonly cause: number | null
  /** Who saw it: the controller, or only Asterisk, while the controller was away. */
  readonly source: 'controller' | 'asterisk'
  /** How many calls of its line it stands for; absent: one. See `floods.ts`. */
  readonly calls?: number
}

/** How long it was talked, in whole seconds: what is billed. */
export function talkSeconds({ answeredAt, endedAt }: CallDetail): number {
  if (answeredAt === null || endedAt === null) return 0
  return Math.max(0, Math.round((endedAt - answeredAt) / 1000))
}

/** Every line a call has to do with: it is in the record of each. */
export function linesOf({ line, called, legs, forwards }: CallDetail): string[] {
  const rung = legs.map(({ endpoint }) => endpoint).filter((name) => /^\d+$/.test(name))
  const all = [line, called, ...rung, ...forwards.map(({ by }) => by)]
  return [...new Set(all.filter((number) => typeof number === 'string'))]
}
