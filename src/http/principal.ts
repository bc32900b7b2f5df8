import type { Role } from '../store/users.js'

/** On whose behalf a request is made. */
export interface Principal {
  /** Of the user or the token; for the journal. */
  readonly name: string
  readonly role: Role
  /** Canonical numbers of a customer's lines; an administrator has them all. */
  readonly lines: ReadonlySet<string>
  readonly readOnly: boolean
}

/** Whether a line, by its canonical number, exists for this principal. */
export function owns({ role, lines }: Principal, line: string): boolean {
  return role === 'administrator' || lines.has(line)
}
