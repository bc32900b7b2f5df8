import { z } from 'zod'
import { breaks } from './finding-codes.js'
import { callingCode, classify, numberingPlanOf, parseNumber } from './phone-number.js'

/** What a list may name besides numbers (spec C5). */
export const FILTER_KINDS = [
  'anonymous',
  'national',
  'mobile',
  'freephone',
  'special',
  'international',
  'services',
  'voicemail',
  'fax',
] as const
export type FilterKind = (typeof FILTER_KINDS)[number]

/** More entries than this, and the degraded path would be told for too long. */
export const MAX_FILTER_ENTRIES = 1_000

/**
 * A list of a line, for one direction. An entry is a canonical number
 * (`0033612345678`), the beginning of numbers (`00336*`), or a kind.
 */
export interface Filter {
  /** `black`: what is listed is refused; `white`: everything else is. */
  readonly mode: 'none' | 'black' | 'white'
  readonly entries: readonly string[]
}

/** The lists of a line. Absent: no list. */
export interface Filters {
  readonly incoming?: Filter
  readonly outgoing?: Filter
}

export const FILTER_DIRECTIONS = ['incoming', 'outgoing'] as const
export type FilterDirection = (typeof FILTER_DIRECTIONS)[number]

/** Who calls, or what is called: its number, if it has one, and its kinds. */
export interface Party {
  readonly number: string
  readonly kinds: readonly FilterKind[]
}

export const ANONYMOUS: Party = { number: '', kinds: ['anonymous'] }
/** Voicemail and fax are services of ours: a list that allows neither breaks a forward. */
export const VOICEMAIL: Party = { number: '', kinds: ['voicemail', 'services'] }
export const FAX: Party = { number: '', kinds: ['fax', 'services'] }

export const FilterEntry = z
  .strictObject({
    mode: z.enum(['none', 'black', 'white']).default('none').meta({
      description: 'black refuses what is listed, white everything else',
    }),
    entries: z
      .array(z.string(breaks('filter.entry')))
      .max(MAX_FILTER_ENTRIES, breaks('filter.tooMany'))
      .default([])
      .meta({
        description: `Numbers, beginnings like "0033612*", or ${FILTER_KINDS.join(', ')}`,
      }),
  })
  .meta({ id: 'Filter', description: 'A white or black list of one direction' })
export type FilterEntry = z.infer<typeof FilterEntry>

export const FiltersEntry = z
  .strictObject({
    incoming: FilterEntry.exactOptional().meta({ description: 'Who may call the line' }),
    outgoing: FilterEntry.exactOptional().meta({
      description: 'What the line may call, and forward to',
    }),
  })
  .meta({ description: 'White and black lists' })

/** An entry as people write it in canonical form; undefined when it is none. */
export function canonicalEntry(text: string, country: string): string | undefined {
  const trimmed = text.trim()
  const kind = FILTER_KINDS.find((known) => known === trimmed.toLowerCase())
  if (kind) return kind
  if (trimmed.endsWith('*')) return canonicalBeginning(trimmed.slice(0, -1), country)
  const parsed = parseNumber(trimmed, country)
  return parsed.kind === 'number' ? parsed.number : undefined
}

const SEPARATORS = /[ ./()\u00a0\u202f-]/g

/** `06*`, `+336*` and `00336*` are the same beginning; `118*` one of short codes. */
function canonicalBeginning(text: string, country: string): string | undefined {
  const digits = text.replace(SEPARATORS, '').replace(/^\+/, '00')
  if (!/^\d{1,18}$/.test(digits)) return undefined
  if (digits.startsWith('00') || !digits.startsWith('0')) return `${digits}*`
  const code = callingCode(country)
  return code === undefined ? undefined : `00${code}${digits.slice(1)}*`
}

/** Whether a list lets a call pass. */
export function passes({ mode, entries }: Filter, { number, kinds }: Party): boolean {
  if (mode === 'none') return true
  const listed = entries.some((entry) => {
    if (entry.endsWith('*')) return number !== '' && number.startsWith(entry.slice(0, -1))
    return entry === number || kinds.some((kind) => kind === entry)
  })
  return listed === (mode === 'white')
}

/** A number and the kind that its class makes of it. */
export function partyOf(number: string, country: string): Party {
  const kind = kindOf(number, country)
  return { number, kinds: kind ? [kind] : [] }
}

function kindOf(number: string, country: string): FilterKind | undefined {
  const numberClass = classify(number, country)
  switch (numberClass) {
    case 'national':
    case 'mobile':
    case 'freephone':
    case 'special':
    case 'international':
      return numberClass
    case 'closed':
      return isAbroad(number, country) ? 'international' : undefined
    case 'emergency':
      return undefined
  }
}

function isAbroad(number: string, country: string): boolean {
  const home = [callingCode(country), ...numberingPlanOf(country).territories.map(codeOf)]
  return number.startsWith('00') && !home.some((code) => number.startsWith(`00${code}`))
}

function codeOf({ code }: { readonly code: string }): string {
  return code
}
