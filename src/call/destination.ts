import { emergencyDialled } from '../model/emergency.js'
import type { Line } from '../model/line.js'
import {
  classify,
  type NumberClass,
  type ParsedNumber,
  parseNumber,
} from '../model/phone-number.js'
import type { Directory } from './directory.js'

/** What a number leads to, before anyone asks whether the call may be made. */
export type Destination =
  | { readonly kind: 'line'; readonly line: Line }
  | { readonly kind: 'emergency'; readonly number: string }
  | { readonly kind: 'outside'; readonly number: string; readonly class: NumberClass }
  /** Well-formed, but nobody has it: an alias without configuration, a short number not in the table. */
  | { readonly kind: 'notInService' }
  /** `123` */
  | { readonly kind: 'voicemail' }
  /** `3691` and a line of the site, or nothing that is one. */
  | { readonly kind: 'intercom'; readonly line: Line | undefined }
  /** No telephone number, no short number and no code. */
  | { readonly kind: 'malformed' }

/** Where a number leads; in any spelling, as people and carriers write it. */
export function destinationOf(number: string, directory: Directory): Destination {
  const parsed = parseNumber(number, directory.country)
  return parsed.kind === 'number'
    ? destinationOfNumber(parsed.number, directory)
    : unserved(parsed)
}

/**
 * Where what a line dialled leads: emergency numbers first, in every form the
 * dialplan knows; then its short numbers, then any number (spec A12, C2, D5).
 */
export function destinationFrom(
  line: Line,
  dialled: string,
  directory: Directory,
): Destination {
  const emergency = emergencyDialled(dialled, directory.emergencyNumbers)
  if (emergency !== undefined) return { kind: 'emergency', number: emergency }
  const parsed = parseNumber(dialled, directory.country)
  switch (parsed.kind) {
    case 'short': {
      const entry = directory.shortNumbers.find(
        (short) => short.number === parsed.number && belongsTo(short, line),
      )
      return entry ? destinationOf(entry.to, directory) : { kind: 'notInService' }
    }
    case 'voicemail':
      return { kind: 'voicemail' }
    case 'intercom': {
      const to = parseNumber(parsed.to, directory.country)
      const number = to.kind === 'number' ? to.number : ''
      return { kind: 'intercom', line: directory.lines.get(number) }
    }
    default:
      return destinationOf(dialled, directory)
  }
}

function destinationOfNumber(number: string, directory: Directory): Destination {
  if (directory.emergencyNumbers.includes(number)) return { kind: 'emergency', number }
  const line = directory.lines.get(number)
  if (line) return { kind: 'line', line }
  const alias = directory.aliases.get(number)
  if (alias) return behindAlias(alias.redirect?.line, directory)
  return { kind: 'outside', number, class: classify(number, directory.country) }
}

/** Services that this controller does not offer are numbers nobody has. */
function unserved(parsed: Exclude<ParsedNumber, { kind: 'number' }>): Destination {
  return parsed.kind === 'unparseable' ? { kind: 'malformed' } : { kind: 'notInService' }
}

function belongsTo(short: { line?: string; group?: string }, line: Line): boolean {
  if (short.line !== undefined) return short.line === line.number
  return short.group === undefined || short.group === line.group
}

/** The schema refuses an alias of a line that does not exist. */
function behindAlias(number: string | undefined, directory: Directory): Destination {
  const line = number === undefined ? undefined : directory.lines.get(number)
  return line ? { kind: 'line', line } : { kind: 'notInService' }
}
