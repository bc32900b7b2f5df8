import { closeSync, existsSync, fstatSync, openSync, readSync, renameSync } from 'node:fs'
import { parse } from 'csv-parse/sync'
import type { CallDetail, DetailForward, DetailLeg } from '../model/call-detail.js'
import { callerOnRecord, dialledOnRecord } from '../model/on-record.js'
import type { CallDetails } from './call-details.js'
import { isNoCircuit, RefusedCalls } from './refused-calls.js'

/** Read to its end, a longer book is put aside; Asterisk begins another. */
const LONG = 16 * 1024 * 1024
const MOST_AT_ONCE = 4 * 1024 * 1024
/** The controller writes down what it saw within this time. */
const OURS_WITHIN_MS = 2_000
/** Q.850 */
const NORMAL = 16
const BUSY = 17

/** One line of the book: a dial of a calling leg, or its whole call (cdr_custom.conf). */
interface Entry {
  readonly leg: string
  readonly channel: string
  readonly source: string
  /** Where in the dialplan it came to, and what was dialled before if it is known. */
  readonly context: string
  readonly extension: string
  readonly dialled: string
  readonly forwards: string
  /** The channel that was rung. */
  readonly rung: string
  readonly disposition: string
  readonly startedAt: number
  readonly answeredAt: number | null
  readonly endedAt: number
  /** Where its line of the book ends. */
  readonly bytes: number
}

/**
 * Asterisk's own book of calls, a CSV file that it writes by itself. What the controller
 * did not see, because it was away, is taken from there: whole calls, and the ends of
 * those that ended meanwhile.
 */
export class AsteriskBook {
  readonly #file: string
  readonly #details: CallDetails
  readonly #now: () => number

  constructor(file: string, details: CallDetails, now: () => number = Date.now) {
    this.#file = file
    this.#details = details
    this.#now = now
  }

  /** Reads on where it stopped; returns the calls it added or completed. */
  readOn(): readonly CallDetail[] {
    if (!existsSync(this.#file)) return []
    const opened = openSync(this.#file, 'r')
    try {
      const { ino, size } = fstatSync(opened)
      const { file, offset } = this.#details.bookmark
      const begin = file === String(ino) && offset <= size ? offset : 0
      const bytes = Buffer.alloc(Math.min(size - begin, MOST_AT_ONCE))
      const read = readSync(opened, bytes, 0, bytes.length, begin)
      // The last line may be half written.
      const whole = bytes.subarray(0, read).lastIndexOf(0x0a) + 1
      const entries = entriesIn(bytes.subarray(0, whole))
      // One that is long enough to be put aside is read to its end.
      const fresh = size > LONG ? -1 : entries.findIndex((entry) => this.#isFresh(entry))
      const ripe = fresh < 0 ? entries : entries.slice(0, fresh)
      const added = this.#take(ripe)
      const end = begin + (fresh < 0 ? whole : (ripe.at(-1)?.bytes ?? 0))
      if (end > begin) this.#details.bookmark = { file: String(ino), offset: end }
      if (end === size && size > LONG) renameSync(this.#file, `${this.#file}.1`)
      return added
    } finally {
      closeSync(opened)
    }
  }

  #take(entries: readonly Entry[]): readonly CallDetail[] {
    const written: CallDetail[] = []
    const refused = new RefusedCalls(this.#details)
    for (const [leg, dials] of grouped(entries)) {
      const last = this.#details.ofLeg(leg).at(-1)
      const seen = detailOf(dials)
      if (!seen) continue
      if (!last) {
        if (isNoCircuit(seen)) refused.add(seen)
        else written.push(seen)
      } else if (last.source === 'asterisk' || isUnended(last))
        written.push(completed(last, seen))
      else if (isAnsweredUnheard(last, seen))
        written.push({ ...last, answeredAt: seen.answeredAt })
    }
    written.push(...refused.records())
    if (written.length > 0) this.#details.write(written)
    return written
  }

  /** An end in the future is none: the clock was set back. */
  #isFresh({ endedAt }: Entry): boolean {
    const age = this.#now() - endedAt
    return age >= 0 && age < OURS_WITHIN_MS
  }
}

function completed(last: CallDetail, seen: CallDetail): CallDetail {
  const { answeredAt, endedAt, cause, legs, forwards } = seen
  const known = new Set(last.legs.map(({ startedAt }) => startedAt))
  return {
    ...last,
    answeredAt: last.answeredAt ?? answeredAt,
    ...{ endedAt, cause },
    ...(last.source === 'asterisk' && {
      legs: [...last.legs, ...legs.filter(({ startedAt }) => !known.has(startedAt))],
      forwards: forwards.length > 0 ? forwards : last.forwards,
    }),
  }
}

/** Its end was guessed from a list, or is not known at all. */
function isUnended({ endedAt, cause }: CallDetail): boolean {
  return endedAt === null || cause === null
}

/**
 * It was answered while we were away, and ended when we were back. A leg that was asked for
 * its PIN was up before anybody rang.
 */
function isAnsweredUnheard(last: CallDetail, { answeredAt }: CallDetail): boolean {
  if (last.answeredAt !== null || answeredAt === null) return false
  const ringing = last.legs.map(({ startedAt }) => startedAt)
  return ringing.length > 0 && answeredAt > Math.min(...ringing)
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

function entriesIn(text: Buffer): Entry[] {
  const rows: string[][] = parse(text, {
    onRecord: (record: string[], { bytes }) => [String(bytes), ...record],
    relaxColumnCount: true,
    relaxQuotes: true,
    skipRecordsWithError: true,
  })
  return rows.flatMap((row) => {
    const [bytes, leg, start, answer, end, source, extension, channel, ...more] = row
    const [rung, disposition, context, dialled, forwards] = more
    const [startedAt, answeredAt, endedAt] = [start, answer, end].map(instant)
    if (!leg || !startedAt || !endedAt) return []
    return [
      {
        ...{ leg, startedAt, endedAt, answeredAt: answeredAt || null },
        ...{ channel: channel ?? '', source: source ?? '', extension: extension ?? '' },
        ...{ rung: rung ?? '', disposition: disposition ?? '', context: context ?? '' },
        ...{ dialled: dialled ?? '', forwards: forwards ?? '' },
        bytes: Number(bytes),
      },
    ]
  })
}

/** `1770000000.123456`; zero where there was none. */
function instant(text: string | undefined): number {
  return Math.round(Number(text ?? 0) * 1000) || 0
}

/**
 * A call as Asterisk saw it: of the rules that decided it knows nothing. What its numbers
 * mean, the directory says (`seenByAsterisk`).
 */
function detailOf(dials: readonly Entry[]): CallDetail | undefined {
  const [first] = dials
  if (!first) return undefined
  const endpoint = endpointOf(first.channel)
  if (endpoint === undefined) return undefined
  const line = /^\d+$/.test(endpoint) ? endpoint : null
  const answers = dials.flatMap((dial) => (isAnswered(dial) ? dial.answeredAt : []) ?? [])
  return {
    id: first.leg,
    leg: first.leg,
    direction: line === null ? 'incoming' : 'outgoing',
    line,
    from: line ?? (callerOnRecord(first.source) || null),
    to: dialledIn(dials),
    destination: 'service',
    planType: null,
    legs: dials.flatMap(legOf),
    forwards: forwardsIn(
      dials.findLast(({ forwards }) => forwards !== '')?.forwards ?? '',
    ),
    steps: [],
    startedAt: Math.min(...dials.map(({ startedAt }) => startedAt)),
    answeredAt: answers.length > 0 ? Math.min(...answers) : null,
    endedAt: Math.max(...dials.map(({ endedAt }) => endedAt)),
    cause: causeOf(dials),
    source: 'asterisk',
  }
}

function endpointOf(channel: string): string | undefined {
  return /^PJSIP\/(.+)-[0-9a-f]{8}$/.exec(channel)?.[1]
}

/** An announcement is heard, but nobody has answered. */
function isAnswered({ context, answeredAt }: Entry): boolean {
  return context !== 'announce' && answeredAt !== null
}

/** The degraded path notes it down; an emergency call never goes there. */
function dialledIn(dials: readonly Entry[]): string {
  const noted = dials.findLast(({ dialled }) => dialled !== '')?.dialled
  const to = noted ?? dials[0]?.extension ?? ''
  return /^[0-9*#+]+$/.test(to) ? dialledOnRecord(to) : ''
}

function legOf({ rung, startedAt, answeredAt, endedAt }: Entry): DetailLeg[] {
  const endpoint = endpointOf(rung)
  if (endpoint === undefined) return []
  return [{ leg: '', endpoint, startedAt, ...(answeredAt && { answeredAt }), endedAt }]
}

/** `0033972100003*cfu*0033612345678/…`, as [degraded-forward] writes them. */
function forwardsIn(text: string): DetailForward[] {
  return [...text.matchAll(/(\d+)\*(\w+)\*(\d+)\//g)].map(
    ([, by = '', kind = '', to = '']) => ({
      ...{ by, kind, to, destination: 'service', planType: 'outplan' },
    }),
  )
}

/** A refusal and an announcement are named after their cause. */
function causeOf(dials: readonly Entry[]): number | null {
  const last = dials.at(-1)
  if (!last) return null
  if (last.context === 'refuse' || last.context === 'announce')
    return Number.parseInt(last.extension, 10) || null
  if (last.disposition === 'BUSY') return BUSY
  return dials.some(isAnswered) ? NORMAL : null
}
