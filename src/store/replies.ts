import { z } from 'zod'
import { attempt, type Database } from './database.js'

/** Answers already given, so that a request sent twice is performed once. */
export const repliesTable = `
CREATE TABLE IF NOT EXISTS reply (
  asker TEXT NOT NULL,
  key TEXT NOT NULL,
  request_hash TEXT NOT NULL,
  status INTEGER,
  body TEXT,
  at INTEGER NOT NULL,
  PRIMARY KEY (asker, key)
) STRICT`

/** `asker` is whose key it is: two customers may choose the same. */
export interface ReplyKey {
  readonly asker: string
  readonly key: string
}

export interface StoredReply {
  readonly requestHash: string
  /** Undefined while the first request is under way, or when it was cut off. */
  readonly reply: { readonly status: number; readonly body: string } | undefined
}

const Row = z.object({
  request_hash: z.string(),
  status: z.number().nullable(),
  body: z.string().nullable(),
})

/** Replies by idempotency key. Every method throws StoreUnavailable (M9). */
export class Replies {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  find({ asker, key }: ReplyKey): StoredReply | undefined {
    return attempt('read a reply', () => {
      const found: unknown = this.#database
        .prepare('SELECT * FROM reply WHERE asker = ? AND key = ?')
        .get(asker, key)
      if (found === undefined) return undefined
      const { request_hash: requestHash, status, body } = Row.parse(found)
      const reply = status === null ? undefined : { status, body: body ?? '' }
      return { requestHash, reply }
    })
  }

  begin({ asker, key }: ReplyKey, requestHash: string, atMs: number): void {
    attempt('note a request', () =>
      this.#database
        .prepare('INSERT INTO reply VALUES (?, ?, ?, NULL, NULL, ?)')
        .run(asker, key, requestHash, atMs),
    )
  }

  finish({ asker, key }: ReplyKey, status: number, body: string): void {
    attempt('keep a reply', () =>
      this.#database
        .prepare('UPDATE reply SET status = ?, body = ? WHERE asker = ? AND key = ?')
        .run(status, body, asker, key),
    )
  }

  /** It failed without effect: the same key may try again. */
  forget({ asker, key }: ReplyKey): void {
    attempt('forget a request', () =>
      this.#database
        .prepare('DELETE FROM reply WHERE asker = ? AND key = ?')
        .run(asker, key),
    )
  }

  removeOld(beforeMs: number): void {
    attempt('remove old replies', () =>
      this.#database.prepare('DELETE FROM reply WHERE at < ?').run(beforeMs),
    )
  }
}
