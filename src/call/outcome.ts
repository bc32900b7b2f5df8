import type { Answer, Attempt } from './answer.js'
import type { Decided } from './arrival.js'
import type { Directory } from './directory.js'
import type { DialStatus } from './event.js'

/** A dial that nobody answered. */
export interface Ended {
  readonly attempt: Attempt
  readonly status: DialStatus
  /** Q.850; 0 when the other side gave none. */
  readonly cause: number
  readonly directory: Directory
}

type Step = readonly [name: string, (ended: Ended) => Answer | undefined]

/** Asked in this order; the first step that answers decides (spec D3, steps 12a to 12d). */
const STEPS: readonly Step[] = [
  ['nextTrunk', onNextTrunk],
  ['trunkRefused', onTrunkRefused],
  ['lineBusy', onLineBusy],
  ['lineDeclined', onLineDeclined],
  ['lineNoAnswer', onLineNoAnswer],
  ['lineUnreachable', onLineUnreachable],
]

/** A dial ended without an answer: what the caller gets instead. */
export function conclude(ended: Ended): Decided {
  for (const [step, decide] of STEPS) {
    const answer = decide(ended)
    if (answer) return { step, answer }
  }
  throw new Error(`conclude: no step decided for ${ended.attempt.kind} ${ended.status}`)
}

/** A carrier that is out of order or full is no reason to refuse while another is left. */
function onNextTrunk({ attempt, status, cause, directory }: Ended): Answer | undefined {
  if (attempt.kind !== 'trunk' || !isTrunkFailure(status, cause)) return undefined
  const tried = directory.trunks.findIndex((trunk) => trunk.name === attempt.trunk)
  const next = directory.trunks[tried + 1]
  const previous = directory.trunks[tried]
  if (!next || !previous || next.format !== previous.format) return undefined
  return { ...attempt, trunk: next.name }
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

/** User-determined busy: the phone said 486 or 600. A 302 arrives as BUSY with cause 0 (L17). */
function onLineBusy({ status, cause }: Ended): Answer | undefined {
  if (status !== 'BUSY') return undefined
  return { kind: 'refuse', cause: cause === 17 ? 'userBusy' : 'subscriberAbsent' }
}

/** 603, which Asterisk reports as CHANUNAVAIL and tells apart only by its cause. */
function onLineDeclined({ cause }: Ended): Answer | undefined {
  return cause === 21 ? { kind: 'refuse', cause: 'callRejected' } : undefined
}

function onLineNoAnswer({ status }: Ended): Answer | undefined {
  if (status !== 'NOANSWER' && status !== 'CANCEL') return undefined
  return { kind: 'refuse', cause: 'noAnswer' }
}

/** Not registered (cause 3), silent (18), out of order: 480, never 404 or 408 (contract). */
function onLineUnreachable(): Answer {
  return { kind: 'refuse', cause: 'subscriberAbsent' }
}

/** No contact, no answer in time, or the carrier's own congestion (F36). */
function isTrunkFailure(status: DialStatus, cause: number): boolean {
  if (status === 'CONGESTION') return true
  return status === 'CHANUNAVAIL' && [0, 3, 18, 27, 34, 38, 42, 58, 127].includes(cause)
}
