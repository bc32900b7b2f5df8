import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { dirname } from 'node:path'
import Libsql from 'libsql'
import { z } from 'zod'
import { StoreLost } from './store-error.js'

/** What was wrong, and what came out of it. */
export interface Salvaged {
  readonly damage: string
  /** Where the damaged file is now. */
  readonly aside: string
  readonly rows: number
}

const DAMAGED = new Set(['SQLITE_CORRUPT', 'SQLITE_NOTADB'])
/** Of a database in WAL mode: they belong to the file they were made with. */
const COMPANIONS = ['-wal', '-shm']

/** A store that is not there is made beside and moved in: a half-made one is never seen. */
export function makeStore(file: string, tables: readonly string[]): void {
  const beside = `${file}.new`
  fillNew(beside, tables, () => undefined)
  moveIn(beside, file)
}

/** What the engine finds wrong with a file, or undefined. A file of no bytes has lost all. */
export function damageOf(file: string): string | undefined {
  try {
    const database = new Libsql(file)
    try {
      const Check = z.array(z.object({ quick_check: z.string() }))
      const [first] = Check.parse(database.prepare('PRAGMA quick_check(1)').all())
      if (first?.quick_check !== 'ok') return first?.quick_check ?? 'no answer'
      return namesOfTables(database).length === 0 ? 'it holds no table' : undefined
    } finally {
      database.close()
    }
  } catch (error) {
    if (isDamage(error)) return error.message
    throw error
  }
}

/**
 * Makes a new store of what can be read of a damaged one, which is set aside. Throws
 * StoreLost when that is nothing, and leaves the file where it is.
 */
export function salvage(
  file: string,
  tables: readonly string[],
  damage: string,
): Salvaged {
  const beside = `${file}.new`
  let rows = 0
  fillNew(beside, tables, (into) => {
    rows = copyRows(file, into)
  })
  if (rows === 0) {
    rmSync(beside)
    throw new StoreLost(
      `${file} is damaged (${damage}) and nothing in it can be read. Restore a backup ` +
        'with `linekeeper restore`, or move the file away: then every line begins as ' +
        'the site file says',
    )
  }
  const aside = freeName(file)
  copyFileSync(file, aside)
  for (const suffix of COMPANIONS) {
    if (!existsSync(file + suffix)) continue
    copyFileSync(file + suffix, aside + suffix)
    rmSync(file + suffix)
  }
  moveIn(beside, file)
  return { damage, aside, rows }
}

function fillNew(
  file: string,
  tables: readonly string[],
  fill: (database: Libsql.Database) => void,
): void {
  rmSync(file, { force: true })
  const database = new Libsql(file)
  try {
    for (const table of tables) database.exec(table)
    database.exec('BEGIN')
    fill(database)
    database.exec('COMMIT')
  } finally {
    database.close()
  }
}

/** Row by row from both ends: what lies between two damaged places is lost. */
function copyRows(file: string, into: Libsql.Database): number {
  let rows = 0
  const from = new Libsql(file, { readonly: true })
  try {
    const known = new Set(namesOfTables(into))
    for (const table of readable(() => namesOfTables(from)) ?? []) {
      if (!known.has(table)) continue
      for (const order of ['ASC', 'DESC']) {
        readable(() => {
          for (const row of from
            .prepare(`SELECT * FROM "${table}" NOT INDEXED ORDER BY rowid ${order}`)
            .iterate()) {
            if (insert(into, table, row)) rows += 1
          }
        })
      }
    }
  } finally {
    from.close()
  }
  return rows
}

/** False for a row that is there already, or that no such table can hold. */
function insert(into: Libsql.Database, table: string, row: unknown): boolean {
  const values = z.record(z.string(), z.unknown()).parse(row)
  const columns = Object.keys(values).filter((name) => /^\w+$/.test(name))
  const marks = columns.map(() => '?').join(', ')
  const statement = `INSERT OR IGNORE INTO "${table}" (${columns.join(', ')}) VALUES (${marks})`
  try {
    return into.prepare(statement).run(columns.map((name) => values[name])).changes > 0
  } catch (error) {
    // Garbage of another type than the column: a STRICT table refuses it.
    if (error instanceof Error && 'code' in error) return false
    throw error
  }
}

function namesOfTables(database: Libsql.Database): string[] {
  const Names = z.array(z.object({ name: z.string() }))
  const rows = database
    .prepare(`SELECT name FROM sqlite_master WHERE type = 'table'`)
    .all()
  return Names.parse(rows).map(({ name }) => name)
}

function readable<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (isDamage(error)) return undefined
    throw error
  }
}

function isDamage(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && DAMAGED.has(String(error.code))
}

function freeName(file: string): string {
  for (let count = 1; ; count += 1) {
    const name = `${file}.${count}.corrupt`
    if (!existsSync(name)) return name
  }
}

/** On the disk before and after, so that a cut of the power leaves one of the two. */
function moveIn(beside: string, file: string): void {
  sync(beside)
  renameSync(beside, file)
  sync(dirname(file))
}

function sync(path: string): void {
  const descriptor = openSync(path, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
