import type { Answer } from './answer.js'
import type { Effect } from './effect.js'
import type { Snapshot } from './event.js'
import type { Decision, State } from './state.js'

/*
 * When we come back, the dialplan still lets in calls by itself: those whose two seconds
 * end just now (M2), and those that have found a free slot in the groups and whose rung
 * leg, by which we know of them, is not there yet. And of what we let in its groups know
 * nothing until our answer is carried out. For so long a free call slot in the ledger is
 * only half the truth, and our answers pass by the groups, which both sides keep
 * (spec D1): of two calls for the last slot exactly one gets it.
 */

/** So long after a list that showed such calls, none that it did not show is left. */
const OVER_AFTER_MS = 1_000

/** When a list last showed that the dialplan lets in calls by itself, if it still may. */
export function contestedBy(
  { contestedAt }: State,
  { askedAt, first, degraded }: Snapshot,
): number | undefined {
  const shown = first || degraded
  if (contestedAt === undefined) return shown && askedAt
  // Lists may overtake each other.
  if (shown) return Math.max(contestedAt, askedAt)
  return askedAt - contestedAt < OVER_AFTER_MS ? contestedAt : undefined
}

/** Marks what takes a call slot while the degraded path takes some as well. */
export function contest(decision: Decision): Decision {
  const { state, effects } = decision
  if (state.contestedAt === undefined) return decision
  return { state, effects: effects.map(contested) }
}

function contested(effect: Effect): Effect {
  const takes = effect.kind === 'continue' && CONTESTED.has(effect.answer.kind)
  return takes ? { ...effect, contested: true } : effect
}

/** Each has a context of its own for it (templates/extensions/contested.conf.hbs). */
const CONTESTED: ReadonlySet<Answer['kind']> = new Set(['ring', 'intercom', 'trunk'])
