import {
  type CountryCode,
  getCountryCallingCode,
  getExampleNumber,
} from 'libphonenumber-js/max'
import examples from 'libphonenumber-js/mobile/examples'
import { announcements } from '../model/announcement.js'
import { autoAnswerStyles } from '../model/auto-answer.js'
import { type NumberClass, openCountries } from '../model/numbering.js'
import { PACE } from '../model/pace.js'
import { callingCode, isKnownCountry, numberingPlanOf } from '../model/phone-number.js'
import { MAX_RING_SECONDS } from '../model/ring.js'
import { DEFAULT_INTERDIGIT_MS, type Site, type Trunk } from '../model/site.js'
import type { Deployment } from './deployment.js'
import { carrierAddress } from './pjsip.js'

/** An emergency call that one carrier leaves ringing is given to the next (reliability §3.7). */
const EMERGENCY_SECONDS = 20
/** The carrier's own limit ends it sooner. */
const TRUNK_SECONDS = 180
/** The longest call through a carrier, emergency calls aside (reliability §3.8). */
const LONGEST_SECONDS = 4 * 3600
const LONGEST_INTERNATIONAL_SECONDS = 3600

/** What templates/extensions lays out; its size knows no lines. */
export function extensionsView(site: Site, deployment: Deployment): object {
  const prefix = nationalPrefix(site.site.country)
  return {
    emergencyForms: site.emergencyNumbers.flatMap(dialledForms),
    emergencyNumbers: site.emergencyNumbers.map((number) => ({
      number,
      routes: site.trunks.map((trunk, index) => ({
        ...route(
          trunk,
          index < site.trunks.length - 1 ? EMERGENCY_SECONDS : TRUNK_SECONDS,
        ),
        number,
      })),
    })),
    trunkSeconds: TRUNK_SECONDS,
    longestSeconds: LONGEST_SECONDS,
    longestInternationalSeconds: LONGEST_INTERNATIONAL_SECONDS,
    dtmfTransfers: site.site.dtmfTransfers === true,
    announcements: Object.entries(announcements).map(([name, prompt]) => ({
      name,
      prompt,
    })),
    own: site.asterisk.sip,
    carriers: site.trunks.map(({ address }) =>
      carrierAddress(site.trunks, address, site),
    ),
    autoAnswer: autoAnswerStyles(site.asterisk.sip.host),
    faxFolder: `${deployment.dir}/spool/fax`,
    boxFolder: `${deployment.dir}/spool/voicemail/default`,
    hasVoicemailAccess: site.voicemailAccess !== undefined,
    voicemailAccess: site.voicemailAccess ?? '',
    ringSeconds: MAX_RING_SECONDS,
    paceCalls: PACE.atOnce,
    paceSeconds: PACE.atOnce / PACE.callsASecond,
    interdigitMs: site.site.interdigitMs ?? DEFAULT_INTERDIGIT_MS,
    codesCount: site.site.featureCodesCount ?? true,
    hasNationalPrefix: prefix !== '',
    nationalPrefix: prefix,
    nationalPrefixLength: prefix.length,
    callingCode: callingCode(site.site.country) ?? '',
    routes: site.trunks.map((trunk) => route(trunk, TRUNK_SECONDS)),
    shortCodes: numberingPlanOf(site.site.country).shortCodes.map(
      ({ prefix: range }) => ({
        pattern: pattern(range),
      }),
    ),
    classes: classes(site.site.country),
  }
}

/** Every way to dial an emergency number; `emergencyDialled` accepts the same. */
export function dialledForms(number: string): { dialled: string; number: string }[] {
  const forms = [number, `3651${number}`, `3652${number}`]
  if (number === '112') forms.push('+112', '00112')
  return forms.map((dialled) => ({ dialled, number }))
}

function route(trunk: Trunk, seconds: number) {
  return { trunk: trunk.name, e164: trunk.format === 'e164', seconds }
}

/** One row of the degraded path's table of outside numbers. */
interface ClassRow {
  readonly pattern: string
  readonly open: boolean
  readonly byRight: boolean
  readonly closed: boolean
  /** The letter in the line's mirrored rights that opens the class. */
  readonly right: 's' | 'i'
  /** What lists call it. */
  readonly nature: NumberClass
}

/** The classes of `classify`, as dialplan patterns: what no row names is closed. */
function classes(country: string): ClassRow[] {
  const plan = numberingPlanOf(country)
  const home = `00${callingCode(country) ?? ''}`
  const own = plan.national.map((range) =>
    row(`${home}${pattern(range.prefix)}!`, range.class),
  )
  const short = plan.shortCodes.map((range) => row(pattern(range.prefix), range.class))
  const territories = plan.territories.map(({ code }) => row(`00${code}!`, 'national'))
  const abroad = [...openCountries].filter(isKnownCountry).map(dialCode)
  const known = new Set([home, ...plan.territories.map(({ code }) => `00${code}`)])
  const open = [...new Set(abroad)].filter((code) => !known.has(code)).sort()
  return [
    ...own,
    ...short,
    ...territories,
    ...open.map((code) => row(`${code}!`, 'international')),
  ]
}

function dialCode(country: CountryCode): string {
  return `00${getCountryCallingCode(country)}`
}

function row(rowPattern: string, numberClass: NumberClass): ClassRow {
  const right = numberClass === 'special' ? 's' : 'i'
  const byRight = numberClass === 'special' || numberClass === 'international'
  const closed = numberClass === 'closed'
  const nature = numberClass
  return {
    pattern: rowPattern,
    open: !byRight && !closed,
    byRight,
    closed,
    right,
    nature,
  }
}

/**
 * A prefix of the numbering plan in Asterisk's pattern language, which knows
 * digits and classes of digits but no alternatives. Throws on any other.
 */
function pattern(prefix: RegExp): string {
  const inner = prefix.source.replace(/^\^/, '').replace(/\$$/, '')
  const spelt = inner.replaceAll(/\\d\{(\d)\}/g, (_match, times) =>
    'X'.repeat(Number(times)),
  )
  if (!/^(?:\d|X|\[\d[\d-]*\])+$/.test(spelt)) {
    throw new Error(`extensions: ${prefix.source} has no dialplan pattern`)
  }
  return spelt
}

/** What people dial before a national number: `0` in France, nothing in Italy. */
function nationalPrefix(country: string): string {
  if (!isKnownCountry(country)) return ''
  const example = getExampleNumber(country, examples)
  if (!example) return ''
  const dialled = example.formatNational().replaceAll(/\D/g, '')
  return dialled.slice(0, dialled.length - example.nationalNumber.length)
}
