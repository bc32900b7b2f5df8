import type { z } from 'zod'
import { Address } from './address.js'
import type { Placed } from './draft.js'
import type { Path } from './finding.js'
import { Language, LineEntry } from './line.js'
import { Plan } from './plan.js'
import { valueAt } from './refusal.js'
import {
  AliasEntry,
  AsteriskSection,
  EmergencySection,
  ShortNumberEntry,
  type SiteFile,
  TrunkEntry,
} from './site-file.js'

/** The well-formed entries of a site file, each with its place. */
export interface Entries {
  readonly language: Language
  readonly asterisk?: z.infer<typeof AsteriskSection>
  readonly http?: Address
  readonly emergency: z.infer<typeof EmergencySection>
  readonly plans: ReadonlyMap<string, Plan>
  readonly lines: readonly Placed<LineEntry>[]
  readonly aliases: readonly Placed<AliasEntry>[]
  readonly shortNumbers: readonly Placed<ShortNumberEntry>[]
  readonly trunks: readonly Placed<TrunkEntry>[]
}

export function entriesOf(file: SiteFile): Entries {
  const { site, asterisk, http, emergency, plans } = file
  return {
    language: site.language,
    asterisk,
    http,
    emergency,
    plans: new Map(Object.entries(plans)),
    lines: placed('lines', file.lines),
    aliases: placed('aliases', file.aliases),
    shortNumbers: placed('shortNumbers', file.shortNumbers),
    trunks: placed('trunks', file.trunks),
  }
}

/** What is well formed in a document that as a whole is not, entry by entry. */
export function salvaged(document: unknown): Entries {
  const asterisk = readable(AsteriskSection, valueAt(document, ['asterisk']))
  const http = readable(Address, valueAt(document, ['http']))
  const plans = Object.entries(mapping(valueAt(document, ['plans']))).flatMap(
    ([name, entry]): [string, Plan][] => {
      const plan = readable(Plan, entry)
      return plan ? [[name, plan]] : []
    },
  )
  return {
    language: readable(Language, valueAt(document, ['site', 'language'])) ?? 'fr',
    ...(asterisk && { asterisk }),
    ...(http && { http }),
    emergency: readable(EmergencySection, valueAt(document, ['emergency'])) ?? {
      add: [],
    },
    plans: new Map(plans),
    lines: readableList(LineEntry, document, 'lines'),
    aliases: readableList(AliasEntry, document, 'aliases'),
    shortNumbers: readableList(ShortNumberEntry, document, 'shortNumbers'),
    trunks: readableList(TrunkEntry, document, 'trunks'),
  }
}

/** The entries of a list of the document as they are written, well formed or not. */
export function rawList(document: unknown, key: string): readonly unknown[] {
  const list = valueAt(document, [key])
  return Array.isArray(list) ? list : []
}

export function mapping(value: unknown): object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}
}

function placed<T>(key: string, values: readonly T[]): Placed<T>[] {
  return values.map((value, at) => ({ path: [key, at], value }))
}

function readable<T>(schema: z.ZodType<T>, value: unknown): T | undefined {
  return schema.safeParse(value).data
}

function readableList<T>(
  schema: z.ZodType<T>,
  document: unknown,
  key: string,
): Placed<T>[] {
  return rawList(document, key).flatMap((entry, at) => {
    const value = readable(schema, entry)
    const path: Path = [key, at]
    return value === undefined ? [] : [{ path, value }]
  })
}
