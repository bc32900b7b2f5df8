import { checks } from './checks.js'
import {
  completeAlias,
  completeLine,
  completeShortNumber,
  subscriberNumber,
} from './complete.js'
import type { Draft, Owner, Placed } from './draft.js'
import { emergencyNumbersOf } from './emergency.js'
import { type Entries, entriesOf, mapping, rawList, salvaged } from './entries.js'
import { type Finding, finding, type Path } from './finding.js'
import { isKnownCountry, PhoneNumber } from './phone-number.js'
import { refusals, valueAt } from './refusal.js'
import type { Alias, Site, Trunk } from './site.js'
import { SiteFile } from './site-file.js'

/** A site, when nothing worse than a warning was found; every finding in any case. */
export interface Built {
  readonly site?: Site
  readonly findings: readonly Finding[]
}

/** Makes a site of a plain document: a parsed site file, or the body of a request. */
export function buildSite(document: unknown): Built {
  if (isEmpty(document)) {
    return { findings: [finding('model.empty', [], 'the document is empty')] }
  }
  const parsed = SiteFile.safeParse(document)
  const refused = parsed.success ? [] : refusals(SiteFile, document, parsed.error)
  const newer = refused.filter(({ code }) => code === 'schema.newer')
  // A newer format has other keys: what else is wrong says nothing.
  if (newer.length > 0) return { findings: newer }

  const country = valueAt(document, ['site', 'country'])
  // Without a country no number can be read, and every check is about numbers.
  if (typeof country !== 'string' || !isKnownCountry(country))
    return { findings: refused }

  const entries = parsed.success ? entriesOf(parsed.data) : salvaged(document)
  const { draft, findings: unread } = draftOf(document, country, entries)
  const findings = [...refused, ...unread, ...checks.flatMap((check) => check(draft))]
  const passes = findings.every(({ severity }) => severity === 'warning')
  return parsed.success && passes
    ? { site: siteOf(parsed.data, draft), findings }
    : { findings }
}

function isEmpty(document: unknown): boolean {
  if (document === null || document === undefined) return true
  return typeof document === 'object' && Object.keys(document).length === 0
}

/** Completes what is well formed; owners of numbers are read from every entry. */
function draftOf(
  document: unknown,
  country: string,
  entries: Entries,
): { readonly draft: Draft; readonly findings: readonly Finding[] } {
  const { asterisk, http, emergency, plans, trunks } = entries
  const around = { country, language: entries.language, plans }
  const owners = new Map<string, Owner>()
  const findings = [
    ...readOwners(document, 'lines', 'line', country, owners),
    ...readOwners(document, 'aliases', 'alias', country, owners),
  ]
  const keep = <T>(
    path: Path,
    {
      value,
      findings: more,
    }: { readonly value?: T; readonly findings: readonly Finding[] },
  ): Placed<T>[] => {
    findings.push(...more)
    return value === undefined ? [] : [{ path, value }]
  }
  const numberAt = (path: Path) => owners.get(path.join())?.number

  const lines = entries.lines.flatMap(({ path, value }) => {
    const number = numberAt(path)
    return number === undefined
      ? []
      : keep(path, completeLine(value, number, path, around))
  })
  const aliases = entries.aliases.flatMap(({ path, value }): Placed<Alias>[] => {
    const number = numberAt(path)
    return number === undefined
      ? []
      : keep(path, completeAlias(value, number, path, around))
  })
  const shortNumbers = entries.shortNumbers.flatMap(({ path, value }) =>
    keep(path, completeShortNumber(value, path, around)),
  )
  const access = readAccess(document, country, owners)
  findings.push(...access.findings)
  const draft = {
    ...{ country, emergency, plans, lines, aliases, shortNumbers, trunks },
    ...(asterisk && { asterisk }),
    ...(http && { http }),
    ...(access.number !== undefined && { voicemailAccess: access.number }),
    planNames: new Set(Object.keys(mapping(valueAt(document, ['plans'])))),
    trunkCount: rawList(document, 'trunks').length,
    owners: [...owners.values()],
    groups: groupsOf(document),
  }
  return { draft, findings }
}

/** Collects who has which number, by place; returns what is no number of a subscriber. */
function readOwners(
  document: unknown,
  key: string,
  kind: Owner['kind'],
  country: string,
  owners: Map<string, Owner>,
): Finding[] {
  return rawList(document, key).flatMap((entry, at) => {
    const text = PhoneNumber.safeParse(valueAt(entry, ['number'])).data
    // What is no text of digits at all, the schema has refused already.
    if (text === undefined) return []
    const path = [key, at, 'number']
    const read = subscriberNumber(text, path, country)
    if (!('number' in read)) return [read]
    owners.set(`${key},${at}`, { kind, number: read.number, path })
    return []
  })
}

/** The access number of voicemail is nobody else's. */
function readAccess(
  document: unknown,
  country: string,
  owners: ReadonlyMap<string, Owner>,
): { readonly number?: string; readonly findings: readonly Finding[] } {
  const path = ['voicemail', 'access']
  const text = PhoneNumber.safeParse(valueAt(document, path)).data
  if (text === undefined) return { findings: [] }
  const read = subscriberNumber(text, path, country)
  if (!('number' in read)) return { findings: [read] }
  const also = [...owners.values()].find(({ number }) => number === read.number)
  if (!also) return { number: read.number, findings: [] }
  const message = `${read.number} is the number of a ${also.kind} already`
  return { findings: [finding('number.duplicate', path, message, also.path)] }
}

function groupsOf(document: unknown): ReadonlySet<string> {
  const groups = rawList(document, 'lines').map((line) => valueAt(line, ['group']))
  return new Set(groups.filter((group) => typeof group === 'string'))
}

function siteOf(file: SiteFile, draft: Draft): Site {
  const emergency = file.emergency.numbers ?? emergencyNumbersOf(draft.country)
  return {
    site: file.site,
    asterisk: file.asterisk,
    http: file.http,
    orders: file.orders,
    limits: file.limits,
    ...(draft.voicemailAccess !== undefined && {
      voicemailAccess: draft.voicemailAccess,
    }),
    ...(file.mail && { mail: file.mail }),
    plans: file.plans,
    lines: draft.lines.map(({ value }) => value),
    aliases: draft.aliases.map(({ value }) => value),
    shortNumbers: draft.shortNumbers.map(({ value }) => value),
    trunks: file.trunks.flatMap(({ name, address, format }): Trunk[] =>
      address === undefined || typeof address === 'string'
        ? []
        : [{ name, address, format }],
    ),
    emergencyNumbers: [...new Set([...emergency, ...file.emergency.add])],
  }
}
