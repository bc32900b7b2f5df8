import type { Directory } from '../call/directory.js'
import type { Assumed, Caller } from '../call/explain.js'
import type { Line } from '../model/line.js'
import { parseNumber } from '../model/phone-number.js'

/** What was asked for cannot be understood; the message says why, and what can. */
export class ExplainUsageError extends Error {
  override name = 'ExplainUsageError'
}

/**
 * `0033972100001=busy:2,0033972100002=unreachable`: for each line, in any
 * spelling, `busy` (every call slot in use), `busy:N` (N of them) or
 * `unreachable`; a line may be named twice.
 */
export function assumedOf(text: string, directory: Directory): Assumed {
  const inUse = new Map<string, number>()
  const unreachable = new Set<string>()
  for (const part of text.split(',').filter((each) => each.trim() !== '')) {
    const [, number, word, count] =
      /^\s*([^=]+)=([a-z]+)(?::(\d{1,2}))?\s*$/.exec(part) ?? []
    if (number === undefined) throw wrongState(part)
    const line = lineOf(number, directory)
    if (!line) throw new ExplainUsageError(`--state: ${number} is no line of the site`)
    if (word === 'busy')
      inUse.set(line.number, count === undefined ? line.calls : Number(count))
    else if (word === 'unreachable' && count === undefined) unreachable.add(line.number)
    else throw wrongState(part)
  }
  return { inUse, unreachable }
}

/** A line in any spelling; `anonymous`; or any other number, which calls from outside. */
export function callerOf(text: string, directory: Directory): Caller {
  if (text === 'anonymous') return { kind: 'outside', number: '' }
  const parsed = parseNumber(text, directory.country)
  if (parsed.kind !== 'number') {
    throw new ExplainUsageError(
      `--from: ${JSON.stringify(text)} is no telephone number. Give a line of the site, a ` +
        'number outside, or anonymous',
    )
  }
  const { number } = parsed
  if (directory.lines.has(number)) return { kind: 'line', line: number }
  if (!directory.aliases.has(number)) return { kind: 'outside', number }
  throw new ExplainUsageError(`--from: ${number} is an alias, from which nobody calls`)
}

/** An instant, ISO 8601 with or without zone. */
export function instantOf(text: string): string {
  const at = /^\d{4}-\d\d-\d\d(T\d\d:\d\d.*)?$/.test(text) ? new Date(text) : undefined
  if (at && !Number.isNaN(at.getTime())) return at.toISOString()
  throw new ExplainUsageError(
    `--at: ${JSON.stringify(text)} is no instant. Write it like 2026-01-31T23:59:50+01:00`,
  )
}

function lineOf(text: string, { country, lines }: Directory): Line | undefined {
  const parsed = parseNumber(text.trim(), country)
  return parsed.kind === 'number' ? lines.get(parsed.number) : undefined
}

function wrongState(part: string): ExplainUsageError {
  return new ExplainUsageError(
    `--state: ${JSON.stringify(part)} is not understood. Write LINE=busy, LINE=busy:2 or ` +
      'LINE=unreachable, with commas between them',
  )
}
