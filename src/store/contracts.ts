import { existsSync } from 'node:fs'
import Libsql from 'libsql'
import { z } from 'zod'
import type { Contract } from '../subscription/contract.js'
import { attempt, type Database } from './database.js'

/** What orders and renewals have made of a line's contract; no row: as the site file says. */
export const contractsTable = `
CREATE TABLE IF NOT EXISTS contract (
  line         TEXT PRIMARY KEY,
  plan         TEXT NOT NULL,
  calls        INTEGER NOT NULL,
  effective_ms INTEGER NOT NULL
) STRICT`

const Row = z.object({ line: z.string(), plan: z.string(), calls: z.int() })

/** Every contract that is not the site file's, by line. Throws StoreUnavailable. */
export function readContracts(database: Database): Map<string, Contract> {
  return attempt('read the contracts', () => {
    const rows = database.prepare('SELECT line, plan, calls FROM contract').all()
    return new Map(
      z
        .array(Row)
        .parse(rows)
        .map(({ line, ...contract }) => [line, contract]),
    )
  })
}

/**
 * The same for who only looks, while the controller may be at work: undefined when
 * there is no store yet. Throws StoreUnavailable.
 */
export function peekContracts(file: string): Map<string, Contract> | undefined {
  if (!existsSync(file)) return undefined
  return attempt(`read ${file}`, () => {
    const database = new Libsql(file, { readonly: true })
    try {
      // A store of an earlier version gets its new tables from the controller.
      const table = "SELECT 1 FROM sqlite_master WHERE name = 'contract'"
      return database.prepare(table).get() ? readContracts(database) : new Map()
    } finally {
      database.close()
    }
  })
}

/** Within a transaction of the caller. */
export function putContract(
  database: Database,
  line: string,
  { plan, calls }: Contract,
  effectiveMs: number,
): void {
  database
    .prepare(
      `INSERT INTO contract (line, plan, calls, effective_ms) VALUES (?, ?, ?, ?)
       ON CONFLICT (line) DO UPDATE SET plan = excluded.plan, calls = excluded.calls,
         effective_ms = excluded.effective_ms`,
    )
    .run(line, plan, calls, effectiveMs)
}

/** Within a transaction of the caller. */
export function removeContract(database: Database, line: string): void {
  database.prepare('DELETE FROM contract WHERE line = ?').run(line)
}
