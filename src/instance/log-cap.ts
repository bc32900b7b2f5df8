import { existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { SECURITY_PAST } from './security-keeper.js'

/** Of 500 MB in all (F35): two logs, and what is kept of the security log. */
const LONGEST = 50 * 1024 * 1024
/** Of each log, besides the one that is written. */
const KEPT = 3

/**
 * Keeps Asterisk's logs from filling the disk: a long one is put aside, as `messages.log.1`
 * and so on, Asterisk is told by `reopen` to begin another, and only the newest of those
 * put aside are kept. Returns whether one was too long.
 */
export async function capLogs(
  folder: string,
  reopen: () => Promise<unknown>,
): Promise<boolean> {
  if (!existsSync(folder)) return false
  const long = readdirSync(folder).filter(
    (name) =>
      name.endsWith('.log') &&
      name !== SECURITY_PAST &&
      statSync(join(folder, name)).size > LONGEST,
  )
  if (long.length === 0) return false
  for (const name of long) {
    const highest = Math.max(0, ...asideOf(folder, name).map(({ nth }) => nth))
    renameSync(join(folder, name), join(folder, `${name}.${highest + 1}`))
  }
  // Until then it writes on to what was put aside.
  await reopen()
  for (const name of long) {
    const oldest = asideOf(folder, name).slice(KEPT)
    for (const { nth } of oldest) rmSync(join(folder, `${name}.${nth}`))
  }
  return true
}

/** What was put aside of a log, the newest first. */
function asideOf(folder: string, log: string): { nth: number; at: number }[] {
  return readdirSync(folder)
    .filter((name) => name.startsWith(`${log}.`))
    .map((name) => name.slice(log.length + 1))
    .filter((end) => /^\d+$/.test(end))
    .map((end) => ({
      nth: Number(end),
      at: statSync(join(folder, `${log}.${end}`)).mtimeMs,
    }))
    .sort((a, b) => b.at - a.at)
}
