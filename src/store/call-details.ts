import { type CallDetail, linesOf } from '../model/call-detail.js'
import { atOnce, attempt, type Database, type Statement } from './database.js'

/**
 * The table of the call records. It lies in a file of its own: it is written with every
 * call, and what a subscriber has set must not wait for it.
 */
export const CALL_DETAIL_TABLES = [
  `CREATE TABLE IF NOT EXISTS call_detail (
    id TEXT PRIMARY KEY, leg TEXT NOT NULL, started INTEGER NOT NULL, ended INTEGER,
    direction TEXT NOT NULL, detail TEXT NOT NULL) STRICT`,
  'CREATE INDEX IF NOT EXISTS call_detail_started ON call_detail (started)',
  'CREATE INDEX IF NOT EXISTS call_detail_leg ON call_detail (leg)',
  `CREATE TABLE IF NOT EXISTS call_line (
    line TEXT NOT NULL, started INTEGER NOT NULL, id TEXT NOT NULL,
    PRIMARY KEY (line, started, id)) STRICT, WITHOUT ROWID`,
  `CREATE TABLE IF NOT EXISTS asterisk_book (
    one INTEGER PRIMARY KEY CHECK (one = 1), file TEXT NOT NULL, offset INTEGER NOT NULL) STRICT`,
]

const MINUTE_MS = 60_000

/** Which calls are asked for; all that is named must hold. Newest first. */
export interface CallFilter {
  /** Canonical. */
  readonly line?: string | undefined
  /** Milliseconds: begun at or after. */
  readonly from?: number | undefined
  /** Milliseconds: begun before. */
  readonly to?: number | undefined
  readonly direction?: CallDetail['direction'] | undefined
  readonly limit: number
  readonly offset?: number | undefined
}

/** The call records. Throws StoreUnavailable when the file cannot be read or written. */
export class CallDetails {
  readonly #database: Database
  /** To prepare one takes as long as to run it, and these run with every call. */
  readonly #statements = new Map<string, Statement>()

  constructor(database: Database) {
    this.#database = database
  }

  /** All or none of them; one that is there already is replaced. */
  write(details: readonly CallDetail[]): void {
    const put = this.#prepared(
      `INSERT INTO call_detail (id, leg, started, ended, direction, detail) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET ended = excluded.ended,
         direction = excluded.direction, detail = excluded.detail`,
    )
    const index = this.#prepared('INSERT OR IGNORE INTO call_line VALUES (?, ?, ?)')
    atOnce(this.#database, 'write call records', () => {
      for (const detail of details) {
        const { id, leg, startedAt, endedAt, direction } = detail
        put.run(id, leg, startedAt, endedAt, direction, JSON.stringify(detail))
        for (const line of linesOf(detail)) index.run(line, startedAt, id)
      }
    })
  }

  matching({ line, from, to, direction, limit, offset }: CallFilter): CallDetail[] {
    const conditions: [sql: string, value: string | number | undefined][] = [
      ['id IN (SELECT id FROM call_line WHERE line = ?)', line],
      ['started >= ?', from],
      ['started < ?', to],
      ['direction = ?', direction],
    ]
    const held = conditions.filter(([, value]) => value !== undefined)
    const where =
      held.length === 0 ? '' : `WHERE ${held.map(([sql]) => sql).join(' AND ')}`
    const sql = `SELECT detail FROM call_detail ${where} ORDER BY started DESC, id LIMIT ? OFFSET ?`
    const values = held.map(([, value]) => value ?? '')
    return this.#all(sql, [...values, limit, offset ?? 0])
  }

  /** Records without an end. */
  open(): CallDetail[] {
    return this.#all('SELECT detail FROM call_detail WHERE ended IS NULL', [])
  }

  ofLeg(leg: string): CallDetail[] {
    const sql = 'SELECT detail FROM call_detail WHERE leg = ? ORDER BY started'
    return attempt('read call records', () => this.#prepared(sql).all(leg)).map(detailIn)
  }

  /** Records of a line that count many calls and may count some of the minute from `at`. */
  floods(line: string, at: number): CallDetail[] {
    const sql = `SELECT detail FROM call_line JOIN call_detail USING (id)
      WHERE line = ? AND call_line.started BETWEEN ? AND ?
        AND direction != 'incoming' AND json_extract(detail, '$.calls') > 1`
    return this.#all(sql, [line, at - 2 * MINUTE_MS, at + 2 * MINUTE_MS])
  }

  /** How many calls that ended began before an instant; with `forget`, they are deleted. */
  older(before: number, forget: boolean): number {
    const condition = 'started < ? AND ended IS NOT NULL'
    const count = attempt('count call records', () =>
      this.#database
        .prepare(`SELECT count(*) AS count FROM call_detail WHERE ${condition}`)
        .get(before),
    )
    if (forget) {
      atOnce(this.#database, 'delete call records', () => {
        this.#database.prepare(`DELETE FROM call_detail WHERE ${condition}`).run(before)
        this.#database
          .prepare(
            'DELETE FROM call_line WHERE started < ? AND id NOT IN (SELECT id FROM call_detail)',
          )
          .run(before)
      })
    }
    return Number(fieldOf(count, 'count'))
  }

  /** How far Asterisk's own book has been read; a file of another identity begins anew. */
  get bookmark(): { readonly file: string; readonly offset: number } {
    const row = attempt('read', () =>
      this.#database.prepare('SELECT file, offset FROM asterisk_book').get(),
    )
    return {
      file: String(fieldOf(row, 'file') ?? ''),
      offset: Number(fieldOf(row, 'offset') ?? 0),
    }
  }

  set bookmark({ file, offset }: { readonly file: string; readonly offset: number }) {
    attempt('write', () =>
      this.#database
        .prepare(
          'INSERT INTO asterisk_book VALUES (1, ?, ?) ON CONFLICT (one) DO UPDATE SET file = excluded.file, offset = excluded.offset',
        )
        .run(file, offset),
    )
  }

  close(): void {
    this.#database.close()
  }

  #prepared(sql: string): Statement {
    const statement = this.#statements.get(sql) ?? this.#database.prepare(sql)
    this.#statements.set(sql, statement)
    return statement
  }

  #all(sql: string, values: readonly (string | number)[]): CallDetail[] {
    const rows = attempt('read call records', () =>
      this.#database.prepare(sql).all(...values),
    )
    return rows.map(detailIn)
  }
}

/** Only we write this column. */
function detailIn(row: unknown): CallDetail {
  return JSON.parse(String(fieldOf(row, 'detail')))
}

function fieldOf(row: unknown, name: string): unknown {
  return typeof row === 'object' && row !== null ? Reflect.get(row, name) : undefined
}
