import { z } from 'zod'
import { attempt, type Database } from './database.js'

/** Who is signed in. What a cookie holds is not here, only its hash. */
export const sessionsTable = `
CREATE TABLE IF NOT EXISTS session (
  id_hash TEXT PRIMARY KEY,
  user TEXT NOT NULL REFERENCES user (name) ON DELETE CASCADE,
  form_token TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  used_at INTEGER NOT NULL
) STRICT`

export interface StoredSession {
  readonly idHash: string
  readonly user: string
  /** What every form of the session must bring along (CSRF). */
  readonly formToken: string
  readonly createdAtMs: number
  readonly usedAtMs: number
}

const Row = z.object({
  id_hash: z.string(),
  user: z.string(),
  form_token: z.string(),
  created_at: z.number(),
  used_at: z.number(),
})

/** The sessions of the portal. Every method throws StoreUnavailable (M9). */
export class Sessions {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  add({ idHash, user, formToken, createdAtMs, usedAtMs }: StoredSession): void {
    attempt('add a session', () =>
      this.#database
        .prepare('INSERT INTO session VALUES (?, ?, ?, ?, ?)')
        .run(idHash, user, formToken, createdAtMs, usedAtMs),
    )
  }

  find(idHash: string): StoredSession | undefined {
    return attempt('read a session', () => {
      const found: unknown = this.#database
        .prepare('SELECT * FROM session WHERE id_hash = ?')
        .get(idHash)
      if (found === undefined) return undefined
      const row = Row.parse(found)
      return {
        idHash: row.id_hash,
        user: row.user,
        formToken: row.form_token,
        createdAtMs: row.created_at,
        usedAtMs: row.used_at,
      }
    })
  }

  used(idHash: string, atMs: number): void {
    attempt('keep a session', () =>
      this.#database
        .prepare('UPDATE session SET used_at = ? WHERE id_hash = ?')
        .run(atMs, idHash),
    )
  }

  remove(idHash: string): void {
    attempt('end a session', () =>
      this.#database.prepare('DELETE FROM session WHERE id_hash = ?').run(idHash),
    )
  }

  removeOf(user: string): void {
    attempt('end the sessions of a user', () =>
      this.#database.prepare('DELETE FROM session WHERE user = ?').run(user),
    )
  }

  /** Those used last before `idleSince`, and those made before `madeBefore`. */
  removeOld(idleSinceMs: number, madeBeforeMs: number): void {
    attempt('end old sessions', () =>
      this.#database
        .prepare('DELETE FROM session WHERE used_at < ? OR created_at < ?')
        .run(idleSinceMs, madeBeforeMs),
    )
  }
}
