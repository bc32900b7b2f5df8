import type { Line } from '../model/line.js'
import { arrive } from './arrival.js'
import { CAUSES } from './cause.js'
import { withoutPin } from './codes.js'
import { codingOf, storedFirst } from './coding.js'
import { type Decided, lastStep } from './decided.js'
import { costOf, type Departing, depart } from './departure.js'
import { destinationOf, dialledBy } from './destination.js'
import type { Directory } from './directory.js'
import type { CallRecord, Note } from './effect.js'
import type { Question } from './event.js'
import { tooMuch } from './harm.js'
import { conclude } from './outcome.js'
import { tooFast, withBegun } from './pace.js'
import { type Routing, SOMEBODY } from './routing.js'
import { newCall, refused, routingOf, said } from './said.js'
import { drop, holding, inUse, take } from './slots.js'
import { type Decision, quiet, type State } from './state.js'
import { orRecall, withTransferSlot } from './transfer.js'

type Asked<Kind extends Question['kind']> = Extract<Question, { kind: Kind }>

/** A line dials (spec D5). */
export function onDeparture(
  state: State,
  question: Asked<'departure'>,
  at: number,
  directory: Directory,
): Decision {
  const { leg, dialled } = question
  const departing = departingOf(state, question, at, directory)
  const shown = withoutPin(dialled)
  const call = { ...newCall(leg, question.line, shown, at), ...departing?.shown }
  // Its endpoint is gone from the site, but not yet from Asterisk.
  if (!departing) return refused(state, question, call, at)

  const decided = depart(departing)
  // Who waited for a fourth digit has been counted.
  const begun = question.waited
    ? quiet(state)
    : withBegun(state, question.line, decided, at)
  const { state: next, effects } = answered(begun.state, question, {
    ...{ decided, departing, call },
    at,
  })
  return { state: next, effects: [...effects, ...begun.effects] }
}

function answered(
  state: State,
  question: Asked<'departure'>,
  made: Made & { readonly at: number },
): Decision {
  const { decided, call, at } = made
  if (decided.answer.kind === 'refuse') {
    const ledger = drop(state.ledger, 'leg', question.leg)
    return said({ ...state, ledger }, question, decided, call, at)
  }
  const going = goesOn(state, question, made, at)
  return storedFirst(going, question, decided.obeyed)
}

/** What a line's call has come to. */
interface Made {
  readonly decided: Decided
  readonly departing: Departing
  readonly call: CallRecord
}

/** A line's call goes on: at the latest from now its own leg holds a slot (spec D1). */
export function goesOn(
  state: State,
  question: Asked<'departure' | 'pin'>,
  made: Made,
  at: number,
): Decision {
  const { decided, departing, call } = made
  const own = { leg: call.leg, line: call.from, direction: 'out', with: call.to } as const
  const emergency = departing.destination.kind === 'emergency'
  const undisturbed = decided.answer.kind === 'intercom' || emergency
  const isFree = decided.answer.kind === 'code' && !departing.routing.directory.codesCount
  const ledger = isFree
    ? drop(state.ledger, 'leg', call.leg)
    : take(state.ledger, holding('leg', { ...own, undisturbed }, at))
  const asking =
    decided.answer.kind === 'pin' ? { ...call, asksPin: true as const } : call
  return said({ ...state, ledger }, question, decided, asking, at)
}

/** All that the rules ask about a call that a line makes; undefined for an unknown line. */
export function departingOf(
  state: State,
  question: Asked<'departure' | 'pin'>,
  at: number,
  directory: Directory,
): (Departing & { readonly shown: Pick<CallRecord, 'hidden'> }) | undefined {
  const { leg, line: number, dialled } = question
  const line = directory.lines.get(number)
  if (!line) return undefined
  const { destination, hideNumber, mayGoOn } = dialledBy(line, dialled, directory)
  const waited = question.kind === 'pin' || question.waited === true
  const shown = hideNumber ? ({ hidden: true } as const) : {}
  const call = { ...newCall(leg, number, dialled, 0), ...shown }
  const routing = routingOf(state, directory, call, at, leg)
  return {
    line,
    inUse: inUse(state.ledger, number, leg),
    destination,
    routing,
    dialled,
    ...(!waited && tooFast(state, number, at)),
    ...tooMuch(state, costOf({ line, destination }), leg, at),
    mayGoOn: mayGoOn && !waited,
    shown,
    ...codingOf(line, dialled, state.codeUse, { at, directory }),
  }
}

/** A carrier calls (spec D3). Nothing that comes from a carrier leaves by this door. */
export function onArrival(
  state: State,
  question: Asked<'arrival'>,
  at: number,
  directory: Directory,
): Decision {
  const call = newCall(question.leg, question.caller, question.dialled, at)
  const service = serviceAt(question.dialled, directory)
  if (service) return said(state, question, service, call, at)
  const arriving = arrivingOf(state, question, at, directory)
  if (!arriving) return refused(state, question, call, at)
  const decided = arrive(arriving.line, arriving.routing)
  return said(state, question, decided, call, at)
}

/** The one number that is answered for anybody: it asks for a password (spec B8, T32). */
export function serviceAt(dialled: string, directory: Directory): Decided | undefined {
  const { kind } = destinationOf(dialled, directory)
  return kind === 'voicemailAccess' ? VOICEMAIL_ACCESS : undefined
}

const VOICEMAIL_ACCESS: Decided = {
  answer: { kind: 'voicemail-access' },
  steps: [{ at: '', passed: [], step: 'voicemail' }],
  forwards: [],
}

/** All that the rules ask about a carrier's call; undefined when the number is nobody's here. */
export function arrivingOf(
  state: State,
  { leg, caller, dialled }: Asked<'arrival'>,
  at: number,
  directory: Directory,
): { readonly line: Line; readonly routing: Routing } | undefined {
  const destination = destinationOf(dialled, directory)
  if (destination.kind !== 'line') return undefined
  const call = newCall(leg, caller, dialled, 0)
  return { line: destination.line, routing: routingOf(state, directory, call, at) }
}

/** A dial ended without an answer. */
export function onOutcome(
  state: State,
  question: Asked<'outcome'>,
  at: number,
  directory: Directory,
): Decision {
  const { leg, attempt, status, cause, transferor } = question
  const call = state.calls.get(leg) ?? forgotten(question, at)
  const transferred = transferor !== undefined && attempt.kind !== 'recall'
  if (!transferred) {
    const routing = routingOf(state, directory, call, at, leg)
    const decided = conclude({ attempt, status, cause, routing })
    return phoneTold(said(state, question, decided, call, at), question, decided)
  }
  const held = withTransferSlot(state, call, transferor, at)
  const routing = routingOf(held, directory, call, at)
  const decided = conclude({ attempt, status, cause, routing })
  const recalled = orRecall(decided, transferor)
  return phoneTold(said(held, question, recalled, call, at), question, decided)
}

/** Somebody has set the phone so, or has taken it over (T06, T10, rows S27 and S33). */
function phoneTold(
  { state, effects }: Decision,
  { attempt, status, cause }: Asked<'outcome'>,
  decided: Decided,
): Decision {
  if (attempt.kind === 'trunk') return { state, effects }
  const { line } = attempt
  const notes: Note[] = []
  if (lastStep(decided) === 'redirected') notes.push({ kind: 'redirected', line })
  // No phone says so: it is the dialplan that has looked at its contact.
  if (status === 'CHANUNAVAIL' && cause === CAUSES.subscriberAbsent)
    notes.push({ kind: 'misregistered', line })
  return {
    state,
    effects: [...effects, ...notes.map((note) => ({ kind: 'note', note }) as const)],
  }
}

/**
 * After a restart of ours the record is gone; the dialplan still knows how often
 * the call was forwarded, and by whom last.
 */
function forgotten(
  { leg, attempt, transferor }: Asked<'outcome'>,
  at: number,
): CallRecord {
  const diversion = 'diversion' in attempt ? attempt.diversion : undefined
  const forwardedBy = diversion
    ? Array.from({ length: diversion.hops }, () => diversion.by)
    : []
  const hidden = 'hidden' in attempt ? { hidden: true as const } : {}
  return { ...newCall(leg, transferor ?? SOMEBODY, '', at), ...hidden, forwardedBy }
}
