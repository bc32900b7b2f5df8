import { readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { AsteriskInstance } from './instance.js'
import { rx } from './remote-console.js'
import { SECURITY_PAST } from './security-keeper.js'

/** Of 500 MB in all (F35): two logs, and what is kept of the security log. */
const LONGEST = 50 * 1024 * 1024
/** Of each log, besides the one that is written. */
const KEPT = 3

/**
 * Keeps Asterisk's logs from filling the disk: a long one is put aside, as `security.log.0`
 * and so on, and only the newest of those are kept. Returns whether one was too long.
 */
export async function capLogs(
  folder: string,
  instance: AsteriskInstance,
): Promise<boolean> {
  const logs = readdirSync(folder).filter(
    (name) => name.endsWith('.log') && name !== SECURITY_PAST,
  )
  if (!logs.some((name) => statSync(join(folder, name)).size > LONGEST)) return false
  await rx(instance, 'logger rotate')
  for (const name of logs) forgetOldest(folder, name)
  return true
}

function forgetOldest(folder: string, log: string): void {
  const aside = readdirSync(folder)
    .filter(
      (name) => name.startsWith(`${log}.`) && /^\d+$/.test(name.slice(log.length + 1)),
    )
    .map((name) => ({ name, at: statSync(join(folder, name)).mtimeMs }))
    .sort((a, b) => b.at - a.at)
  for (const { name } of aside.slice(KEPT)) rmSync(join(folder, name))
}
