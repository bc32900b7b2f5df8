import type { Decided } from './decided.js'
import { costOf, depart } from './departure.js'
import { type Destination, dialledBy } from './destination.js'
import type { Directory } from './directory.js'
import type { CallRecord, Effect } from './effect.js'
import type { Question } from './event.js'
import { tooMuch } from './harm.js'
import { newCall, refused, routingOf, said } from './said.js'
import { drop, holding, inUse, take } from './slots.js'
import type { Decision, State } from './state.js'

/**
 * A line has transferred this leg (spec A4): the target passes its outgoing
 * rules, and its slot is held until somebody answers. What is refused comes back.
 */
export function onTransfer(
  state: State,
  question: Extract<Question, { kind: 'transfer' }>,
  at: number,
  directory: Directory,
): Decision {
  const { leg, transferor, dialled } = question
  const line = directory.lines.get(transferor)
  const call = newCall(leg, transferor, dialled, at)
  const ended = endedBefore(state, leg, at)
  if (!line) return andThen(refused(state, question, call, at), ended)

  const { destination, hideNumber } = dialledBy(line, dialled, directory)
  const used = inUse(drop(state.ledger, 'transfer', leg), transferor)
  const held = withTransferSlot(state, call, transferor, at)
  const shown = hideNumber ? { ...call, hidden: true as const } : call
  const routing = routingOf(held, directory, shown, at)
  const decided = depart({
    ...{ line, inUse: used, destination, routing, dialled },
    ...tooMuch(state, costOf({ line, destination }), leg, at),
  })
  // Nobody can be asked for a PIN here: the leg is another party's.
  const possible = mayBeTransferredTo(destination) && decided.answer.kind !== 'pin'
  const handed = possible ? decided : { ...decided, answer: NOWHERE }
  const way = question.consults ? handed : orRecall(handed, transferor)
  return andThen(said(held, question, way, shown, at), ended)
}

/**
 * Nobody is handed over to an emergency service, nor to a number that costs more
 * than a call (reliability §3.7, §3.8).
 */
function mayBeTransferredTo(destination: Destination): boolean {
  if (destination.kind === 'emergency') return false
  return destination.kind !== 'outside' || destination.class !== 'special'
}

const NOWHERE = { kind: 'refuse', cause: 'callRejected' } as const

/** The slot that a transfer takes on its line until the target answers (spec D1). */
export function withTransferSlot(
  state: State,
  { leg, to }: CallRecord,
  transferor: string,
  at: number,
): State {
  const slot = { leg, line: transferor, direction: 'out', with: to } as const
  return { ...state, ledger: take(state.ledger, holding('transfer', slot, at)) }
}

/** A transfer ends the call in which the leg was talking, and begins another. */
function endedBefore(state: State, leg: string, endedAt: number): Effect[] {
  const call = state.calls.get(leg)
  if (call?.answeredAt === undefined) return []
  return [
    { kind: 'note', note: { kind: 'ended', call, cause: NORMAL_CLEARING, endedAt } },
  ]
}

/** Q.850 */
const NORMAL_CLEARING = 16

function andThen({ state, effects }: Decision, more: readonly Effect[]): Decision {
  return { state, effects: [...effects, ...more] }
}

/** Only a call that rings somewhere is a transfer; the rest comes back (spec A4). */
export function orRecall(decided: Decided, transferor: string): Decided {
  const { kind } = decided.answer
  if (kind === 'ring' || kind === 'trunk' || kind === 'voicemail') return decided
  return {
    ...decided,
    answer: { kind: 'recall', line: transferor, seconds: RECALL_SECONDS },
  }
}

const RECALL_SECONDS = 30
