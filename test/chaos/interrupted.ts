import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openStore } from '../../src/store/database.js'

/** What the Nth system call of a kind comes to: an error, or the end of the process. */
export interface Interruption {
  readonly call: string
  readonly error: (typeof ERRORS)[number]
  readonly nth: number
}

export const ERRORS = ['error=EIO', 'error=ENOSPC', 'signal=KILL'] as const

/** What it printed; `made`: it lived to make its nth call of this kind. */
export interface Ran {
  readonly printed: string
  readonly made: boolean
}

/** Runs JavaScript under strace (L22), which notes the calls in `log`. */
export function interrupted(
  { call, error, nth }: Interruption,
  argv: readonly string[],
  log: string,
): Promise<Ran> {
  const inject = `inject=${call}:${error}:when=${nth}`
  const strace = ['-f', '-qq', '-o', log, '-e', `trace=${call}`, '-e', inject]
  // strace counts by kind and by thread: with one thread for files, by process.
  const child = spawn('strace', [...strace, process.execPath, ...argv], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, UV_THREADPOOL_SIZE: '1' },
  })
  let printed = ''
  child.stdout.on('data', (bytes: Buffer) => {
    printed += bytes.toString()
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    // strace ends as what it traced has ended.
    child.on('close', () => {
      const traced = existsSync(log) ? readFileSync(log, 'utf8') : ''
      resolve({ printed, made: traced.split(`${call}(`).length - 1 >= nth })
    })
  })
}

/** Works through all of it, two at a time: each mostly waits for a process. */
export async function inPairs<Item>(
  items: readonly Item[],
  work: (item: Item, at: number) => Promise<void>,
): Promise<void> {
  let next = 0
  const lane = async (): Promise<void> => {
    for (let at = next++; at < items.length; at = next++) {
      const item = items[at]
      if (item !== undefined) await work(item, at)
    }
  }
  await Promise.all([lane(), lane()])
}

export const project = fileURLToPath(new URL('../..', import.meta.url))

const WORDS = 'CREATE TABLE IF NOT EXISTS word (number INTEGER) STRICT'

/**
 * A program that writes rows to a store, `[file, count]`, and prints the number of each
 * that was confirmed. JavaScript of its own, as it runs under strace.
 */
export function storeWriter(folder: string): string {
  const path = join(project, 'dist/store/database.js')
  const text = `import { writeSync } from 'node:fs'
import { attempt, openStore } from ${JSON.stringify(path)}
const [, , file, count] = process.argv
let database
try {
  database = openStore(file, ['${WORDS}'])
} catch { process.exit(3) }
const insert = database.prepare('INSERT INTO word VALUES (?)')
for (let number = 1; number <= Number(count); number++) {
  try {
    attempt('write', () => insert.run(number))
    writeSync(1, number + '\\n')
  } catch {
    writeSync(1, 'refused ' + number + '\\n')
  }
}
try { database.close() } catch { process.exit(4) }
`
  const file = join(folder, 'writer.mjs')
  writeFileSync(file, text)
  return file
}

/** The numbers that the writer printed as confirmed. */
export function confirmedIn(printed: string): number[] {
  return printed.split('\n').flatMap((line) => (/^\d+$/.test(line) ? [Number(line)] : []))
}

/** The numbers in a store; undefined when it does not open. One never made is empty. */
export function readBack(file: string): ReadonlySet<number> | undefined {
  try {
    if (!existsSync(file)) return new Set()
    const database = openStore(file, [WORDS])
    const rows = database.prepare('SELECT number FROM word').all() as { number: number }[]
    database.close()
    return new Set(rows.map(({ number }) => number))
  } catch {
    return undefined
  }
}

/**
 * The same, read by a program of its own: a database that was closed is let go of only when
 * its statements are collected, and no disk can be unmounted until then.
 */
export function readApart(file: string): ReadonlySet<number> | undefined {
  if (!existsSync(file)) return new Set()
  const path = join(project, 'dist/store/database.js')
  const text = `import { openStore } from ${JSON.stringify(path)}
const database = openStore(${JSON.stringify(file)}, ['${WORDS}'])
for (const { number } of database.prepare('SELECT number FROM word').all()) console.log(number)
`
  const argv = ['--input-type=module', '--eval', text]
  const { status, stdout } = spawnSync(process.execPath, argv)
  return status === 0 ? new Set(confirmedIn(stdout.toString())) : undefined
}
