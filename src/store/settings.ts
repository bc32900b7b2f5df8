import { z } from 'zod'
import { attempt, type Database } from './database.js'

/**
 * What subscribers changed, one row per line and setting; `value` is JSON. What has
 * no row is as the site file says.
 */
export const settingsTable = `
CREATE TABLE IF NOT EXISTS setting (
  line  TEXT NOT NULL,
  key   TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (line, key)
) STRICT`

/** The settings of one line, by key; each as JSON once read. */
export type Stored = ReadonlyMap<string, unknown>

const Rows = z.array(z.object({ line: z.string(), key: z.string(), value: z.string() }))

/** Every line's changed settings. Throws StoreUnavailable. */
export function readSettings(database: Database): ReadonlyMap<string, Stored> {
  const rows = attempt('read the settings', () =>
    Rows.parse(database.prepare('SELECT line, key, value FROM setting').all()),
  )
  const lines = new Map<string, Map<string, unknown>>()
  for (const { line, key, value } of rows) {
    const settings = lines.get(line) ?? new Map<string, unknown>()
    lines.set(line, settings.set(key, jsonIn(value)))
  }
  return lines
}

/** Within a transaction of the caller. */
export function putSetting(
  database: Database,
  line: string,
  key: string,
  value: unknown,
): void {
  database
    .prepare('INSERT OR REPLACE INTO setting (line, key, value) VALUES (?, ?, ?)')
    .run(line, key, JSON.stringify(value))
}

/** Back to the site file, within a transaction of the caller. */
export function removeSettings(database: Database, line: string): void {
  database.prepare('DELETE FROM setting WHERE line = ?').run(line)
}

/** A value that is none any more is one nobody knows: its setting is left alone. */
function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
