import { readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { codeOf, replaceFile } from './durable-file.js'

/**
 * How far an apply has come. `staged`: the new generation is on the disk whole ·
 * `swapped`: `current` names it · `reloaded`: Asterisk was told · `verified`:
 * Asterisk has proved that it runs it; the apply is over.
 */
export type JournalState = 'staged' | 'swapped' | 'reloaded' | 'verified'

export interface Journal {
  readonly state: JournalState
  /** Folder that `current` named before; absent at the first apply. */
  readonly from?: string
  readonly to: string
  /** What Asterisk has to read again, forwards as well as back. */
  readonly modules: readonly string[]
}

const JOURNAL = 'apply-journal.json'

/** The last entry; undefined when nothing was ever applied. */
export async function readJournal(dir: string): Promise<Journal | undefined> {
  const path = join(dir, JOURNAL)
  try {
    const found: unknown = JSON.parse(await readFile(path, 'utf8'))
    if (isJournal(found)) return found
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    if (!(error instanceof SyntaxError)) throw error
  }
  // We replace it whole, so this is somebody else's writing. `current` names a
  // complete generation whatever stood in here.
  await rename(path, `${path}.corrupt`)
  return undefined
}

export async function writeJournal(dir: string, journal: Journal): Promise<void> {
  await replaceFile(join(dir, JOURNAL), `${JSON.stringify(journal)}\n`, 0o600)
}

const STATES: readonly unknown[] = ['staged', 'swapped', 'reloaded', 'verified']

function isJournal(value: unknown): value is Journal {
  if (typeof value !== 'object' || value === null) return false
  const { state, from, to, modules } = value as Partial<Record<keyof Journal, unknown>>
  return (
    STATES.includes(state) &&
    isFolder(to) &&
    (from === undefined || isFolder(from)) &&
    Array.isArray(modules)
  )
}

/** A plain name, never a path to somewhere else. */
function isFolder(value: unknown): boolean {
  return typeof value === 'string' && /^[a-z]+-[0-9a-f-]+$/.test(value)
}
