import type { Line } from '../model/line.js'
import { MAX_RING_SECONDS } from '../model/ring.js'
import type { Answer } from './answer.js'

/** What a line is doing when a call arrives. */
export interface LineStatus {
  /** Call slots in use, the asking call not counted. */
  readonly inUse: number
}

type Step = readonly [name: string, (line: Line, status: LineStatus) => Answer | undefined]

/** Asked in this order; the first step that answers decides (spec D3). */
const STEPS: readonly Step[] = [
  ['noFreeCallSlot', onNoFreeCallSlot],
  ['ring', onRing],
]

/** A decision and the name of the step that took it, for `explain` and the log. */
export interface Decided {
  readonly step: string
  readonly answer: Answer
}

/** A call reaches a line: from a carrier, from another line, or by a redirection. */
export function arrive(line: Line, status: LineStatus): Decided {
  for (const [step, decide] of STEPS) {
    const answer = decide(line, status)
    if (answer) return { step, answer }
  }
  throw new Error(`arrive: no step decided for line ${line.number}`)
}

/** Network-determined busy: every call slot is in use (spec D2). */
function onNoFreeCallSlot(line: Line, { inUse }: LineStatus): Answer | undefined {
  return inUse >= line.calls ? { kind: 'refuse', cause: 'userBusy' } : undefined
}

function onRing(line: Line, { inUse }: LineStatus): Answer {
  return {
    kind: 'ring',
    line: line.number,
    seconds: MAX_RING_SECONDS,
    waiting: inUse > 0,
  }
}
