import { isDeepStrictEqual } from 'node:util'
import type { Answer } from '../../src/call/answer.js'
import type { Directory } from '../../src/call/directory.js'
import type { Event, Question } from '../../src/call/event.js'
import { MAX_HOPS } from '../../src/call/routing.js'
import { type Holding, holdingsOf } from '../../src/call/slots.js'
import type { State } from '../../src/call/state.js'
import { emergencyDialled } from '../../src/model/emergency.js'
import { classify } from '../../src/model/phone-number.js'
import type { Core, Step } from './controller.js'

/** A broken promise of reliability §7.2, by the name it has there. */
export class Violation extends Error {
  override name = 'Violation'
}

/** As if we had said nothing. */
const NOT_ANSWERED = { kind: 'refuse', cause: 'noCircuit' } as const

function must(name: string, holds: boolean, why: () => string): void {
  if (!holds) throw new Violation(`${name}: ${why()}`)
}

/** What must hold after every single event, whatever went wrong before it. */
export function checkStep(step: Step, directory: Directory): void {
  const { before, decision, event } = step
  const { state, effects } = decision
  // A change of a code is stored first, and answered by what comes of that.
  const answers = effects.flatMap((effect) =>
    effect.kind === 'continue' || effect.kind === 'change' ? [effect] : [],
  )
  checkHoldings(state)
  checkBeeps(state, directory)
  checkGates(state, directory)
  if (event.kind === 'snapshot') checkDeadlines(state, event.askedAt)
  if (event.kind === 'coded') {
    const over = before.ledger.ended.has(event.leg)
    must('a code is answered once', answers.length === (over ? 0 : 1), () => event.leg)
    return
  }
  if (!isQuestion(event)) {
    must('one question, one answer', answers.length === 0, () => event.kind)
    if (event.kind === 'missed') checkReservation(state, event.leg, NOT_ANSWERED)
    return
  }
  const [said, more] = answers
  const over = before.ledger.ended.has(event.leg)
  must(
    'one question, one answer',
    (over ? !said : said?.leg === event.leg) && !more,
    () => JSON.stringify(event),
  )
  if (!said) return
  checkReservation(state, event.leg, said.answer)
  checkAdmission(state, event, said.answer, directory)
  checkRoute(step, event, said.answer, directory)
  checkIntercom(step, said.answer, directory)
  checkEmergency(event, said.answer, directory)
}

/** The same again gives the same again, and nothing that was given is changed. */
export function checkPurity(core: Core, step: Step, directory: Directory): void {
  const { before, event, at, decision } = step
  const kept = structuredClone(plain(before))
  const again = core.decide(before, event, at, directory)
  const same =
    isDeepStrictEqual(again.effects, decision.effects) &&
    isDeepStrictEqual(plain(again.state), plain(decision.state))
  must('I-R5', same, () => 'decided otherwise the second time')
  must('I-R5', isDeepStrictEqual(plain(before), kept), () => 'the old state was changed')
}

/** With ordinary maps, which can be copied and compared. */
function plain({ ledger, calls, gates, paces, ...rest }: State) {
  return {
    ...rest,
    holdings: new Map(ledger.holdings),
    byLine: new Map(ledger.byLine),
    ended: new Map(ledger.ended),
    calls: new Map(calls),
    gates: new Map(gates),
    paces: new Map(paces),
  }
}

export function isQuestion(event: Event): event is Question {
  const { kind } = event
  return (
    kind === 'departure' ||
    kind === 'arrival' ||
    kind === 'outcome' ||
    kind === 'transfer'
  )
}

export function slotsOf(state: State, line: string): Holding[] {
  return [...state.ledger.holdings.values()].filter((held) => held.line === line)
}

/** I-S3: counted from records, each under its own key, none of a leg that has ended. */
function checkHoldings({ ledger }: State): void {
  for (const [key, held] of ledger.holdings) {
    const { kind, leg, line, since, changedAt } = held
    must('I-S3', key === `${kind} ${leg}`, () => key)
    must('I-S4', since <= changedAt, () => `${key} changed before it began`)
    must('I-S2', !ledger.ended.has(leg), () => `${key} of a leg that has ended`)
    must(
      'I-S3',
      holdingsOf(ledger, line).includes(held),
      () => `${key} is not its line's`,
    )
  }
  const ofLines = [...ledger.byLine.values()].flat().length
  must('I-S3', ofLines === ledger.holdings.size, () => `${ofLines} records by line`)
}

/** I-S4: what was to end and did not, ends with the next list. */
function checkDeadlines({ ledger }: State, askedAt: number): void {
  for (const [key, { kind, changedAt }] of ledger.holdings) {
    const deadline = DEADLINES_MS[kind]
    must('I-S4', askedAt - changedAt <= deadline, () => `${key} outlives its deadline`)
  }
}

const DEADLINES_MS = {
  leg: Number.POSITIVE_INFINITY,
  reservation: 2_000,
  transfer: 200_000,
}

function checkBeeps(state: State, { lines }: Directory): void {
  const legs = [...state.ledger.holdings.values()].filter(({ kind }) => kind === 'leg')
  const wanted = new Set(
    legs
      .filter(({ line, answered, held, undisturbed }) => {
        const waits = legs.some(
          (other) =>
            other.line === line &&
            other.direction === 'in' &&
            other.waiting &&
            !other.answered,
        )
        const byServer = lines.get(line)?.callWaiting.beep === 'server'
        return byServer && waits && answered && !held && !undisturbed
      })
      .map(({ leg }) => leg),
  )
  must('beep', isDeepStrictEqual(new Set(state.beeps), wanted), () => {
    return `in ${[...state.beeps]} instead of ${[...wanted]}`
  })
}

/** A phone may transfer while its line has a free slot, and only then (spec A4). */
function checkGates(state: State, { lines }: Directory): void {
  for (const { kind, leg, line } of state.ledger.holdings.values()) {
    const limit = lines.get(line)?.calls
    if (kind !== 'leg' || limit === undefined) continue
    const open = slotsOf(state, line).length < limit
    must('gate', state.gates.get(leg) === open, () => `${leg} is not ${open}`)
  }
  for (const leg of state.gates.keys()) {
    must('gate', state.ledger.holdings.has(`leg ${leg}`), () => `${leg} has ended`)
  }
}

/** I-S5: what does not ring holds nothing, and a diverting line never does. */
function checkReservation(state: State, leg: string, answer: Answer): void {
  const reserved = state.ledger.holdings.get(`reservation ${leg}`)
  const rings =
    answer.kind === 'ring' || answer.kind === 'intercom' || answer.kind === 'recall'
  must('I-S5', reserved?.line === (rings ? answer.line : undefined), () => {
    return `${answer.kind} reserves on ${reserved?.line}`
  })
  if (answer === NOT_ANSWERED) return
  const transfer = state.ledger.holdings.has(`transfer ${leg}`)
  must('I-S6', !transfer || answer.kind === 'ring' || answer.kind === 'trunk', () => {
    return `a transfer that is over by ${answer.kind}`
  })
}

/** I-S1: nobody is let in above the limit, but for an emergency. */
function checkAdmission(
  state: State,
  question: Question,
  answer: Answer,
  { lines, emergencyNumbers }: Directory,
): void {
  const within = (line: string): void => {
    const limit = lines.get(line)?.calls ?? 0
    const used = slotsOf(state, line).length
    must('I-S1', used <= limit, () => `${used} of ${limit} on ${line}`)
  }
  if (answer.kind === 'ring' || answer.kind === 'intercom') within(answer.line)
  if (answer.kind === 'refuse') return
  if (question.kind === 'transfer' && answer.kind !== 'recall')
    within(question.transferor)
  if (question.kind !== 'departure') return
  if (emergencyDialled(question.dialled, emergencyNumbers) === undefined) {
    within(question.line)
  }
}

/** I-R3 and I-R4: five forwards at most, and none that costs more than a call. */
function checkRoute(
  { before }: Step,
  question: Question,
  answer: Answer,
  { lines, country, emergencyNumbers }: Directory,
): void {
  if (answer.kind !== 'ring' && answer.kind !== 'trunk') return
  const { diversion } = answer
  if (diversion) {
    must('I-R3', diversion.hops <= MAX_HOPS, () => `${diversion.hops} hops`)
    must(
      'I-R3',
      answer.kind === 'trunk' || diversion.by !== answer.line,
      () => diversion.by,
    )
  }
  if (answer.kind === 'ring') {
    const { line } = answer
    must('I-R3', lines.has(line), () => `nobody has ${line}`)
    const { forwardedBy = [] } = before.calls.get(question.leg) ?? {}
    const again = question.kind === 'outcome' && forwardedBy.includes(line)
    must('I-R3', !again, () => `${line} has already forwarded`)
    must(
      'I-R6',
      question.kind !== 'outcome' || question.attempt.kind !== 'intercom',
      () => line,
    )
    return
  }
  const number = answer.number.replace(/^\+/, '00')
  const transferred = question.kind === 'transfer'
  if (!diversion && !transferred) return
  must('I-R4', !emergencyNumbers.includes(number), () => number)
  const numberClass = classify(number, country)
  must('I-R4', numberClass !== 'special' && numberClass !== 'closed', () => number)
}

/** I-R6: it opens a microphone. */
function checkIntercom(
  { before, event }: Step,
  answer: Answer,
  { lines }: Directory,
): void {
  if (answer.kind !== 'intercom') return
  const called = lines.get(answer.line)
  must('I-R6', event.kind === 'departure', () => `by ${event.kind}`)
  if (event.kind !== 'departure') return
  const caller = lines.get(event.line)
  must('I-R6', called?.intercom === true, () => `${answer.line} does not want it`)
  must('I-R6', called?.group === caller?.group, () => `${event.line} is of another group`)
  must('I-R6', !called?.doNotDisturb && !called?.absent, () => `${answer.line} is away`)
  must('I-R6', !before.unreachable.has(answer.line), () => `${answer.line} is unplugged`)
}

/** I-R2: whatever else is true, an emergency call goes out. */
function checkEmergency(
  event: Question,
  answer: Answer,
  { emergencyNumbers, trunks }: Directory,
): void {
  if (event.kind !== 'departure' || trunks.length === 0) return
  const number = emergencyDialled(event.dialled, emergencyNumbers)
  if (number === undefined) return
  must('I-R2', answer.kind === 'trunk' && answer.number === number, () => answer.kind)
}
