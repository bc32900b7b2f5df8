import { dialledOnRecord } from '../model/on-record.js'
import type { Answer } from './answer.js'
import { arrive } from './arrival.js'
import { mayBeCalledBack } from './call-back.js'
import { type Decided, lastStep } from './decided.js'
import type { Directory } from './directory.js'
import type { CallRecord, Effect } from './effect.js'
import type { Question } from './event.js'
import { spend, tooMuch } from './harm.js'
import { HIDDEN, hiddenIn, type Routing, SOMEBODY } from './routing.js'
import { drop, type Holding, holding, inUse, legOf, ringing, take } from './slots.js'
import type { Decision, State } from './state.js'

export function newCall(
  leg: string,
  from: string,
  to: string,
  since: number,
): CallRecord {
  return {
    leg,
    from,
    to: dialledOnRecord(to),
    steps: [],
    forwardedBy: [],
    forwards: [],
    since,
  }
}

export function routingOf(
  state: State,
  directory: Directory,
  call: CallRecord,
  at: number,
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
    tooMuch: (cost) => tooMuch(state, cost, call.leg, at).tooMuch,
    ringing: () => ringing(ledger),
    sentOutside: (line) => sentOutside(state, line, call, directory),
    calledEmergency: (line) => mayBeCalledBack(state, line, at),
    arrive,
    caller: call.from,
    ...hiddenIn(call),
    forwardedBy: call.forwardedBy,
  }
}

function sentOutside(
  { calls }: State,
  line: string,
  { leg, from }: CallRecord,
  { lines }: Directory,
): number {
  const waiting = [...calls.values()].filter(
    (call) => call.from === from && call.leg !== leg && call.answeredAt === undefined,
  )
  return waiting.filter(({ forwards }) =>
    forwards.some(({ by, to }) => by === line && !lines.has(to)),
  ).length
}

export function refused(
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
export function said(
  state: State,
  question: Question,
  decided: Decided,
  call: CallRecord,
  at: number,
): Decision {
  const { leg, kind } = question
  const { answer, steps, forwards } = decided
  const step = lastStep(decided)
  const spent = spend(state, decided, leg, at)
  const record: CallRecord = {
    ...call,
    ...(spent.costs.length > 0 && { costs: [...(call.costs ?? []), ...spent.costs] }),
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
      tallies: spent.tallies,
      calls: state.calls.with(leg, record),
    },
    effects: [...effects, ...spent.notes],
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
