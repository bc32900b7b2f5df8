import {
  type CountryCode,
  getCountryCallingCode,
  isSupportedCountry,
  type NumberType,
  parsePhoneNumberFromString as parse,
} from 'libphonenumber-js/max'
import { z } from 'zod'
import { emergencyNumbersOf } from './emergency.js'
import { breaks } from './finding-codes.js'
import {
  closedPrefixes,
  type NumberClass,
  type NumberingPlan,
  type NumberRange,
  openCountries,
} from './numbering.js'
import { france } from './numbering-france.js'
import { remembered } from './remembered.js'

export type { NumberClass } from './numbering.js'

/** What a written or dialled number means, before anyone asks who has it. */
export type ParsedNumber =
  /** Canonical: `0033972100001`, or the bare digits of a national short code, `3631`. */
  | { readonly kind: 'number'; readonly number: string }
  /** An abbreviated number of a line (2…) or a group (7…), spec C2. */
  | { readonly kind: 'short'; readonly number: string }
  /** `123`: the voicemail of the calling line. */
  | { readonly kind: 'voicemail' }
  /** `3691…`: the intercom of a line; `to` in any spelling. */
  | { readonly kind: 'intercom'; readonly to: string }
  /** `3651…` hides, `3652…` shows the calling number for one call. */
  | { readonly kind: 'perCall'; readonly hideNumber: boolean; readonly to: string }
  /** Begins with * or #: a feature code, read elsewhere. */
  | { readonly kind: 'code'; readonly code: string }
  | { readonly kind: 'unparseable' }

const plans: Readonly<Record<string, NumberingPlan>> = { FR: france }
const noPlan: NumberingPlan = { shortCodes: [], national: [], territories: [] }

/** How a country writes and prices its numbers; empty where we have no data. */
export function numberingPlanOf(country: string): NumberingPlan {
  return plans[country] ?? noPlan
}

/** Digits with the separators people write; a shorter or longer string is no number. */
const SPELLING = /^\+?[\d(][\d .()/\u00a0\u202f-]{1,39}$/
/** Behind a prefix of ours a number may have its plus: `3691+33…`. */
const PREFIX_BEFORE_PLUS = /^(?:3691|3651|3652)(?=\+)/
const SEPARATORS = /[ ./\u00a0\u202f-]/g

/** A telephone number as written in a file or a request; read with `parseNumber`. */
export const PhoneNumber = z
  .string(breaks('number.format'))
  .regex(SPELLING, breaks('number.format'))
  .meta({
    description: 'Telephone number in quotes: "0123456789", "00…" or "+…"',
    examples: ['0123456789', '0033123456789', '+33123456789'],
  })

/** Reads any spelling of a number as the subscribers of `country` write it. */
export function parseNumber(text: string, country: string): ParsedNumber {
  if (/^[*#]/.test(text)) return { kind: 'code', code: text }
  if (!SPELLING.test(text.replace(PREFIX_BEFORE_PLUS, ''))) return { kind: 'unparseable' }
  // Codes and emergency numbers have one spelling: `1 5` means neither 15 nor anything else.
  return emergency(text, country) ?? ownService(text) ?? outsideNumber(text, country)
}

/** The class of a canonical number for a caller of `country` (reliability §3.8). */
export const classify = remembered(classOf)

function classOf(number: string, country: string): NumberClass {
  if (emergencyNumbersOf(country).includes(number)) return 'emergency'
  const plan = numberingPlanOf(country)
  if (!number.startsWith('00')) return classIn(plan.shortCodes, number) ?? 'closed'
  if (closedPrefixes.some((prefix) => number.startsWith(prefix))) return 'closed'

  const parsed = parse(`+${number.slice(2)}`)
  if (!parsed?.isPossible()) return 'closed'
  const national = parsed.nationalNumber
  if (parsed.countryCallingCode === callingCode(country)) {
    return classIn(plan.national, national) ?? classByType(parsed.getType())
  }
  if (plan.territories.some(({ code }) => code === parsed.countryCallingCode)) {
    return classIn(plan.national, national) ?? 'closed'
  }
  if (!openCountries.has(parsed.country ?? '')) return 'closed'
  return reachesPeople(parsed.getType()) ? 'international' : 'closed'
}

/** How a number is written to a carrier; short codes have no international form. */
export function toCarrier(number: string, format: 'e164' | '00'): string {
  return format === 'e164' && number.startsWith('00') ? `+${number.slice(2)}` : number
}

/** How a canonical number is dialled at home: `0972100001`; others as they stand. */
export function asDialled(number: string, country: string): string {
  const parsed = number.startsWith('00') ? parse(`+${number.slice(2)}`) : undefined
  if (!parsed || parsed.countryCallingCode !== callingCode(country)) return number
  return parsed.formatNational().replaceAll(/\D/g, '')
}

/** Countries whose national numbers we can read: ISO 3166, in capitals. */
export function isKnownCountry(country: string): country is CountryCode {
  return isSupportedCountry(country)
}

/** `+112` and `00112` are habits of mobile phones; other numbers have one form only. */
function emergency(text: string, country: string): ParsedNumber | undefined {
  if (text === '+112' || text === '00112') return { kind: 'number', number: '112' }
  if (!emergencyNumbersOf(country).includes(text)) return undefined
  return { kind: 'number', number: text }
}

function ownService(text: string): ParsedNumber | undefined {
  if (text === '123') return { kind: 'voicemail' }
  if (/^[27]\d{2,3}$/.test(text)) return { kind: 'short', number: text }
  const [, prefix, to = ''] = /^(3691|3651|3652)(.*)$/.exec(text) ?? []
  if (prefix === undefined) return undefined
  if (to === '') return { kind: 'unparseable' }
  if (prefix === '3691') return { kind: 'intercom', to }
  return { kind: 'perCall', hideNumber: prefix === '3651', to }
}

const outsideNumber = remembered(outside)

function outside(text: string, country: string): ParsedNumber {
  const digits = text.replace(SEPARATORS, '')
  // `36 91` is no spelling of the intercom prefix, and no number of the carrier's either.
  if (digits !== text && ownService(digits)) return { kind: 'unparseable' }
  const plan = numberingPlanOf(country)
  if (classIn(plan.shortCodes, digits)) return { kind: 'number', number: digits }
  if (!isKnownCountry(country)) return { kind: 'unparseable' }

  // The library knows `00` only where it is the national habit; we accept it everywhere.
  const parsed = parse(digits.replace(/^00/, '+'), country)
  // Plans open new ranges faster than releases follow: the length decides, not the range.
  if (!parsed?.isPossible() || parsed.ext) return { kind: 'unparseable' }
  const atHome = parsed.countryCallingCode === callingCode(country)
  // `061234567` has a digit too few: the library takes its zero for one of the nine.
  if (
    atHome &&
    plan.national.length > 0 &&
    !classIn(plan.national, parsed.nationalNumber)
  )
    return { kind: 'unparseable' }
  return { kind: 'number', number: canonical(parsed, country, plan) }
}

/** `0590…` dialled in France is +590 590…: both spellings are the same number. */
function canonical(
  parsed: { countryCallingCode: string; nationalNumber: string; number: string },
  country: string,
  plan: NumberingPlan,
): string {
  const territory =
    parsed.countryCallingCode === callingCode(country)
      ? plan.territories.find(({ prefix }) => prefix.test(parsed.nationalNumber))
      : undefined
  return territory
    ? `00${territory.code}${parsed.nationalNumber}`
    : `00${parsed.number.slice(1)}`
}

function classIn(
  ranges: readonly NumberRange[],
  digits: string,
): NumberClass | undefined {
  return ranges.find(({ prefix }) => prefix.test(digits))?.class
}

/** For a country without a table of its own: what the library knows about the range. */
function classByType(type: NumberType): NumberClass {
  if (type === 'TOLL_FREE') return 'freephone'
  if (type === 'MOBILE') return 'mobile'
  return reachesPeople(type) ? 'national' : 'special'
}

/** Ranges of ordinary subscribers. An unknown range may be a premium one: fail closed. */
function reachesPeople(type: NumberType): boolean {
  const ordinary = ['FIXED_LINE', 'MOBILE', 'FIXED_LINE_OR_MOBILE', 'VOIP', 'UAN']
  return type !== undefined && ordinary.includes(type)
}

/** `33` for FR; undefined for a country the library does not know. */
export function callingCode(country: string): string | undefined {
  return isKnownCountry(country) ? getCountryCallingCode(country) : undefined
}
