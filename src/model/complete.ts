import type { z } from 'zod'
import {
  canonicalEntry,
  FILTER_DIRECTIONS,
  type Filters,
  type FiltersEntry,
} from './filter.js'
import { type Finding, finding, type Path } from './finding.js'
import {
  type Forwarding,
  type ForwardingEntry,
  type ForwardTarget,
  type ForwardTargetEntry,
  forwardKinds,
} from './forwarding.js'
import type { Language, Line, LineEntry } from './line.js'
import { parseNumber } from './phone-number.js'
import type { Plan } from './plan.js'
import { printPath, show } from './refusal.js'
import type { Alias, ShortNumber } from './site.js'
import type { AliasEntry, ShortNumberEntry } from './site-file.js'

/** What an entry needs from the rest of the site to be complete. */
export interface Surroundings {
  readonly country: string
  readonly language: Language
  readonly plans: ReadonlyMap<string, Plan>
}

/** An entry with its numbers canonical and its defaults filled in, and what failed. */
export interface Completed<T> {
  readonly value?: T
  readonly findings: readonly Finding[]
}

/** A number in canonical form, or why it is none; what stays inside the site is none. */
export function canonicalNumber(
  text: string,
  path: Path,
  country: string,
): { readonly number: string } | Finding {
  const parsed = parseNumber(text, country)
  switch (parsed.kind) {
    case 'number':
      return { number: parsed.number }
    case 'short':
      return refused(text, path, 'a short number: write the full number')
    case 'voicemail':
    case 'intercom':
    case 'perCall':
    case 'code':
      return refused(text, path, 'a code, not a telephone number')
    case 'unparseable':
      return refused(text, path, 'not a telephone number')
  }
}

/** The number of a line or an alias: always one with a country code. */
export function subscriberNumber(
  text: string,
  path: Path,
  country: string,
): { readonly number: string } | Finding {
  const read = canonicalNumber(text, path, country)
  if (!('number' in read) || read.number.startsWith('00')) return read
  return refused(text, path, 'a short code, not the number of a subscriber')
}

export function completeLine(
  entry: LineEntry,
  number: string,
  path: Path,
  around: Surroundings,
): Completed<Line> {
  const { forwarding, calls, language, shownNumber, defaultVoicemail, filters, ...rest } =
    entry
  const forwards = completeForwarding(forwarding, [...path, 'forwarding'], around.country)
  const included = around.plans.get(entry.plan)?.calls.included ?? 1
  const { country } = around
  const shown =
    shownNumber === undefined
      ? undefined
      : subscriberNumber(shownNumber, [...path, 'shownNumber'], country)
  const lists = completeFilters(filters ?? {}, [...path, 'filters'], country)
  const box =
    defaultVoicemail === undefined
      ? undefined
      : subscriberNumber(defaultVoicemail, [...path, 'defaultVoicemail'], country)
  const unread = [shown, box].flatMap((read) =>
    read && !('number' in read) ? [read] : [],
  )
  return {
    value: {
      ...rest,
      number,
      calls: calls ?? included,
      language: language ?? around.language,
      forwarding: forwards.value ?? {},
      ...(shown && 'number' in shown && { shownNumber: shown.number }),
      ...(box && 'number' in box && { defaultVoicemail: box.number }),
      ...(filters && { filters: lists.value ?? {} }),
    },
    findings: [...forwards.findings, ...unread, ...lists.findings],
  }
}

/** Lists in canonical form; an entry that cannot be read is left out and reported. */
export function completeFilters(
  entries: z.infer<typeof FiltersEntry>,
  path: Path,
  country: string,
): Completed<Filters> {
  const findings: Finding[] = []
  const lists = FILTER_DIRECTIONS.flatMap((direction) => {
    const list = entries[direction]
    if (!list) return []
    const read = list.entries.flatMap((text, at) => {
      const entry = canonicalEntry(text, country)
      if (entry !== undefined) return [entry]
      const here = [...path, direction, 'entries', at]
      const why = `${printPath(here)}: ${show(text, here)} is no number, beginning or kind`
      findings.push(finding('filter.entry', here, why))
      return []
    })
    return [[direction, { mode: list.mode, entries: [...new Set(read)] }] as const]
  })
  return { value: Object.fromEntries(lists), findings }
}

/** Reads the four forwards; one that cannot be read is left out and reported. */
export function completeForwarding(
  entry: ForwardingEntry,
  path: Path,
  country: string,
): Completed<Forwarding> {
  const findings: Finding[] = []
  const forwards = forwardKinds.flatMap((kind) => {
    const forward = entry[kind]
    if (!forward) return []
    const to = forwardTarget(forward.to, [...path, kind, 'to'], country)
    if ('kind' in to) return [[kind, { ...forward, to }] as const]
    findings.push(to)
    return []
  })
  return { value: Object.fromEntries(forwards), findings }
}

export function forwardTarget(
  entry: ForwardTargetEntry,
  path: Path,
  country: string,
): ForwardTarget | Finding {
  if (entry === 'voicemail' || entry === 'fax') return { kind: entry }
  if (typeof entry === 'string') {
    const read = canonicalNumber(entry, path, country)
    return 'number' in read ? { kind: 'number', number: read.number } : read
  }
  const kind = 'voicemail' in entry ? 'voicemail' : 'fax'
  const text = 'voicemail' in entry ? entry.voicemail : entry.fax
  const read = subscriberNumber(text, [...path, kind], country)
  return 'number' in read ? { kind, line: read.number } : read
}

export function completeAlias(
  entry: AliasEntry,
  number: string,
  path: Path,
  { country }: Surroundings,
): Completed<Alias> {
  if (!entry.redirect) return { value: { number }, findings: [] }
  const line = subscriberNumber(
    entry.redirect.line,
    [...path, 'redirect', 'line'],
    country,
  )
  if (!('number' in line)) return { findings: [line] }
  return {
    value: { number, redirect: { ...entry.redirect, line: line.number } },
    findings: [],
  }
}

export function completeShortNumber(
  entry: ShortNumberEntry,
  path: Path,
  { country }: Surroundings,
): Completed<ShortNumber> {
  const { line: lineText, ...rest } = entry
  const to = canonicalNumber(entry.to, [...path, 'to'], country)
  const line =
    lineText === undefined
      ? undefined
      : subscriberNumber(lineText, [...path, 'line'], country)
  const findings = [to, ...(line ? [line] : [])].flatMap((read) =>
    'number' in read ? [] : [read],
  )
  if (!('number' in to) || (line && !('number' in line))) return { findings }
  return {
    value: { ...rest, to: to.number, ...(line && { line: line.number }) },
    findings,
  }
}

function refused(text: string, path: Path, why: string): Finding {
  return finding(
    'number.format',
    path,
    `${printPath(path)}: ${show(text, path)} is ${why}`,
  )
}
