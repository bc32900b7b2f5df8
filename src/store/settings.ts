import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import Libsql from 'libsql'
import { z } from 'zod'
import { attempt, type Database } from './database.js'

/**
 * What subscribers changed, one row per line and setting; `value` is JSON. What has
 * no row is as the site file says. `sum` tells a damaged byte from another number:
 * the engine has no checksum of its own (F12).
 */
export const settingsTable = `
CREATE TABLE IF NOT EXISTS setting (
  line  TEXT NOT NULL,
  key   TEXT NOT NULL,
  value TEXT NOT NULL,
  sum   TEXT NOT NULL,
  PRIMARY KEY (line, key)
) STRICT`

/** The settings of one line, by key; each as JSON once read. */
export type Stored = ReadonlyMap<string, unknown>

const Row = z.object({
  line: z.string(),
  key: z.string(),
  value: z.string(),
  sum: z.string(),
})

/** Every line's changed settings; `damaged` rows are as good as not there. */
export interface SettingsRead {
  readonly lines: ReadonlyMap<string, Stored>
  readonly damaged: number
}

/** Throws StoreUnavailable. */
export function readSettings(database: Database): SettingsRead {
  const rows = attempt('read the settings', () =>
    database.prepare('SELECT line, key, value, sum FROM setting').all(),
  )
  const lines = new Map<string, Map<string, unknown>>()
  let damaged = 0
  for (const row of rows) {
    const { line, key, value, sum } = Row.parse(row)
    if (sum !== sumOf(line, key, value)) {
      damaged += 1
      continue
    }
    const settings = lines.get(line) ?? new Map<string, unknown>()
    lines.set(line, settings.set(key, JSON.parse(value)))
  }
  return { lines, damaged }
}

/** Within a transaction of the caller. */
export function putSetting(
  database: Database,
  line: string,
  key: string,
  value: unknown,
): void {
  const text = JSON.stringify(value)
  database
    .prepare('INSERT OR REPLACE INTO setting (line, key, value, sum) VALUES (?, ?, ?, ?)')
    .run(line, key, text, sumOf(line, key, text))
}

/** Back to the site file, within a transaction of the caller. */
export function removeSettings(database: Database, line: string): void {
  database.prepare('DELETE FROM setting WHERE line = ?').run(line)
}

function sumOf(line: string, key: string, value: string): string {
  const text = JSON.stringify([line, key, value])
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}

/**
 * The same for who only looks, while the controller may be at work: undefined when
 * there is no store yet. Throws StoreUnavailable.
 */
export function peekSettings(file: string): SettingsRead | undefined {
  if (!existsSync(file)) return undefined
  return attempt(`read ${file}`, () => {
    const database = new Libsql(file, { readonly: true })
    try {
      return readSettings(database)
    } finally {
      database.close()
    }
  })
}
