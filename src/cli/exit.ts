/** Exit codes, as the contract names them. */
export const EXIT = {
  ok: 0,
  /** A run-time error. */
  failed: 1,
  /** `plan --detailed-exitcode`: there are changes. */
  changes: 2,
  /** `apply` failed, and the former configuration is back. */
  rolledBack: 3,
  /** Well-formed, and refused by a rule. */
  policy: 4,
  /** Asterisk missing, too old or not reachable; file modes; a lock. */
  environment: 5,
  usage: 64,
  /** An invalid site file. */
  invalid: 78,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]
