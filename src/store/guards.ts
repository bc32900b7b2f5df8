import { z } from 'zod'
import { atOnce, attempt, type Database } from './database.js'

/**
 * What lines have tried and spent of late, so that a restart forgets nothing (reliability
 * T32, §3.8): one row per line and count, `value` is JSON.
 */
export const guardsTable = `
CREATE TABLE IF NOT EXISTS guard (
  line  TEXT NOT NULL,
  name  TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (line, name)
) STRICT`

export interface GuardRow {
  readonly line: string
  /** What is counted: `pin`, or a class of numbers that cost. */
  readonly name: string
  /** JSON; undefined: nothing is counted any more. */
  readonly value: unknown
}

const Rows = z.array(z.object({ line: z.string(), name: z.string(), value: z.string() }))

/** Everything that is counted; what cannot be read any more is left out. Throws StoreUnavailable. */
export function readGuards(database: Database): GuardRow[] {
  const found = attempt('read what lines have tried and spent', () =>
    Rows.parse(database.prepare('SELECT line, name, value FROM guard').all()),
  )
  return found.flatMap(({ line, name, value }): GuardRow[] => {
    try {
      const read: unknown = JSON.parse(value)
      return [{ line, name, value: read }]
    } catch (error) {
      if (error instanceof SyntaxError) return []
      throw error
    }
  })
}

/** All of them or none. Throws StoreUnavailable. */
export function writeGuards(database: Database, rows: readonly GuardRow[]): void {
  atOnce(database, 'keep what a line has tried or spent', () => {
    for (const { line, name, value } of rows) {
      if (value === undefined) {
        database.prepare('DELETE FROM guard WHERE line = ? AND name = ?').run(line, name)
      } else {
        database
          .prepare('INSERT OR REPLACE INTO guard (line, name, value) VALUES (?, ?, ?)')
          .run(line, name, JSON.stringify(value))
      }
    }
  })
}
