import { chmodSync, existsSync, mkdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import Libsql from 'libsql'
import { damageOf, makeStore, type Salvaged, salvage } from './salvage.js'
import { StoreUnavailable } from './store-error.js'

export { StoreLost, StoreUnavailable } from './store-error.js'

/** One statement or table module is handed this; nothing else imports the engine. */
export type Database = Libsql.Database
/** Prepared once and run often; each run begins anew, whatever became of the last. */
export type Statement = Libsql.Statement<unknown[]>

/** The file of the store in a state folder. */
export function storeFile(dir: string): string {
  return join(resolve(dir), 'store', 'linekeeper.db')
}

/**
 * Opens the store and makes what is missing of its tables. A write is on the disk when
 * it returns: WAL with `synchronous=FULL` syncs at each commit. Of a damaged store what
 * can be read is kept, and `tell` hears of it.
 *
 * Throws StoreUnavailable when the file cannot be opened, StoreLost when nothing in it
 * can be read.
 */
export function openStore(
  file: string,
  tables: readonly string[],
  tell: (salvaged: Salvaged) => void = () => undefined,
): Database {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  return attempt(`open ${file}`, () => {
    if (!existsSync(file)) makeStore(file, tables)
    const damage = damageOf(file)
    if (damage !== undefined) tell(salvage(file, tables, damage))
    const database = new Libsql(file)
    chmodSync(file, 0o600)
    for (const pragma of ['journal_mode=WAL', 'synchronous=FULL', 'foreign_keys=ON']) {
      database.exec(`PRAGMA ${pragma}`)
    }
    for (const table of tables) database.exec(table)
    return database
  })
}

/** Runs what touches the store; whatever the engine throws becomes StoreUnavailable. */
export function attempt<T>(what: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof StoreUnavailable) throw error
    const reason = error instanceof Error ? error.message : String(error)
    throw new StoreUnavailable(`the store could not ${what}: ${reason}`, { cause: error })
  }
}

/** All or nothing. */
export function atOnce<T>(database: Database, what: string, work: () => T): T {
  return attempt(what, () => {
    database.exec('BEGIN IMMEDIATE')
    try {
      const done = work()
      database.exec('COMMIT')
      return done
    } catch (error) {
      // A commit that failed for want of space has rolled back by itself.
      if (database.inTransaction) database.exec('ROLLBACK')
      throw error
    }
  })
}
