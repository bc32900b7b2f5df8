import { closeSync, existsSync, fstatSync, openSync, readSync, renameSync } from 'node:fs'
import { parse } from 'csv-parse/sync'
import type { CallDetail } from '../model/call-detail.js'
import type { CallDetails } from './call-details.js'

/** Read to its end, a longer book is put aside; Asterisk begins another. */
const LONG = 16 * 1024 * 1024
const MOST_AT_ONCE = 4 * 1024 * 1024

/** One line of the book: a dial of a calling leg, or its whole call (cdr_custom.conf). */
interface Entry {
  readonly leg: string
  readonly channel: string
  readonly source: string
  readonly dialled: string
  readonly startedAt: number
  readonly answeredAt: number | null
  readonly endedAt: number
}

/**
 * Asterisk's own book of calls, a CSV file that it writes by itself. What the controller
 * did not see, because it was away, is taken from there: whole calls, and the ends of
 * those that ended meanwhile.
 */
export class AsteriskBook {
  readonly #file: string
  readonly #details: CallDetails

  constructor(file: string, details: CallDetails) {
    this.#file = file
    this.#details = details
  }

  /** Reads on where it stopped; returns how many calls it added or completed. */
  readOn(): number {
    if (!existsSync(this.#file)) return 0
    const opened = openSync(this.#file, 'r')
    try {
      const { ino, size } = fstatSync(opened)
      const { file, offset } = this.#details.bookmark
      const begin = file === String(ino) && offset <= size ? offset : 0
      const bytes = Buffer.alloc(Math.min(size - begin, MOST_AT_ONCE))
      const read = readSync(opened, bytes, 0, bytes.length, begin)
      // The last line may be half written.
      const whole = bytes.subarray(0, read).lastIndexOf(0x0a) + 1
      const added = this.#take(entriesIn(bytes.subarray(0, whole).toString('utf8')))
      const end = begin + whole
      if (whole > 0) this.#details.bookmark = { file: String(ino), offset: end }
      if (end === size && size > LONG) renameSync(this.#file, `${this.#file}.1`)
      return added
    } finally {
      closeSync(opened)
    }
  }

  #take(entries: readonly Entry[]): number {
    const byLeg = grouped(entries)
    const written: CallDetail[] = []
    for (const [leg, dials] of byLeg) {
      const known = this.#details.ofLeg(leg)
      const last = known.at(-1)
      const seen = detailOf(dials)
      if (!last) {
        if (seen) written.push(seen)
      } else if (seen && (last.source === 'asterisk' || isUnended(last)))
        written.push({
          ...last,
          answeredAt: last.answeredAt ?? seen.answeredAt,
          endedAt: seen.endedAt,
        })
    }
    if (written.length > 0) this.#details.write(written)
    return written.length
  }
}

/** Its end was guessed from a list, or is not known at all. */
function isUnended({ endedAt, cause }: CallDetail): boolean {
  return endedAt === null || cause === null
}

function grouped(entries: readonly Entry[]): Map<string, Entry[]> {
  const groups = new Map<string, Entry[]>()
  for (const entry of entries) {
    const group = groups.get(entry.leg)
    if (group) group.push(entry)
    else groups.set(entry.leg, [entry])
  }
  return groups
}

function entriesIn(text: string): Entry[] {
  const rows: string[][] = parse(text, {
    relaxColumnCount: true,
    relaxQuotes: true,
    skipRecordsWithError: true,
  })
  return rows.flatMap(([leg, start, answer, end, source, dialled, channel]) => {
    const [startedAt, answeredAt, endedAt] = [start, answer, end].map(instant)
    if (!leg || !startedAt || !endedAt) return []
    return [
      {
        ...{ leg, startedAt, endedAt, answeredAt: answeredAt || null },
        ...{ channel: channel ?? '', source: source ?? '', dialled: dialled ?? '' },
      },
    ]
  })
}

/** `1770000000.123456`; zero where there was none. */
function instant(text: string | undefined): number {
  return Math.round(Number(text ?? 0) * 1000) || 0
}

/** A call as Asterisk saw it: of the rules that decided it knows nothing. */
function detailOf(dials: readonly Entry[]): CallDetail | undefined {
  const [first] = dials
  if (!first) return undefined
  const endpoint = /^PJSIP\/(.+)-[0-9a-f]{8}$/.exec(first.channel)?.[1]
  if (endpoint === undefined) return undefined
  const line = /^\d+$/.test(endpoint) ? endpoint : null
  const answers = dials.flatMap(({ answeredAt }) => answeredAt ?? [])
  return {
    id: first.leg,
    leg: first.leg,
    direction: line === null ? 'incoming' : 'outgoing',
    line,
    from: line ?? (first.source === '' ? null : first.source),
    to: /^[0-9*#+]+$/.test(first.dialled) ? first.dialled : '',
    destination: 'service',
    planType: null,
    ...{ legs: [], forwards: [], steps: [] },
    startedAt: Math.min(...dials.map(({ startedAt }) => startedAt)),
    answeredAt: answers.length > 0 ? Math.min(...answers) : null,
    endedAt: Math.max(...dials.map(({ endedAt }) => endedAt)),
    cause: null,
    source: 'asterisk',
  }
}
