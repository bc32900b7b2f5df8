import { existsSync } from 'node:fs'
import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** What is deleted by age; milliseconds since 1970, kept when it is younger. */
export interface Limits {
  readonly voicemailBefore?: number
  readonly logBefore?: number
}

/** How many of each are gone, or would be. */
export interface Forgotten {
  readonly messages: number
  readonly faxes: number
  readonly logs: number
}

/**
 * Deletes old recordings and logs of a state folder. Asterisk numbers the messages of a
 * box anew when it opens it, so gaps do not matter; a box that is open is left for the
 * next time. With `dryRun` everything is only counted.
 */
export async function forgetOld(
  dir: string,
  { voicemailBefore, logBefore }: Limits,
  dryRun: boolean,
): Promise<Forgotten> {
  const messages =
    voicemailBefore === undefined ? [] : await oldMessages(dir, voicemailBefore)
  const faxes =
    voicemailBefore === undefined
      ? []
      : await olderThan(await filesIn(join(dir, 'spool/fax')), voicemailBefore)
  const logs = logBefore === undefined ? [] : await oldLogs(dir, logBefore)
  if (!dryRun) {
    for (const path of [...messages.flat(), ...faxes, ...logs])
      await rm(path, { force: true })
  }
  return { messages: messages.length, faxes: faxes.length, logs: logs.length }
}

/** A message is its text with the facts and its sound in one or several formats. */
async function oldMessages(dir: string, before: number): Promise<string[][]> {
  const root = join(dir, 'spool/voicemail')
  const files = await filesIn(root)
  const open = new Set(
    files.filter((path) => path.endsWith('/.lock')).map((path) => folderOf(path)),
  )
  const messages = new Map<string, string[]>()
  for (const path of files) {
    const [, message] = /^(.*\/msg\d{4})\.\w+$/i.exec(path) ?? []
    if (message === undefined || open.has(folderOf(path))) continue
    messages.set(message, [...(messages.get(message) ?? []), path])
  }
  const old: string[][] = []
  for (const parts of messages.values()) {
    if ((await olderThan(parts, before)).length === parts.length) old.push(parts)
  }
  return old
}

/** Those that are written no more: `messages.log.3`, `calls.csv.1`. */
async function oldLogs(dir: string, before: number): Promise<string[]> {
  const files = await filesIn(join(dir, 'log'))
  return await olderThan(
    files.filter((path) => /\.\d+$/.test(path)),
    before,
  )
}

async function olderThan(paths: readonly string[], before: number): Promise<string[]> {
  const old: string[] = []
  for (const path of paths) {
    const found = await stat(path).catch(() => undefined)
    if (found && found.mtimeMs < before) old.push(path)
  }
  return old
}

async function filesIn(folder: string): Promise<string[]> {
  if (!existsSync(folder)) return []
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile() || entry.name === '.lock')
    .map((entry) => join(entry.parentPath, entry.name))
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'))
}
