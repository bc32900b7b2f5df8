import { z } from 'zod'
import { atOnce, attempt, type Database } from './database.js'

/** Who may sign in to the portal; the lines of a customer are rows of their own. */
export const usersTable = `
CREATE TABLE IF NOT EXISTS user (
  name TEXT PRIMARY KEY,
  role TEXT NOT NULL CHECK (role IN ('administrator', 'customer')),
  password_hash TEXT NOT NULL,
  changed_at INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS user_line (
  user TEXT NOT NULL REFERENCES user (name) ON DELETE CASCADE,
  line TEXT NOT NULL,
  PRIMARY KEY (user, line)
) STRICT`

export const Role = z.enum(['administrator', 'customer'])
export type Role = z.infer<typeof Role>

export interface User {
  /** In small letters; unique. */
  readonly name: string
  readonly role: Role
  /** Canonical numbers, sorted; empty for an administrator, who has them all. */
  readonly lines: readonly string[]
}

export interface NewUser extends User {
  readonly passwordHash: string
}

const UserRow = z.object({ name: z.string(), role: Role, password_hash: z.string() })
const LineRow = z.object({ line: z.string() })

/** The accounts of the portal. Every method throws StoreUnavailable (M9). */
export class Users {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  list(): User[] {
    return attempt('list the users', () => {
      const rows = this.#database.prepare('SELECT * FROM user ORDER BY name').all()
      return rows.map((row) => this.#userOf(row))
    })
  }

  find(name: string): NewUser | undefined {
    return attempt('read a user', () => {
      const row: unknown = this.#database
        .prepare('SELECT * FROM user WHERE name = ?')
        .get(name)
      return row === undefined ? undefined : this.#userOf(row)
    })
  }

  /** False when the name is taken. */
  add({ name, role, lines, passwordHash }: NewUser, atMs: number): boolean {
    return atOnce(this.#database, 'add a user', () => {
      if (this.find(name)) return false
      this.#database
        .prepare('INSERT INTO user VALUES (?, ?, ?, ?)')
        .run(name, role, passwordHash, atMs)
      const insert = this.#database.prepare('INSERT INTO user_line VALUES (?, ?)')
      for (const line of new Set(lines)) insert.run(name, line)
      return true
    })
  }

  /** False when there is none of that name. */
  setPassword(name: string, passwordHash: string, atMs: number): boolean {
    return attempt('change a password', () => {
      const { changes } = this.#database
        .prepare('UPDATE user SET password_hash = ?, changed_at = ? WHERE name = ?')
        .run(passwordHash, atMs, name)
      return changes > 0
    })
  }

  /** False when there is none of that name. Sessions of the user end with it. */
  remove(name: string): boolean {
    return attempt('remove a user', () => {
      return (
        this.#database.prepare('DELETE FROM user WHERE name = ?').run(name).changes > 0
      )
    })
  }

  #userOf(row: unknown): NewUser {
    const { name, role, password_hash: passwordHash } = UserRow.parse(row)
    const lines = this.#database
      .prepare('SELECT line FROM user_line WHERE user = ? ORDER BY line')
      .all(name)
      .map((each: unknown) => LineRow.parse(each).line)
    return { name, role, lines, passwordHash }
  }
}
