import type { Directory } from '../../src/call/directory.js'
import { emergencyDialled } from '../../src/model/emergency.js'
import type { Step } from './controller.js'
import { isQuestion, slotsOf } from './invariants.js'
import type { Seen } from './seen.js'

const FORWARDS = ['cfu', 'cfb', 'cfnr', 'cfnl'] as const

/** Which of the states that only luck leads to this step has reached. */
export function notice(step: Step, directory: Directory, seen: Seen): void {
  const { event, before, decision } = step
  if ('leg' in event && event.kind !== 'gone' && before.ledger.ended.has(event.leg)) {
    seen.add('an event of a leg that had ended')
  }
  if (event.kind === 'snapshot') noticeList(step, seen)
  if (event.kind === 'created' && event.direction === 'out') {
    const { calls = 0 } = directory.lines.get(event.line) ?? {}
    const emergency = emergencyDialled(event.dialled, directory.emergencyNumbers)
    if (emergency !== undefined && slotsOf(decision.state, event.line).length > calls) {
      seen.add('emergency over the limit')
    }
  }
  if (isQuestion(event)) noticeAnswer(step, directory, seen)
}

function noticeList({ decision }: Step, seen: Seen): void {
  const healed = decision.effects.flatMap((effect) =>
    effect.kind === 'note' && effect.note.kind === 'healed' ? [effect.note] : [],
  )
  if (healed.length === 0) seen.add('the list finds nothing')
  for (const { released, adopted } of healed) {
    if (released > 0) seen.add('a leak found by the list')
    if (adopted > 0) seen.add('a leg missing found by the list')
  }
}

function noticeAnswer(
  { event, before, decision }: Step,
  directory: Directory,
  seen: Seen,
): void {
  for (const effect of decision.effects) {
    if (effect.kind !== 'note' || effect.note.kind !== 'decided') continue
    const { step, answer, leg } = effect.note
    if (answer.kind === 'recall') seen.add('recall')
    if (answer.kind === 'intercom') seen.add('intercom')
    else if (step === 'intercom') seen.add('intercom refused')
    if (step === 'tooManyForwards') seen.add('too many hops')
    if (
      step === 'noFreeCallSlot' &&
      [...before.ledger.holdings.values()].some(isReservation)
    ) {
      seen.add('the last slot raced for')
    }
    if (event.kind === 'transfer' && answer.kind === 'ring') {
      const { calls } = directory.lines.get(event.transferor) ?? {}
      if (slotsOf(decision.state, event.transferor).length === calls) {
        seen.add('transfer accepted with the last free slot')
      }
    }
    const { forwardedBy = [], forwards = [] } = decision.state.calls.get(leg) ?? {}
    if (forwardedBy.length === 5) seen.add('five hops')
    if (step === 'forwardLoop') noticeLoop(forwardedBy.length + 1, seen)
    for (const kind of FORWARDS)
      if (forwards.some((each) => each.kind === kind)) seen.add(kind)
  }
}

function isReservation({ kind }: { kind: string }): boolean {
  return kind === 'reservation'
}

function noticeLoop(length: number, seen: Seen): void {
  if (length === 1) seen.add('a loop of 1')
  if (length === 2) seen.add('a loop of 2')
  if (length === 3) seen.add('a loop of 3')
  if (length === 4) seen.add('a loop of 4')
  if (length === 5) seen.add('a loop of 5')
}
