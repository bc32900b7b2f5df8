import type { Answer } from './answer.js'
import { arrive, type Decided } from './arrival.js'
import { depart } from './departure.js'
import { destinationFrom, destinationOf } from './destination.js'
import type { Directory } from './directory.js'
import type { Effect, Event, Question } from './event.js'
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
}

export const initialState: State = { ledger: emptyLedger }

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
      return { state: { ledger: release(state.ledger, event.leg, at) }, effects: [] }
    case 'missed':
      return { state: { ledger: dropReservation(state.ledger, event.leg) }, effects: [] }
    case 'snapshot': {
      const healed = reconcile(state.ledger, event.askedAt, event.legs)
      const { released, adopted } = healed
      const quiet = released === 0 && adopted === 0
      return {
        state: { ledger: healed.ledger },
        effects: quiet
          ? []
          : [{ kind: 'note', note: { kind: 'healed', released, adopted } }],
      }
    }
  }
}

function onCreated(
  { ledger }: State,
  { leg, line, direction }: Extract<Event, { kind: 'created' }>,
  at: number,
): Decision {
  const holding = { leg, line, direction, kind: 'leg', since: at, changedAt: at } as const
  return {
    state: { ledger: direction === 'in' ? convert(ledger, holding) : take(ledger, holding) },
    effects: [],
  }
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
    return answered({ ledger }, question, line.number, at, decided)
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
  return answered({ ledger }, question, line.number, at, decided)
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
  const { step, answer } = conclude({ attempt, status, cause, directory })
  return {
    state: { ledger },
    effects: [
      { kind: 'continue', leg, answer },
      { kind: 'note', note: decidedNote(question, leg, attempted(attempt), step, answer) },
    ],
  }
}

/** Reserves what the answer needs, and says it. */
function answered(
  { ledger }: State,
  question: Exclude<Question, { kind: 'outcome' }>,
  from: string,
  at: number,
  { step, answer }: Decided,
): Decision {
  const { leg } = question
  const reserved =
    answer.kind === 'ring'
      ? take(ledger, {
          leg,
          line: answer.line,
          kind: 'reservation',
          direction: 'in',
          with: from,
          since: at,
          changedAt: at,
        })
      : ledger
  return {
    state: { ledger: reserved },
    effects: [
      { kind: 'continue', leg, answer },
      { kind: 'note', note: decidedNote(question, from, question.dialled, step, answer) },
    ],
  }
}

function decidedNote(
  question: Question,
  from: string,
  to: string,
  step: string,
  answer: Answer,
) {
  return { kind: 'decided', question: question.kind, leg: question.leg, from, to, step, answer } as const
}

function attempted(attempt: Extract<Question, { kind: 'outcome' }>['attempt']): string {
  return attempt.kind === 'ring' ? attempt.line : attempt.number
}

function holds({ ledger }: State, leg: string): boolean {
  return ledger.holdings.has(`leg ${leg}`)
}
