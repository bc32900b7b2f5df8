import type { Line } from '../model/line.js'
import type { Answer } from './answer.js'
import { arrive } from './arrival.js'
import { type Decided, lastStep } from './decided.js'
import { type Departing, depart } from './departure.js'
import { type Destination, destinationOf, dialledBy } from './destination.js'
import type { Directory } from './directory.js'
import type { CallRecord, Effect } from './effect.js'
import type { Question } from './event.js'
import { conclude } from './outcome.js'
import { HIDDEN, hiddenIn, type Routing, SOMEBODY } from './routing.js'
import { drop, type Holding, holding, inUse, legOf, take } from './slots.js'
import type { Decision, State } from './state.js'

type Asked<Kind extends Question['kind']> = Extract<Question, { kind: Kind }>

/** A line dials (spec D5). */
export function onDeparture(
  state: State,
  question: Asked<'departure'>,
  at: number,
  directory: Directory,
): Decision {
  const { leg, dialled } = question
  const departing = departingOf(state, question, directory)
  const call = { ...newCall(leg, question.line, dialled, at), ...departing?.shown }
  // Its endpoint is gone from the site, but not yet from Asterisk.
  if (!departing) return refused(state, question, call, at)

  const decided = depart(departing)
  if (decided.answer.kind === 'refuse') {
    const ledger = drop(state.ledger, 'leg', leg)
    return said({ ...state, ledger }, question, decided, call, at)
  }
  const own = { leg, line: question.line, direction: 'out', with: dialled } as const
  const emergency = departing.destination.kind === 'emergency'
  const undisturbed = decided.answer.kind === 'intercom' || emergency
  const ledger = take(state.ledger, holding('leg', { ...own, undisturbed }, at))
  return said({ ...state, ledger }, question, decided, call, at)
}

/** All that the rules ask about a call that a line makes; undefined for an unknown line. */
export function departingOf(
  state: State,
  { leg, line: number, dialled }: Asked<'departure'>,
  directory: Directory,
): (Departing & { readonly shown: Pick<CallRecord, 'hidden'> }) | undefined {
  const line = directory.lines.get(number)
  if (!line) return undefined
  const { destination, hideNumber } = dialledBy(line, dialled, directory)
  const shown = hideNumber ? ({ hidden: true } as const) : {}
  const call = { ...newCall(leg, number, dialled, 0), ...shown }
  const routing = routingOf(state, directory, call, leg)
  return { line, inUse: inUse(state.ledger, number, leg), destination, routing, shown }
}

/** A carrier calls (spec D3). Nothing that comes from a carrier leaves by this door. */
export function onArrival(
  state: State,
  question: Asked<'arrival'>,
  at: number,
  directory: Directory,
): Decision {
  const call = newCall(question.leg, question.caller, question.dialled, at)
  const arriving = arrivingOf(state, question, directory)
  if (!arriving) return refused(state, question, call, at)
  const decided = arrive(arriving.line, arriving.routing)
  return said(state, question, decided, call, at)
}

/** All that the rules ask about a carrier's call; undefined when the number is nobody's here. */
export function arrivingOf(
  state: State,
  { leg, caller, dialled }: Asked<'arrival'>,
  directory: Directory,
): { readonly line: Line; readonly routing: Routing } | undefined {
  const destination = destinationOf(dialled, directory)
  if (destination.kind !== 'line') return undefined
  const call = newCall(leg, caller, dialled, 0)
  return { line: destination.line, routing: routingOf(state, directory, call) }
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
    const routing = routingOf(state, directory, call, leg)
    return said(state, question, conclude({ attempt, status, cause, routing }), call, at)
  }
  const held = withTransferSlot(state, call, transferor, at)
  const routing = routingOf(held, directory, call)
  const decided = conclude({ attempt, status, cause, routing })
  return said(held, question, orRecall(decided, transferor), call, at)
}

/**
 * A line has transferred this leg (spec A4): the target passes its outgoing
 * rules, and its slot is held until somebody answers. What is refused comes back.
 */
export function onTransfer(
  state: State,
  question: Asked<'transfer'>,
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
  const routing = routingOf(held, directory, shown)
  const decided = depart({ line, inUse: used, destination, routing })
  const handed = mayBeTransferredTo(destination)
    ? decided
    : { ...decided, answer: NOWHERE }
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
function withTransferSlot(
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
function orRecall(decided: Decided, transferor: string): Decided {
  const { kind } = decided.answer
  if (kind === 'ring' || kind === 'trunk' || kind === 'voicemail') return decided
  return {
    ...decided,
    answer: { kind: 'recall', line: transferor, seconds: RECALL_SECONDS },
  }
}

const RECALL_SECONDS = 30

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

function newCall(leg: string, from: string, to: string, since: number): CallRecord {
  return { leg, from, to, steps: [], forwardedBy: [], forwards: [], since }
}

function routingOf(
  state: State,
  directory: Directory,
  call: CallRecord,
  asking?: string,
): Routing {
  const { ledger, unreachable } = state
  return {
    directory,
    // A call of a line to itself takes two of its slots: the asking leg counts there.
    inUse: (line) =>
      inUse(ledger, line) +
      (asking !== undefined && line === call.from && !legOf(ledger, asking) ? 1 : 0),
    reachable: (line) => !unreachable.has(line),
    arrive,
    caller: call.from,
    ...hiddenIn(call),
    forwardedBy: call.forwardedBy,
  }
}

function refused(
  state: State,
  question: Question,
  call: CallRecord,
  at: number,
): Decision {
  const answer = { kind: 'refuse', cause: 'unallocatedNumber' } as const
  const steps = [{ at: call.from, passed: [], step: 'numberUnknown' }]
  return said(state, question, { answer, steps, forwards: [] }, call, at)
}

/** Reserves what the answer needs, remembers it, and says it. */
function said(
  state: State,
  question: Question,
  decided: Decided,
  call: CallRecord,
  at: number,
): Decision {
  const { leg, kind } = question
  const { answer, steps, forwards } = decided
  const step = lastStep(decided)
  const record: CallRecord = {
    ...call,
    steps: [...call.steps, ...steps.map((taken) => taken.step)],
    forwardedBy: [...call.forwardedBy, ...forwards.map(({ by }) => by)],
    forwards: [...call.forwards, ...forwards],
  }
  const reserved = reservationFor(answer, call, at)
  // A transfer that rings nobody any more is over.
  const rings = answer.kind === 'ring' || answer.kind === 'trunk'
  const ledger = rings ? state.ledger : drop(state.ledger, 'transfer', leg)
  const effects: Effect[] = [
    { kind: 'continue', leg, answer },
    { kind: 'note', note: { kind: 'decided', question: kind, leg, step, answer } },
  ]
  return {
    state: {
      ...state,
      ledger: reserved ? take(ledger, reserved) : ledger,
      calls: new Map(state.calls).set(leg, record),
    },
    effects,
  }
}

/** The slot of the line that is going to ring. */
function reservationFor(
  answer: Answer,
  call: CallRecord,
  at: number,
): Holding | undefined {
  switch (answer.kind) {
    case 'ring':
    case 'intercom':
    case 'recall': {
      const unknown = call.hidden || [HIDDEN, SOMEBODY].includes(call.from)
      const other = unknown ? {} : { with: call.from }
      return holding(
        'reservation',
        {
          leg: call.leg,
          line: answer.line,
          direction: 'in',
          ...other,
          waiting: answer.kind === 'ring' && answer.waiting,
          undisturbed: answer.kind === 'intercom',
        },
        at,
      )
    }
    default:
      return undefined
  }
}
