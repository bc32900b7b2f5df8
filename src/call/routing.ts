import type { Line } from '../model/line.js'
import type { ForwardKind } from './answer.js'
import type { Decided } from './decided.js'
import type { Directory } from './directory.js'
import type { Cost, HarmLimit } from './harm.js'
import type { Holding } from './slots.js'

/** A caller who hides his number. */
export const HIDDEN = ''

/** A caller of whom nothing is known, not even that he hides. */
export const SOMEBODY = 'somebody'

/** What is known about the system when a call looks for its way. */
export interface Routing {
  readonly directory: Directory
  /** Call slots of a line in use, the asking leg's own not counted. */
  readonly inUse: (line: string) => number
  readonly reachable: (line: string) => boolean
  /** Whether the line has called an emergency number within the hour (reliability §3.7). */
  readonly calledEmergency: (line: string) => boolean
  /** The limit on harm that one more call of this cost would go over (reliability §3.8). */
  readonly tooMuch: (cost: Cost) => HarmLimit | undefined
  /** Legs that ring and that another line may take over, the one that rings longest first. */
  readonly ringing: () => readonly Pick<Holding, 'leg' | 'line'>[]
  /** Calls of the same caller that a line has sent outside and nobody has answered yet. */
  readonly sentOutside: (line: string) => number
  /** What a line does with a call: the list that a forward begins anew at its target. */
  readonly arrive: (line: Line, routing: Routing) => Decided
  /** Who calls: a line's number, or what a carrier shows; empty when hidden. */
  readonly caller: string
  /** The caller is a line that hides its number, for good or for this call (spec C3). */
  readonly hidden?: true
  /** Lines that have forwarded this call, in order (spec D4). */
  readonly forwardedBy: readonly string[]
  /** The last forward, when the call comes by one. */
  readonly forwarded?: { readonly by: string; readonly kind: ForwardKind }
}

/** Whether the called party may not know who calls (spec C3, B1.6). */
export function hides({ caller, hidden }: Routing): boolean {
  return caller === HIDDEN || hidden === true
}

/** What an answer says of a line that hides. */
export function hiddenIn({ hidden }: Pick<Routing, 'hidden'>): {
  readonly hidden?: true
} {
  return hidden ? { hidden } : {}
}

/** A call goes through this many forwards and no more (PROP of spec D4, ISDN's limit). */
export const MAX_HOPS = 5

/**
 * A forward outside may come back by another number's forward there, again and again, and
 * no carrier need tell (reliability T31). So many calls of one caller that a line has sent
 * outside and nobody answers are taken for such a loop; the next is refused.
 */
export const MAX_SENT_OUTSIDE = 10
