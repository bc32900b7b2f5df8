import { emergencyDialled } from '../model/emergency.js'
import type { Line } from '../model/line.js'
import {
  classify,
  type NumberClass,
  type ParsedNumber,
  parseNumber,
} from '../model/phone-number.js'
import type { ShortNumber } from '../model/site.js'
import type { Directory } from './directory.js'

/** What a number leads to, before anyone asks whether the call may be made. */
export type Destination =
  | { readonly kind: 'line'; readonly line: Line }
  | { readonly kind: 'emergency'; readonly number: string }
  | { readonly kind: 'outside'; readonly number: string; readonly class: NumberClass }
  /** Well-formed, but nobody has it: an alias without configuration, a short number not in the table. */
  | { readonly kind: 'notInService' }
  /** A short number that is in no table of the line: its own, its group's, everybody's. */
  | { readonly kind: 'shortUnknown' }
  /** `123` */
  | { readonly kind: 'voicemail' }
  /** The number that opens a voicemail from another line (spec B8). */
  | { readonly kind: 'voicemailAccess' }
  /** `3691` and a line of the site, or nothing that is one. */
  | { readonly kind: 'intercom'; readonly line: Line | undefined }
  /** `3651` or `3652`, and behind it nothing, or something that is no number to be called. */
  | { readonly kind: 'prefixAlone'; readonly behind: boolean }
  /** No telephone number, no short number and no code. */
  | { readonly kind: 'malformed' }

/** Where a number leads; in any spelling, as people and carriers write it. */
export function destinationOf(number: string, directory: Directory): Destination {
  const parsed = parseNumber(number, directory.country)
  return parsed.kind === 'number'
    ? destinationOfNumber(parsed.number, directory)
    : unserved(parsed)
}

/** What a line dialled: where it leads, and whether the call shows who makes it. */
export interface Dialled {
  readonly destination: Destination
  readonly hideNumber: boolean
  /** Three digits, which may be the beginning of four (spec A12). */
  readonly mayGoOn: boolean
}

const PER_CALL = /^365([12])(.*)$/

/**
 * What a line dialled, with the order of spec C3: an emergency call always shows
 * the number; then `3651` and `3652` for this call; then what the line has set.
 */
export function dialledBy(line: Line, dialled: string, directory: Directory): Dialled {
  const [, which, behind] = PER_CALL.exec(dialled) ?? []
  const destination =
    behind === undefined
      ? destinationFrom(line, dialled, directory)
      : behindPrefix(line, behind, directory)
  const permanent = line.hideNumber === true
  const hideNumber = which === undefined ? permanent : which === '1'
  return {
    destination,
    hideNumber: hideNumber && destination.kind !== 'emergency',
    mayGoOn: /^[27]\d{2}$/.test(behind ?? dialled),
  }
}

/** For one call: a number or a short number, and no prefix, code or service (row F22). */
function behindPrefix(line: Line, dialled: string, directory: Directory): Destination {
  if (dialled === '') return { kind: 'prefixAlone', behind: false }
  const destination = destinationFrom(line, dialled, directory)
  if (destination.kind === 'emergency') return destination
  switch (parseNumber(dialled, directory.country).kind) {
    case 'perCall':
    case 'code':
    case 'voicemail':
    case 'intercom':
      return { kind: 'prefixAlone', behind: true }
    default:
      return PER_CALL.test(dialled) ? { kind: 'prefixAlone', behind: true } : destination
  }
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
      const entry = shortNumberOf(line, parsed.number, directory)
      return entry ? destinationOf(entry.to, directory) : { kind: 'shortUnknown' }
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
  if (number === directory.voicemailAccess) return { kind: 'voicemailAccess' }
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

/** The line's own and its group's come before everybody's. */
function shortNumberOf(
  { number, group }: Line,
  dialled: string,
  { shortNumbers }: Directory,
): ShortNumber | undefined {
  const entries = shortNumbers.filter((short) => short.number === dialled)
  const own = entries.find(({ line }) => line === number)
  const ofGroup = entries.find((short) => group !== undefined && short.group === group)
  const ofAll = entries.find((short) => !(short.line ?? short.group))
  return own ?? ofGroup ?? ofAll
}

/** The schema refuses an alias of a line that does not exist. */
function behindAlias(number: string | undefined, directory: Directory): Destination {
  const line = number === undefined ? undefined : directory.lines.get(number)
  return line ? { kind: 'line', line } : { kind: 'notInService' }
}
