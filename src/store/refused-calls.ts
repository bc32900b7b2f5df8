import type { CallDetail } from '../model/call-detail.js'
import { PACE } from '../model/pace.js'
import type { CallDetails } from './call-details.js'

const MINUTE_MS = 60_000
/** In a flood the controller hears of a call later than Asterisk. */
const BEFORE_MS = 10_000
/** Q.850 */
const NO_CIRCUIT = 34

/** More than its slots or its pace: what a flood is refused for, with or without us. */
export function isNoCircuit({ line, cause, legs }: CallDetail): boolean {
  return line !== null && cause === NO_CIRCUIT && legs.length === 0
}

/**
 * Calls refused for want of a circuit, by line and minute (row S13). Of no more than a line
 * may begin at once each has its record; the next counts all that follow it. Those that the
 * controller has counted already are left out.
 */
export class RefusedCalls {
  readonly #details: CallDetails
  readonly #minutes = new Map<string, CallDetail[]>()
  readonly #floods = new Map<string, readonly CallDetail[]>()

  constructor(details: CallDetails) {
    this.#details = details
  }

  add(seen: CallDetail): void {
    const { line, startedAt } = seen
    const minute = Math.floor(startedAt / MINUTE_MS)
    const key = `${line} ${minute}`
    const floods =
      this.#floods.get(key) ?? this.#details.floods(line ?? '', minute * MINUTE_MS)
    this.#floods.set(key, floods)
    if (floods.some((flood) => isPartOf(seen, flood))) return
    const records = this.#minutes.get(key) ?? []
    this.#minutes.set(key, records)
    const last = records[PACE.atOnce]
    if (!last) records.push(seen)
    else
      records[PACE.atOnce] = {
        ...{ ...last, calls: (last.calls ?? 1) + 1 },
        endedAt: Math.max(last.endedAt ?? 0, seen.endedAt ?? 0),
      }
  }

  records(): CallDetail[] {
    return [...this.#minutes.values()].flat()
  }
}

function isPartOf({ startedAt }: CallDetail, flood: CallDetail): boolean {
  const endedAt = flood.endedAt ?? flood.startedAt
  return startedAt >= flood.startedAt - BEFORE_MS && startedAt <= endedAt
}
