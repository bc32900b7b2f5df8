import { readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { AsteriskInstance } from './instance.js'
import { rx } from './remote-console.js'

/** A scanner makes Asterisk write 40 MB a minute of refused registrations (T04, F35). */
const LONGEST = 50 * 1024 * 1024
/** Of each log, besides the one that is written: 500 MB in all, for two logs. */
const KEPT = 4

/**
 * Keeps Asterisk's logs from filling the disk: a long one is put aside, as `security.log.0`
 * and so on, and only the newest of those are kept. Returns whether one was too long.
 */
export async function capLogs(
  folder: string,
  instance: AsteriskInstance,
): Promise<boolean> {
  const logs = readdirSync(folder).filter((name) => name.endsWith('.log'))
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
