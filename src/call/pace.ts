import { PACE } from '../model/pace.js'
import { type Decided, lastStep } from './decided.js'
import type { Effect } from './effect.js'
import { type Decision, quiet, type State } from './state.js'
import type { VersionedMap } from './versioned-map.js'

/*
 * How fast a line may begin calls (row S13). No person dials five a second, nor does a
 * dialler that is meant well; a phone gone wild or taken over would else give the dialplan
 * and the carrier as many as its processor can make. Emergency calls are not counted, nor
 * are calls from outside: a carrier brings those of everybody.
 */

/** A line that goes on too fast is told of once in this time. */
const TELL_AGAIN_MS = 60_000

/** What a line may still begin, in milliseconds of the monotonic clock. */
export interface Pace {
  /** Calls, and the part of one that has come back since. */
  readonly left: number
  readonly at: number
  /** When it was last told of. */
  readonly toldAt?: number
}

/** By line; one that has never called may begin all. */
export type Paces = VersionedMap<string, Pace>

/** Whether the line has begun more calls of late than it may. */
export function tooFast(
  { paces }: Pick<State, 'paces'>,
  line: string,
  at: number,
): { readonly tooFast?: true } {
  return leftAt(paces.get(line), at) < 1 ? { tooFast: true } : {}
}

/** Counts a call that the line has begun; of one too many, somebody is told. */
export function withBegun(
  state: State,
  line: string,
  decided: Decided,
  at: number,
): Decision {
  if (decided.steps[0]?.step === 'emergency') return quiet(state)
  const known = state.paces.get(line)
  const left = leftAt(known, at)
  const { toldAt } = known ?? {}
  if (lastStep(decided) !== 'tooFast') {
    const next = { left: left - 1, at, ...(toldAt !== undefined && { toldAt }) }
    return quiet({ ...state, paces: state.paces.with(line, next) })
  }
  if (toldAt !== undefined && at - toldAt < TELL_AGAIN_MS) return quiet(state)
  const paces = state.paces.with(line, { left, at, toldAt: at })
  const effects: Effect[] = [{ kind: 'note', note: { kind: 'tooFast', line } }]
  return { state: { ...state, paces }, effects }
}

function leftAt(pace: Pace | undefined, at: number): number {
  if (!pace) return PACE.atOnce
  const back = ((at - pace.at) / 1_000) * PACE.callsASecond
  return Math.min(PACE.atOnce, pace.left + back)
}
