import { arrive, type Decided } from './arrival.js'
import { depart } from './departure.js'
import { destinationFrom, destinationOf } from './destination.js'
import type { Directory } from './directory.js'
import type { CallRecord, Effect, Event, Question } from './event.js'
import { conclude } from './outcome.js'
import { reconcile } from './reconcile.js'
import {
  convert,
  dropLeg,
  dropReservation,
  emptyLedger,
  inUse,
  type Ledger,
  release,
  take,
} from './slots.js'

/*
 * The core of a call.
 *
 * A call is one or more legs. The dialplan owns them: it dials, bridges and
 * hangs up. A leg that needs a decision enters Stasis with a question; what we
 * say goes back as one `continue` to a context that carries the whole answer.
 * In between nothing of the call lives here but its call slots.
 *
 *   INVITE of a line      created(out)  departure ──► ring │ trunk │ refuse
 *   INVITE of a carrier                 arrival   ──► ring │ refuse
 *   a dial without answer               outcome   ──► trunk │ refuse
 *   the rung phone's leg  created(in)   turns the reservation into a holding
 *   any leg's end         gone          gives back what it held and reserved
 *
 * `decide` is the only writer of the state. It reads no clock, waits for
 * nothing and throws only on a bug, in which case the old state still stands.
 * A slot is taken in the same step that says `ring`, so two calls for the last
 * slot cannot both pass (spec D1). Effects are performed in their order.
 *
 * After a restart the state is empty; the first snapshot of Asterisk's
 * channels fills it again, and one every 30 s heals what lost events left.
 */

export interface State {
  readonly ledger: Ledger
  /** Calls under way, by their calling leg. */
  readonly calls: ReadonlyMap<string, CallRecord>
}

export const initialState: State = { ledger: emptyLedger, calls: new Map() }

export interface Decision {
  readonly state: State
  readonly effects: readonly Effect[]
}

/** One event at the instant `at` (milliseconds, monotonic): the new state and what to do. */
export function decide(
  state: State,
  event: Event,
  at: number,
  directory: Directory,
): Decision {
  switch (event.kind) {
    case 'departure':
      return onDeparture(state, event, at, directory)
    case 'arrival':
      return onArrival(state, event, at, directory)
    case 'outcome':
      return onOutcome(state, event, directory)
    case 'created':
      return onCreated(state, event, at)
    case 'gone':
      return onGone(state, event, at)
    case 'missed':
      return quiet({ ...state, ledger: dropReservation(state.ledger, event.leg) })
    case 'snapshot':
      return onSnapshot(state, event)
  }
}

function quiet(state: State): Decision {
  return { state, effects: [] }
}

function onCreated(
  state: State,
  { leg, line, direction }: Extract<Event, { kind: 'created' }>,
  at: number,
): Decision {
  const { ledger } = state
  const holding = { leg, line, direction, kind: 'leg', since: at, changedAt: at } as const
  const held = direction === 'in' ? convert(ledger, holding) : take(ledger, holding)
  return quiet({ ...state, ledger: held })
}

function onGone(
  state: State,
  { leg, cause }: Extract<Event, { kind: 'gone' }>,
  at: number,
): Decision {
  const ledger = release(state.ledger, leg, at)
  const call = state.calls.get(leg)
  if (!call) return quiet({ ...state, ledger })
  const calls = new Map(state.calls)
  calls.delete(leg)
  const note = { kind: 'ended', call, cause, endedAt: at } as const
  return { state: { ledger, calls }, effects: [{ kind: 'note', note }] }
}

function onSnapshot(
  state: State,
  { askedAt, legs, calling }: Extract<Event, { kind: 'snapshot' }>,
): Decision {
  const { ledger, released, adopted } = reconcile(state.ledger, askedAt, legs)
  const alive = new Set(calling)
  const calls = new Map(
    [...state.calls].filter(([leg, call]) => alive.has(leg) || call.since >= askedAt),
  )
  const healed = { state: { ledger, calls }, effects: [] }
  if (released === 0 && adopted === 0) return healed
  return { ...healed, effects: [{ kind: 'note', note: { kind: 'healed', released, adopted } }] }
}

function onDeparture(
  state: State,
  question: Extract<Question, { kind: 'departure' }>,
  at: number,
  directory: Directory,
): Decision {
  const line = directory.lines.get(question.line)
  if (!line) {
    // Its endpoint is gone from the site, but not yet from Asterisk.
    return answered(state, question, question.line, at, {
      step: 'lineUnknown',
      answer: { kind: 'refuse', cause: 'unallocatedNumber' },
    })
  }
  const { leg } = question
  const destination = destinationFrom(line, question.dialled, directory)
  const there = destination.kind === 'line' ? destination.line.number : undefined
  // A call of a line to itself takes two of its slots: the asking leg counts there.
  const inUseThere =
    there === undefined
      ? 0
      : inUse(state.ledger, there) + (there === line.number && !holds(state, leg) ? 1 : 0)
  const decided = depart({
    line,
    inUse: inUse(state.ledger, line.number, leg),
    destination,
    inUseThere,
    directory,
  })
  if (decided.answer.kind === 'refuse') {
    const ledger = dropLeg(state.ledger, leg)
    return answered({ ...state, ledger }, question, line.number, at, decided)
  }
  const ledger = take(state.ledger, {
    leg,
    line: line.number,
    kind: 'leg',
    direction: 'out',
    with: question.dialled,
    since: at,
    changedAt: at,
  })
  return answered({ ...state, ledger }, question, line.number, at, decided)
}

function onArrival(
  state: State,
  question: Extract<Question, { kind: 'arrival' }>,
  at: number,
  directory: Directory,
): Decision {
  const destination = destinationOf(question.dialled, directory)
  if (destination.kind !== 'line') {
    // Nothing that comes from a carrier leaves again by this door: no open relay.
    return answered(state, question, question.caller, at, {
      step: 'numberUnknown',
      answer: { kind: 'refuse', cause: 'unallocatedNumber' },
    })
  }
  const { line } = destination
  const decided = arrive(line, { inUse: inUse(state.ledger, line.number) })
  return answered(state, question, question.caller, at, decided)
}

function onOutcome(
  state: State,
  question: Extract<Question, { kind: 'outcome' }>,
  directory: Directory,
): Decision {
  const { leg, attempt, status, cause } = question
  // The dial is over, so whatever it had reserved and not used is free.
  const ledger = dropReservation(state.ledger, leg)
  const decided = conclude({ attempt, status, cause, directory })
  const call = state.calls.get(leg)
  return said({ ...state, ledger }, question, decided, call)
}

/** Reserves what the answer needs, and says it. */
function answered(
  state: State,
  question: Exclude<Question, { kind: 'outcome' }>,
  from: string,
  at: number,
  decided: Decided,
): Decision {
  const { leg, dialled } = question
  const { answer } = decided
  const reserved =
    answer.kind === 'ring'
      ? take(state.ledger, {
          leg,
          line: answer.line,
          kind: 'reservation',
          direction: 'in',
          with: from,
          since: at,
          changedAt: at,
        })
      : state.ledger
  const call = { leg, from, to: dialled, steps: [], since: at }
  return said({ ...state, ledger: reserved }, question, decided, call)
}

/** The effects of an answer; a call that began before our restart has no record. */
function said(
  state: State,
  { kind: question, leg }: Question,
  { step, answer }: Decided,
  call: CallRecord | undefined,
): Decision {
  const calls = call
    ? new Map(state.calls).set(leg, { ...call, steps: [...call.steps, step] })
    : state.calls
  return {
    state: { ...state, calls },
    effects: [
      { kind: 'continue', leg, answer },
      { kind: 'note', note: { kind: 'decided', question, leg, step, answer } },
    ],
  }
}

function holds({ ledger }: State, leg: string): boolean {
  return ledger.holdings.has(`leg ${leg}`)
}
