import { z } from 'zod'
import { atOnce, attempt, type Database } from './database.js'
import { Role } from './users.js'

/** Tokens of scripts. A token itself is shown once and kept nowhere, only its hash. */
export const tokensTable = `
CREATE TABLE IF NOT EXISTS token (
  name TEXT PRIMARY KEY,
  hash TEXT NOT NULL UNIQUE,
  role TEXT NOT NULL CHECK (role IN ('administrator', 'customer')),
  lines TEXT NOT NULL,
  read_only INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER
) STRICT`

export interface Token {
  readonly name: string
  readonly role: Role
  /** Canonical numbers; empty for an administrator's, which has them all. */
  readonly lines: readonly string[]
  readonly readOnly: boolean
  readonly createdAtMs: number
  /** Undefined: never. */
  readonly expiresAtMs: number | undefined
}

const Row = z.object({
  name: z.string(),
  role: Role,
  lines: z.string().transform((text) => z.array(z.string()).parse(JSON.parse(text))),
  read_only: z.number(),
  created_at: z.number(),
  expires_at: z.number().nullable(),
})

/** The tokens of the API. Every method throws StoreUnavailable (M9). */
export class Tokens {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  list(): Token[] {
    return attempt('list the tokens', () =>
      this.#database.prepare('SELECT * FROM token ORDER BY name').all().map(tokenOf),
    )
  }

  /** `hash` is what hashing the presented token gives. */
  find(hash: string): Token | undefined {
    return attempt('read a token', () => {
      const row: unknown = this.#database
        .prepare('SELECT * FROM token WHERE hash = ?')
        .get(hash)
      return row === undefined ? undefined : tokenOf(row)
    })
  }

  /** False when the name is taken. */
  add(token: Token, hash: string): boolean {
    return atOnce(this.#database, 'add a token', () => {
      const taken = this.#database.prepare('SELECT 1 FROM token WHERE name = ?')
      if (taken.get(token.name) !== undefined) return false
      this.#database
        .prepare('INSERT INTO token VALUES (?, ?, ?, ?, ?, ?, ?)')
        .run(
          ...[token.name, hash, token.role, JSON.stringify(token.lines)],
          ...[token.readOnly ? 1 : 0, token.createdAtMs, token.expiresAtMs ?? null],
        )
      return true
    })
  }

  /** False when there is none of that name. */
  remove(name: string): boolean {
    return attempt('remove a token', () => {
      const { changes } = this.#database
        .prepare('DELETE FROM token WHERE name = ?')
        .run(name)
      return changes > 0
    })
  }
}

function tokenOf(found: unknown): Token {
  const { name, role, lines, ...row } = Row.parse(found)
  return {
    ...{ name, role, lines },
    readOnly: row.read_only === 1,
    createdAtMs: row.created_at,
    expiresAtMs: row.expires_at ?? undefined,
  }
}
