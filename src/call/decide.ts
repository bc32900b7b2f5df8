import { emergencyDialled } from '../model/emergency.js'
import { emergencyEnded, withEmergency } from './call-back.js'
import { isLikeCode, onCoded } from './coding.js'
import { contest, contestedBy } from './contested.js'
import type { Directory } from './directory.js'
import type { CallRecord, Effect } from './effect.js'
import type { Event, Snapshot } from './event.js'
import { withoutLine, withTalk } from './harm.js'
import { onPin } from './pin.js'
import { withoutGuard } from './pin-guard.js'
import { onArrival, onDeparture, onOutcome } from './questions.js'
import { reconcile } from './reconcile.js'
import { settle } from './settle.js'
import {
  convert,
  drop,
  emptyLedger,
  handOver,
  holding,
  legOf,
  note,
  release,
  take,
} from './slots.js'
import { type Decision, quiet, type State } from './state.js'
import { onTransfer } from './transfer.js'
import { VersionedMap } from './versioned-map.js'

/*
 * The core of a call.
 *
 * A call is one or more legs. The dialplan owns them: it dials, bridges and
 * hangs up. A leg that needs a decision enters Stasis with a question; what we
 * say goes back as one `continue` to a context that carries the whole answer.
 * In between nothing of the call lives here but its call slots and a record.
 *
 *   INVITE of a line      created(out)  departure ──► ring │ trunk │ intercom │ …
 *   the PIN of a locked line            pin       ──► ring │ trunk │ pin again │ …
 *   INVITE of a carrier                 arrival   ──► ring │ trunk │ voicemail │ …
 *   a dial without answer               outcome   ──► the next forward │ refuse
 *   a REFER of a line                   transfer  ──► ring │ trunk │ recall
 *   the rung phone's leg  created(in)   turns the reservation into a holding
 *   any leg's end         gone          gives back what it held and reserved
 *
 * `decide` is the only writer of the state. It reads no clock, waits for
 * nothing and throws only on a bug, in which case the old state still stands.
 * A slot is taken in the same step that says `ring`, so two calls for the last
 * slot cannot both pass (spec D1). What follows from the ledger, the beep and
 * the transfer gate, is settled after every event. Effects are performed in
 * their order.
 *
 * After a restart the state is empty; the first snapshot of Asterisk's
 * channels fills it again, and one every 30 s heals what lost events left.
 */

/** One event at the instant `at` (milliseconds, monotonic): the new state and what to do. */
export function decide(
  state: State,
  event: Event,
  at: number,
  directory: Directory,
): Decision {
  // Another site settles every line anew, as if nothing had been said of it.
  const before = event.kind === 'siteChanged' ? emptyLedger : state.ledger
  return contest(settle(before, decideAlone(state, event, at, directory), directory))
}

function decideAlone(
  state: State,
  event: Event,
  at: number,
  directory: Directory,
): Decision {
  // What is told of a leg after its end must not make it hold anything (I-C5).
  if ('leg' in event && state.ledger.ended.has(event.leg)) return quiet(state)
  switch (event.kind) {
    case 'departure':
      return onDeparture(unreserved(state, event.leg), event, at, directory)
    case 'pin':
      return onPin(unreserved(state, event.leg), event, at, directory)
    case 'arrival':
      return onArrival(unreserved(state, event.leg), event, at, directory)
    case 'outcome':
      return onOutcome(unreserved(state, event.leg), event, at, directory)
    case 'transfer':
      return onTransfer(unreserved(state, event.leg), event, at, directory)
    case 'created':
      return onCreated(state, event, at, directory)
    case 'answered':
      return onAnswered(state, event, at)
    case 'held':
      return quiet({
        ...state,
        ledger: note(state.ledger, event.leg, { held: true }, at),
      })
    case 'resumed':
      return quiet({
        ...state,
        ledger: note(state.ledger, event.leg, { held: false }, at),
      })
    case 'transferred':
      return onTransferred(state, event.leg, at)
    case 'gone':
      return onGone(state, event, at)
    case 'reopened':
      return quiet(reopened(state, event.line))
    case 'harmTerms':
      return quiet({ ...state, harmTerms: event.terms })
    case 'calledEmergency':
      return quiet(withEmergency(state, event.line, { leg: '', at: at - event.agoMs }))
    case 'coded':
      return onCoded(state, event)
    case 'missed':
      return quiet(unreserved(state, event.leg))
    case 'reachable':
      return onReachable(state, event, at)
    case 'siteChanged':
      return quiet(state)
    case 'snapshot':
      return onSnapshot(state, event, directory)
  }
}

/** An administrator has looked at the line: what it spent and guessed begins anew. */
function reopened(state: State, line: string): State {
  const { codeUse } = state
  return {
    ...state,
    tallies: withoutLine(state.tallies, line),
    codeUse: { ...codeUse, pins: withoutGuard(codeUse.pins, line) },
  }
}

/** A leg that asks is on its way to nobody: asked again, it must not meet itself. */
function unreserved(state: State, leg: string): State {
  return { ...state, ledger: drop(state.ledger, 'reservation', leg) }
}

function onCreated(
  state: State,
  { leg, line, direction, dialled }: Extract<Event, { kind: 'created' }>,
  at: number,
  { emergencyNumbers, codesCount }: Directory,
): Decision {
  // What it comes to is known when it asks: a pickup is a code, and a call.
  if (!codesCount && isLikeCode(dialled)) return quiet(state)
  const undisturbed = emergencyDialled(dialled, emergencyNumbers) !== undefined
  const created = holding('leg', { leg, line, direction, undisturbed }, at)
  const { ledger } = state
  const held = direction === 'in' ? convert(ledger, created) : take(ledger, created)
  const next = { ...state, ledger: held }
  return quiet(undisturbed ? withEmergency(next, line, { leg, at }) : next)
}

/** A phone that answers within this time of ringing has done so by itself (asterisk-facts §6). */
const BY_ITSELF_WITHIN_MS = 2_000

function onAnswered(
  state: State,
  { leg, line }: Extract<Event, { kind: 'answered' }>,
  at: number,
): Decision {
  const answered = note(state.ledger, leg, { answered: true }, at)
  const ledger = line === undefined ? answered : handOver(answered, leg, line, at)
  const noted = { ...state, ledger }
  const called = legOf(ledger, leg)
  // A carrier's leg is none of ours: there the caller's own tells of the answer.
  if (called?.by === undefined) return quiet(withAnswer(noted, leg, { answeredAt: at }))
  const byItself = called.undisturbed && at - called.since <= BY_ITSELF_WITHIN_MS
  return quiet(withAnswer(noted, called.by, { answeredAt: at, byItself }))
}

/** The first answer to a call is the one that counts. */
function withAnswer(
  state: State,
  leg: string,
  answer: Pick<CallRecord, 'answeredAt' | 'byItself'>,
): State {
  const call = state.calls.get(leg)
  if (!call || call.asksPin || call.answeredAt !== undefined) return state
  return { ...state, calls: state.calls.with(leg, { ...call, ...answer }) }
}

/** The transferred leg has long been up, so nothing else tells of a carrier's answer. */
function onTransferred(state: State, leg: string, at: number): Decision {
  const over = { ...state, ledger: drop(state.ledger, 'transfer', leg) }
  return quiet(withAnswer(over, leg, { answeredAt: at }))
}

function onGone(
  state: State,
  { leg, cause }: Extract<Event, { kind: 'gone' }>,
  at: number,
): Decision {
  const ledger = release(state.ledger, leg, at)
  const { emergencies } = emergencyEnded(state, leg, at)
  const call = state.calls.get(leg)
  if (!call) return quiet({ ...state, ledger, emergencies })
  const calls = state.calls.without(leg)
  const tallies = withTalk(state.tallies, call, at)
  const ended = { kind: 'ended', call, cause, endedAt: at } as const
  return {
    state: { ...state, ledger, calls, emergencies, tallies },
    effects: [{ kind: 'note', note: ended }],
  }
}

function onReachable(
  state: State,
  { line, reachable }: Extract<Event, { kind: 'reachable' }>,
  at: number,
): Decision {
  const unreachable = new Set(state.unreachable)
  if (reachable) unreachable.delete(line)
  else unreachable.add(line)
  const toldReachableAt = new Map(state.toldReachableAt).set(line, at)
  return quiet({ ...state, unreachable, toldReachableAt })
}

function onSnapshot(state: State, snapshot: Snapshot, directory: Directory): Decision {
  const { askedAt, channels, beeps, reachable } = snapshot
  const legs = snapshot.legs.flatMap(({ code, ...leg }) =>
    code && !directory.codesCount ? [] : [leg],
  )
  const seen = { ...snapshot, legs }
  const { ledger, released, adopted } = reconcile(state.ledger, askedAt, seen)
  const live = new Set(channels)
  const calls = [...state.calls].filter(
    ([leg, call]) => live.has(leg) || call.since >= askedAt,
  )
  const lost = [...state.calls.values()].filter(
    ({ leg, since, costs }) => costs && !live.has(leg) && since < askedAt,
  )
  const tallies = lost.reduce(
    (before, call) => withTalk(before, call, askedAt),
    state.tallies,
  )
  // A beep that a controller before us left has nobody who would end it.
  const strays = beeps.filter((leg) => !state.beeps.has(leg))
  const effects: Effect[] = strays.map((leg) => ({ kind: 'stopBeep', leg }))
  if (released > 0 || adopted > 0) {
    effects.push({ kind: 'note', note: { kind: 'healed', released, adopted } })
  }
  return {
    state: {
      ...state,
      ledger,
      contestedAt: contestedBy(state, snapshot),
      calls: VersionedMap.of(calls),
      tallies,
      ...(reachable &&
        reachability(state, askedAt, { reachable, lines: [...directory.lines.keys()] })),
    },
    effects,
  }
}

/** A line told to have come or gone since the list was asked for is as it was told. */
function reachability(
  { unreachable, toldReachableAt }: State,
  askedAt: number,
  { reachable, lines }: { reachable: readonly string[]; lines: readonly string[] },
): Pick<State, 'unreachable' | 'toldReachableAt'> {
  const listed = new Set(reachable)
  const since = new Map([...toldReachableAt].filter(([, at]) => at >= askedAt))
  const gone = (line: string): boolean =>
    since.has(line) ? unreachable.has(line) : !listed.has(line)
  return { unreachable: new Set(lines.filter(gone)), toldReachableAt: since }
}
