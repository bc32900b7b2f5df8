import { fstatSync } from 'node:fs'
import type { Address } from '../model/address.js'
import type { Secret } from '../model/secret.js'

const STDERR = 2

/**
 * What the first start of a state folder says of the portal, on stderr and never again.
 * Where stderr is `kept` as a log, the password is not said but has to be set.
 */
export function firstPasswordText(
  password: Secret,
  { host, port }: Address,
  kept: boolean,
): string {
  const portal = `The portal is at http://${host}:${port}/`
  if (kept) return `${portal} linekeeper user password administrator opens it to you.\n`
  return (
    `${portal} Sign in as administrator, password ${password.reveal()}\n` +
    'It is shown this once; linekeeper user password administrator sets another.\n'
  )
}

/** systemd names the file that it keeps as its journal (systemd.exec(5), JOURNAL_STREAM). */
export function isJournal(
  { JOURNAL_STREAM: journal }: NodeJS.ProcessEnv,
  file: number = STDERR,
): boolean {
  const { dev, ino } = fstatSync(file)
  return journal === `${dev}:${ino}`
}
