import type { CallDetail } from '../model/call-detail.js'
import { PACE } from '../model/pace.js'
import { CAUSES } from './cause.js'

/*
 * What a flood leaves behind (row S13). A line that begins 500 calls a second gets 503 for
 * 495 of them; a record and a line of the log for each would fill the disk as fast as it can
 * dial. So the first that is refused has a record like any call, which counts those after
 * it. Calls that passed have their own, however they ended: the pace bounds them.
 */

/** One record counts for so long. */
const RECORD_MS = 60_000
/** Without a refused call for so long, the flood is over. */
const QUIET_MS = 10_000

/** The records that still count, by line. */
export class Floods {
  readonly #records = new Map<string, CallDetail>()
  readonly #byDialplan = new Map<string, { since: number; count: number }>()

  /** The record of a call that has ended: its own, or that of the flood it is part of. */
  counted(ended: CallDetail, now: number): CallDetail {
    const { line } = ended
    if (line === null) return ended
    const known = this.#records.get(line)
    const flood = known && !isOver(known, now) ? known : undefined
    const isPart =
      isTooFast(ended.steps) ||
      (isRefusedByDialplan(ended) && (flood || this.#isOneTooMany(line, now)))
    if (!isPart) return ended
    const record = flood
      ? { ...flood, endedAt: now, calls: (flood.calls ?? 1) + 1 }
      : ended
    this.#records.set(line, record)
    return record
  }

  /** Those that count no more. Each is told once. */
  over(now: number): CallDetail[] {
    for (const [line, { since }] of this.#byDialplan)
      if (now - since >= RECORD_MS) this.#byDialplan.delete(line)
    const over = [...this.#records].filter(([, record]) => isOver(record, now))
    for (const [line] of over) this.#records.delete(line)
    return over.map(([, record]) => record)
  }

  #isOneTooMany(line: string, now: number): boolean {
    const { since = now, count = 0 } = this.#byDialplan.get(line) ?? {}
    this.#byDialplan.set(line, { since, count: count + 1 })
    return count >= PACE.atOnce
  }
}

/** Whether a call is refused, or will be, as one begun too fast. */
export function isTooFast(steps: readonly string[]): boolean {
  return steps.at(-1) === 'tooFast'
}

/** In a flood questions come too late, and the dialplan decides: for it both limits are one. */
function isRefusedByDialplan({ steps, cause, answeredAt, legs }: CallDetail): boolean {
  const isUnasked = steps.length === 0 && legs.length === 0
  return isUnasked && answeredAt === null && cause === CAUSES.noCircuit
}

function isOver({ startedAt, endedAt }: CallDetail, now: number): boolean {
  return now - startedAt >= RECORD_MS || now - (endedAt ?? now) >= QUIET_MS
}
