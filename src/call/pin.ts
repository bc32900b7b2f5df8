import type { Answer } from './answer.js'
import type { Decided } from './decided.js'
import { type Departing, depart } from './departure.js'
import type { Directory } from './directory.js'
import type { Question } from './event.js'
import { type PinVerdict, tryPin } from './pin-guard.js'
import { departingOf, goesOn } from './questions.js'
import { newCall, refused } from './said.js'
import type { Decision, State } from './state.js'

/** Tries within one call; the guard counts those of all calls (reliability T32). */
const TRIES = 3

/**
 * A locked line has keyed in its PIN: the right one lets this one call out, by the
 * rules of every call (spec B1.6, row F24).
 */
export function onPin(
  state: State,
  question: Extract<Question, { kind: 'pin' }>,
  at: number,
  directory: Directory,
): Decision {
  const { leg, line: number, dialled, nthTry, digits } = question
  const known = state.calls.get(leg) ?? newCall(leg, number, dialled, at)
  const { asksPin: _, answeredAt: __, ...rest } = known
  const departing = departingOf(state, question, at, directory)
  if (!departing) return refused(state, question, rest, at)

  const call = { ...rest, ...departing.shown }
  const { pins } = state.codeUse
  const { guards, verdict, locks } = tryPin(pins, departing.line, digits, at)
  const decided = decidedBy(verdict, { ...departing, unlocked: true }, nthTry)
  const made = { decided, departing, call }
  const tried = { ...state, codeUse: { ...state.codeUse, pins: guards } }
  const going = goesOn(tried, question, made, at)
  if (!locks) return going
  const note = { kind: 'pinLocked', line: number, lock: locks } as const
  return { ...going, effects: [...going.effects, { kind: 'note', note }] }
}

function decidedBy(verdict: PinVerdict, departing: Departing, nthTry: number): Decided {
  const { line, dialled } = departing
  if (!line.lock?.active || verdict === 'right') return depart(departing)
  const answer: Answer =
    verdict === 'wrong' && nthTry < TRIES
      ? { kind: 'pin', dialled, nthTry: nthTry + 1 }
      : { kind: 'announce', announcement: SAID[verdict], cause: 'callRejected' }
  const steps = [{ at: line.number, passed: [], step: STEPS[verdict] }]
  return { answer, steps, forwards: [] }
}

const SAID = {
  wrong: 'outgoingLocked',
  lockedOut: 'pinLockedOut',
  lockedForLong: 'pinLockedForLong',
} as const

const STEPS = {
  wrong: 'pinWrong',
  lockedOut: 'pinLockedOut',
  lockedForLong: 'pinLockedForLong',
} as const
