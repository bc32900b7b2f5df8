import type { Line } from '../model/line.js'
import { toCarrier } from '../model/phone-number.js'
import type { Trunk } from '../model/site.js'
import type { Answer, Attempt } from './answer.js'
import { unguarded } from './call-back.js'
import { type Decided, firstOf, type Step } from './decided.js'
import type { DialStatus } from './event.js'
import { forward } from './forward.js'
import type { Routing } from './routing.js'

/** A dial that nobody answered. */
export interface Ended {
  readonly attempt: Attempt
  readonly status: DialStatus
  /** Q.850; 0 when the other side gave none. */
  readonly cause: number
  readonly routing: Routing
}

/** Asked in this order; the first step that answers decides (spec D3, steps 12a to 12d). */
const STEPS: readonly Step<Ended>[] = [
  ['nextTrunk', onNextTrunk],
  ['trunkRefused', onTrunkRefused],
  ['redirected', onRedirected],
  ['busy', onBusy],
  ['declined', onDeclined],
  ['noAnswer', onNoAnswer],
  ['notReachable', onNotReachable],
]

/** A dial ended without an answer: where the call goes next, or what the caller gets. */
export function conclude(ended: Ended): Decided {
  const { attempt } = ended
  return firstOf(STEPS, ended, attempt.kind === 'trunk' ? attempt.trunk : attempt.line)
}

/** A carrier that is out of order or full is no reason to refuse while another is left. */
function onNextTrunk({ attempt, status, cause, routing }: Ended): Answer | undefined {
  if (attempt.kind !== 'trunk' || !isTrunkFailure(status, cause)) return undefined
  const { trunks } = routing.directory
  const tried = trunks.findIndex((trunk) => trunk.name === attempt.trunk)
  const next = tried < 0 ? undefined : trunks[tried + 1]
  return next && through(next, attempt)
}

/** Every carrier writes numbers in its own way. */
function through(trunk: Trunk, attempt: Attempt & { kind: 'trunk' }): Answer {
  const written = (number: string): string =>
    toCarrier(number.replace(/^\+/, '00'), trunk.format)
  const { number, presented, diversion } = attempt
  return {
    ...attempt,
    trunk: trunk.name,
    number: written(number),
    presented: presented && written(presented),
    ...(diversion && { diversion: { ...diversion, by: written(diversion.by) } }),
  }
}

/** The carrier's verdict on the number is the caller's answer; a silent one is no circuit. */
function onTrunkRefused({ attempt, status, cause }: Ended): Answer | undefined {
  if (attempt.kind !== 'trunk') return undefined
  if (isTrunkFailure(status, cause)) return { kind: 'refuse', cause: 'noCircuit' }
  if (status === 'BUSY') return { kind: 'refuse', cause: 'userBusy' }
  if (cause === 1) return { kind: 'refuse', cause: 'unallocatedNumber' }
  if (cause === 21) return { kind: 'refuse', cause: 'callRejected' }
  if (cause === 28) return { kind: 'refuse', cause: 'invalidNumberFormat' }
  return { kind: 'refuse', cause: 'noAnswer' }
}

/** A phone's 302 arrives as BUSY with cause 0, and nothing is dialled by it (L17, T10). */
function onRedirected({ status, cause }: Ended): Answer | undefined {
  if (status !== 'BUSY' || cause === 17) return undefined
  return { kind: 'refuse', cause: 'subscriberAbsent' }
}

/** User-determined busy: the phone said 486 or 600 (spec D2). */
function onBusy(ended: Ended): Answer | Decided | undefined {
  if (ended.status !== 'BUSY') return undefined
  return (
    forwardOf(ended, (line, routing) => {
      const { busy } = line.forwarding
      return busy && forward(line, 'cfb', busy.to, routing)
    }) ?? { kind: 'refuse', cause: 'userBusy' }
  )
}

/** 603, which Asterisk reports as CHANUNAVAIL and tells apart only by its cause. */
function onDeclined({ cause }: Ended): Answer | undefined {
  return cause === 21 ? { kind: 'refuse', cause: 'callRejected' } : undefined
}

/**
 * The time of the forward, or `MAX_RING_SECONDS`, is over; or the phone said 480. One
 * that has said nothing at all in that time (18) has not rung: it is not reachable.
 */
function onNoAnswer(ended: Ended): Answer | Decided | undefined {
  if (ended.attempt.kind === 'ring' && ended.cause === 18) return undefined
  if (ended.status !== 'NOANSWER' && ended.status !== 'CANCEL') return undefined
  return (
    forwardOf(ended, (line, routing) => {
      const { noAnswer } = line.forwarding
      return noAnswer && forward(line, 'cfnr', noAnswer.to, routing)
    }) ?? { kind: 'refuse', cause: 'noAnswer' }
  )
}

/** No contact (cause 3), silent (18), out of order: 480, never 404 or 408 (contract). */
function onNotReachable(ended: Ended): Answer | Decided {
  return (
    forwardOf(ended, (line, routing) => {
      const { unreachable } = line.forwarding
      return unreachable && forward(line, 'cfnl', unreachable.to, routing)
    }) ?? { kind: 'refuse', cause: 'subscriberAbsent' }
  )
}

/** Only a line that was rung as such forwards: no intercom, no recall (spec A8). */
function forwardOf(
  { attempt, routing }: Ended,
  forwardOfLine: (line: Line, routing: Routing) => Decided | undefined,
): Decided | undefined {
  if (attempt.kind !== 'ring') return undefined
  const line = routing.directory.lines.get(attempt.line)
  if (!line) return undefined
  const asked = routing.calledEmergency(line.number) ? unguarded(line) : line
  return forwardOfLine(asked, routing)
}

/** No contact, no answer in time, or the carrier's own congestion (F36). */
function isTrunkFailure(status: DialStatus, cause: number): boolean {
  if (status === 'CONGESTION') return true
  return status === 'CHANUNAVAIL' && [0, 3, 18, 27, 34, 38, 42, 58, 127].includes(cause)
}
