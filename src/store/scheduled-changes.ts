import { z } from 'zod'
import type { Scheduled } from '../subscription/contract.js'
import { attempt, type Database } from './database.js'

/** What waits for a renewal; the key lets a line have one of each kind (spec A5, A6). */
export const scheduledChangesTable = `
CREATE TABLE IF NOT EXISTS scheduled_change (
  line         TEXT NOT NULL,
  kind         TEXT NOT NULL CHECK (kind IN ('planChange', 'decrease')),
  plan         TEXT,
  calls        INTEGER,
  requested_ms INTEGER NOT NULL,
  due_ms       INTEGER NOT NULL,
  PRIMARY KEY (line, kind)
) STRICT`

const When = { requestedMs: z.number(), dueMs: z.number(), line: z.string() }
const Row = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('planChange'), plan: z.string(), ...When }),
  z.object({ kind: z.literal('decrease'), calls: z.int(), ...When }),
])

const COLUMNS = 'line, kind, plan, calls, requested_ms AS requestedMs, due_ms AS dueMs'

/** Everything that waits, or what waits for one line. Throws StoreUnavailable. */
export function readScheduled(database: Database, line?: string): Scheduled[] {
  return attempt('read what waits for a renewal', () => {
    const all = `SELECT ${COLUMNS} FROM scheduled_change`
    const rows =
      line === undefined
        ? database.prepare(all).all()
        : database.prepare(`${all} WHERE line = ?`).all(line)
    return z.array(Row).parse(rows)
  })
}

/** Takes the place of one of its kind. Within a transaction of the caller. */
export function putScheduled(database: Database, scheduled: Scheduled): void {
  const { line, kind, requestedMs, dueMs } = scheduled
  const plan = kind === 'planChange' ? scheduled.plan : null
  const calls = kind === 'decrease' ? scheduled.calls : null
  database
    .prepare(
      `INSERT OR REPLACE INTO scheduled_change
         (line, kind, plan, calls, requested_ms, due_ms) VALUES (?, ?, ?, ?, ?, ?)`,
    )
    .run(line, kind, plan, calls, requestedMs, dueMs)
}

/** Within a transaction of the caller. */
export function removeScheduled(
  database: Database,
  line: string,
  kind: Scheduled['kind'],
): void {
  database
    .prepare('DELETE FROM scheduled_change WHERE line = ? AND kind = ?')
    .run(line, kind)
}
