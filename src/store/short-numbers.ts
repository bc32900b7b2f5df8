import { z } from 'zod'
import {
  entryOf,
  isOf,
  ownerKey,
  type ShortEntry,
  type ShortOwner,
  shortNumberOf,
} from '../model/short-number.js'
import type { Site } from '../model/site.js'
import { attempt, type Database } from './database.js'

/**
 * Tables of short numbers that replace those of the site file, one row per owner;
 * `entries` is JSON. An owner without row has what the site file says.
 */
export const shortNumbersTable = `
CREATE TABLE IF NOT EXISTS short_numbers (
  owner   TEXT PRIMARY KEY,
  entries TEXT NOT NULL
) STRICT`

const Entries = z.array(
  z.object({
    number: z.string().regex(/^[27]\d{2,3}$/),
    to: z.string().regex(/^\d{2,20}$/),
    firstName: z.string(),
    lastName: z.string(),
  }),
)
const Rows = z.array(z.object({ owner: z.string(), entries: z.string() }))

/** The short numbers as they are: the site file's, but for owners that changed theirs. */
export class ShortNumbers {
  readonly #database: Database
  readonly #tables: Map<string, readonly ShortEntry[]>

  /** Throws StoreUnavailable. */
  constructor(database: Database) {
    this.#database = database
    this.#tables = attempt('read the short numbers', () => {
      const rows = Rows.parse(
        database.prepare('SELECT owner, entries FROM short_numbers').all(),
      )
      return new Map(
        rows.map(({ owner, entries }) => [owner, Entries.parse(JSON.parse(entries))]),
      )
    })
  }

  /** The table of one owner, in the order of its numbers. */
  of(owner: ShortOwner, site: Site): readonly ShortEntry[] {
    const own = this.#tables.get(ownerKey(owner))
    const entries =
      own ?? site.shortNumbers.filter((short) => isOf(short, owner)).map(entryOf)
    return entries.toSorted((a, b) => (a.number < b.number ? -1 : 1))
  }

  /** Throws StoreUnavailable, and then nothing is changed. */
  replace(owner: ShortOwner, entries: readonly ShortEntry[]): void {
    const key = ownerKey(owner)
    attempt('keep the short numbers', () =>
      this.#database
        .prepare('INSERT OR REPLACE INTO short_numbers (owner, entries) VALUES (?, ?)')
        .run(key, JSON.stringify(entries)),
    )
    this.#tables.set(key, entries)
  }

  /** The site with the tables that replace its own; of owners that it still has. */
  applied(site: Site): Site {
    if (this.#tables.size === 0) return site
    const untouched = site.shortNumbers.filter(
      (short) => !this.#tables.has(ownerKey(ownerOf(short))),
    )
    const lines = new Set(site.lines.map(({ number }) => number))
    const replaced = [...this.#tables].flatMap(([key, entries]) => {
      const owner = ownerIn(key)
      if (owner.kind === 'line' && !lines.has(owner.line)) return []
      return entries.map((entry) => shortNumberOf(entry, owner))
    })
    return { ...site, shortNumbers: [...untouched, ...replaced] }
  }
}

function ownerOf({ line, group }: Site['shortNumbers'][number]): ShortOwner {
  if (line !== undefined) return { kind: 'line', line }
  return group === undefined ? { kind: 'all' } : { kind: 'group', group }
}

function ownerIn(key: string): ShortOwner {
  const [kind, name = ''] = key.split(':')
  if (kind === 'line') return { kind: 'line', line: name }
  return kind === 'group' ? { kind: 'group', group: name } : { kind: 'all' }
}
