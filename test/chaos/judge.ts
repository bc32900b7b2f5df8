import type { Counted, Noted } from './traffic.js'

/** What a run came to, by SIPp's own notes on both sides (R04, R05); never by our metrics. */
export interface Verdict {
  readonly attempts: number
  readonly connected: number
  readonly refused: number
  /** Neither: unanswered, cut in the middle, or answered by what no rule says. */
  readonly lost: number
  /** The same, but while Asterisk was dead or not yet back. */
  readonly excused: number
  /** The accounting law: attempts that are none of these; SIPp and its notes must agree. */
  readonly unaccounted: number
  /** Instants at which a line had more calls than its limit, and by how many at most. */
  readonly overLimit: number
  /** Calls refused although the line had a free call. */
  readonly wronglyRefused: number
  /** The final answers and how often: `200×31 486×9`. */
  readonly answers: string
  /** From INVITE to the first ringing or refusal. */
  readonly p50Ms: number
  readonly p99Ms: number
  readonly p999Ms: number
  readonly longestMs: number
  /** The first calls that were lost or wrongly refused: line, answer, when. */
  readonly wrongOnes?: string
}

interface Call {
  readonly line: string
  readonly beganAt: number
  firstAt: number | undefined
  status: number | undefined
  statusAt: number | undefined
  byeSent: boolean
  byeReceived: boolean
  byeConfirmed: boolean
  endedAt: number | undefined
}

/** From the death of Asterisk until it serves again. */
export interface Reset {
  readonly at: number
  readonly until: number
}

export interface Evidence {
  readonly callers: readonly (readonly Noted[])[]
  readonly counted: readonly Counted[]
  readonly phones: readonly Noted[]
  /** By canonical number. */
  readonly limits: ReadonlyMap<string, number>
  /** Asterisk was killed: calls of before end then. */
  readonly resets?: readonly Reset[]
  /** How long a slot may stay in use after its call has ended. */
  readonly graceMs?: number
}

export function judge(evidence: Evidence): Verdict {
  const calls = evidence.callers.flatMap(callsIn)
  const { resets = [] } = evidence
  for (const call of calls) call.endedAt ??= resetAfter(call.beganAt, resets)
  const connected = calls.filter(isComplete)
  const refused = calls.filter(({ status }) => [486, 480, 503].includes(status ?? 0))
  const failures = calls.filter((call) => !isComplete(call) && !refused.includes(call))
  const excused = failures.filter((call) => isExcused(call, resets))
  const created = sum(evidence.counted.map((each) => each.created))
  const failed = sum(evidence.counted.map((each) => each.failed))
  const successful = sum(evidence.counted.map((each) => each.successful))
  const lost = failures.filter((call) => !excused.includes(call))
  const wrong = refused.filter(
    (call) => !isExcused(call, resets) && isWrong(call, calls, evidence),
  )
  const wrongOnes = [...lost, ...wrong].slice(0, 5).map(shown)
  const waits = calls
    .flatMap(({ beganAt, firstAt }) => (firstAt === undefined ? [] : [firstAt - beganAt]))
    .sort((a, b) => a - b)
  return {
    attempts: created,
    connected: connected.length,
    refused: refused.length,
    lost: lost.length,
    excused: excused.length,
    unaccounted:
      Math.abs(created - calls.length) +
      Math.abs(successful + failed - created) +
      Math.abs(failed - failures.length),
    overLimit: overLimitOf(evidence),
    answers: answersOf(calls),
    wronglyRefused: wrong.length,
    p50Ms: percentile(waits, 0.5),
    p99Ms: percentile(waits, 0.99),
    p999Ms: percentile(waits, 0.999),
    longestMs: waits.at(-1) ?? 0,
    ...(wrongOnes.length > 0 && { wrongOnes: wrongOnes.join(', ') }),
  }
}

function shown({ line, status = 0, beganAt }: Call): string {
  return `${line} ${status} ${new Date(beganAt).toISOString().slice(11, 23)}`
}

/** Calls to each line that were answered and ended as they should, by canonical number. */
export function connectedByLine(callers: readonly Noted[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const { line } of callsIn(callers).filter(isComplete)) {
    counts.set(line, (counts.get(line) ?? 0) + 1)
  }
  return counts
}

/** Calls of before the death of Asterisk ended with it. */
function resetAfter(at: number, resets: readonly Reset[]): number | undefined {
  return resets.find((reset) => reset.at >= at)?.at
}

/** It was there, or came, while Asterisk was dead. */
function isExcused({ beganAt, endedAt }: Call, resets: readonly Reset[]): boolean {
  return resets.some(
    ({ at, until }) => beganAt <= until && (endedAt === undefined || endedAt >= at),
  )
}

function answersOf(calls: readonly Call[]): string {
  const counts = new Map<string, number>()
  for (const { status } of calls) {
    const name = String(status ?? 'none')
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return [...counts].map(([name, count]) => `${name}×${count}`).join(' ')
}

function callsIn(noted: readonly Noted[]): Call[] {
  const calls = new Map<string, Call>()
  for (const { atMs, sent, call: id, line, method } of noted) {
    const [, number] = /^INVITE sip:\+?(\d+)@/.exec(line) ?? []
    if (sent && number !== undefined && !calls.has(id))
      calls.set(id, begun(`00${number}`, atMs))
    const call = calls.get(id)
    if (!call) continue
    const status = Number(/^SIP\/2\.0 (\d{3})/.exec(line)?.[1] ?? 0)
    if (!sent && status > 100 && method === 'INVITE') call.firstAt ??= atMs
    if (!sent && status >= 200 && method === 'INVITE' && call.status === undefined) {
      call.status = status
      call.statusAt = atMs
      if (status >= 300) call.endedAt = atMs
    }
    if (line.startsWith('BYE ')) {
      if (sent) call.byeSent = true
      else call.byeReceived = true
    }
    if (!sent && status === 200 && method === 'BYE') {
      call.byeConfirmed = true
      call.endedAt = atMs
    }
  }
  return [...calls.values()]
}

function begun(line: string, beganAt: number): Call {
  return {
    ...{ line, beganAt, firstAt: undefined, status: undefined, statusAt: undefined },
    ...{ byeSent: false, byeReceived: false, byeConfirmed: false, endedAt: undefined },
  }
}

/** Answered, talked its time, hung up by the caller, and the hang-up was confirmed. */
function isComplete({ status, byeSent, byeReceived, byeConfirmed }: Call): boolean {
  return status === 200 && byeSent && !byeReceived && byeConfirmed
}

/**
 * Refused although fewer calls than the limit were there: begun before its refusal and
 * not ended, with some grace, before it began.
 */
function isWrong(refused: Call, calls: readonly Call[], evidence: Evidence): boolean {
  if (refused.status !== 486) return true
  const { graceMs = 500, limits } = evidence
  const others = calls.filter(
    (each) =>
      each !== refused &&
      each.line === refused.line &&
      each.status !== 486 &&
      each.beganAt <= (refused.statusAt ?? Infinity) &&
      (each.endedAt ?? Infinity) + graceMs >= refused.beganAt,
  )
  return others.length < (limits.get(refused.line) ?? 0)
}

/** The phones' own timeline: INVITE to BYE, CANCEL or the end of Asterisk. */
function overLimitOf({ phones, limits, resets = [] }: Evidence): number {
  const changes: { readonly at: number; readonly line: string; readonly by: number }[] =
    []
  const open = new Map<string, { readonly line: string; readonly at: number }>()
  for (const { atMs, sent, call, line } of phones) {
    // A phone ends its call by a BYE of its own, or is told.
    if (sent && !line.startsWith('BYE ')) continue
    const [, number] = /^INVITE sip:(\d+)@/.exec(line) ?? []
    if (number !== undefined && !open.has(call))
      open.set(call, { line: number, at: atMs })
    const ends = line.startsWith('BYE ') || line.startsWith('CANCEL ')
    const held = open.get(call)
    if (!ends || !held) continue
    changes.push({ ...held, by: 1 }, { at: atMs, line: held.line, by: -1 })
    open.delete(call)
  }
  for (const held of open.values()) {
    const reset = resetAfter(held.at, resets)
    changes.push({ ...held, by: 1 })
    if (reset !== undefined) changes.push({ at: reset, line: held.line, by: -1 })
  }
  const inUse = new Map<string, number>()
  const overSince = new Map<string, { readonly at: number; readonly by: number }>()
  let over = 0
  // An end and a begin in the same millisecond: the end came first.
  for (const { line, by, at } of changes.sort((a, b) => a.at - b.at || a.by - b.by)) {
    const now = (inUse.get(line) ?? 0) + by
    inUse.set(line, now)
    const excess = now - (limits.get(line) ?? Infinity)
    const since = overSince.get(line)
    if (excess > 0) {
      overSince.set(line, { at: since?.at ?? at, by: Math.max(excess, since?.by ?? 0) })
    } else if (since) {
      overSince.delete(line)
      if (at - since.at > CROSSING_MS) over = Math.max(over, since.by)
    }
  }
  return Math.max(over, 0, ...[...overSince.values()].map(({ by }) => by))
}

/** The BYE of one call and the INVITE of the next may pass each other on the way. */
const CROSSING_MS = 200

export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
