import { randomUUID } from 'node:crypto'
import { link, readFile, unlink, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { codeOf } from './durable-file.js'

/** Who holds a lock. A pid alone is not enough: the kernel gives it out again. */
interface Holder {
  readonly token: string
  readonly pid: number
  /** Start of the process and of the machine; empty where the kernel does not tell. */
  readonly started: string
  readonly host: string
}

/** Somebody else is at work on this deployment. */
export class LockedError extends Error {
  override name = 'LockedError'
  readonly pid: number

  constructor(path: string, holder: { pid: number; host: string }) {
    super(
      `${path}: another linekeeper is at work here, process ${holder.pid} on ${holder.host}. ` +
        'Wait for it to end, or end it, then try again',
    )
    this.pid = holder.pid
  }
}

/**
 * Takes the lock file, or throws a `LockedError` at once; the function it returns
 * gives it back. The lock of a dead process is taken over.
 *
 * The file appears with its content by a hard link, so that nobody reads half of it.
 * Whoever removes a dead holder's file holds a second lock named after that very
 * holder and reads the file again: two that found it dead cannot both remove one.
 */
export async function takeLock(path: string): Promise<() => Promise<void>> {
  const mine: Holder = {
    token: randomUUID(),
    pid: process.pid,
    started: (await startOf(process.pid)) ?? '',
    host: hostname(),
  }
  const draft = `${path}.${mine.token}`
  await writeFile(draft, JSON.stringify(mine), { mode: 0o600 })
  try {
    while (!(await linked(draft, path))) await removeDead(path)
  } finally {
    await unlink(draft)
  }
  return () => unlink(path)
}

async function linked(draft: string, path: string): Promise<boolean> {
  try {
    await link(draft, path)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  }
}

/** Removes the file of a holder that died; throws when the holder lives. */
async function removeDead(path: string): Promise<void> {
  const holder = await readHolder(path)
  if (!holder) return
  if (await lives(holder)) throw new LockedError(path, holder)
  const giveBack = await takeLock(`${path}.${holder.token.slice(0, 8)}`)
  try {
    const now = await readHolder(path)
    if (now?.token === holder.token) await unlink(path)
  } finally {
    await giveBack()
  }
}

/** Undefined when the lock has just been given back. */
async function readHolder(path: string): Promise<Holder | undefined> {
  try {
    const text = await readFile(path, 'utf8')
    const { token, pid, started, host } = JSON.parse(text) as Partial<Holder>
    // A file somebody else made there is nobody's lock: process 0 never lives.
    return {
      token: token ?? 'unknown',
      pid: pid ?? 0,
      started: started ?? '',
      host: host ?? '',
    }
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    if (error instanceof SyntaxError) {
      return { token: 'unknown', pid: 0, started: '', host: '' }
    }
    throw error
  }
}

/** A process on another host cannot be asked; its lock stands. */
async function lives(holder: Holder): Promise<boolean> {
  if (holder.pid <= 0) return false
  if (holder.host !== hostname()) return true
  const started = await startOf(holder.pid)
  return started !== undefined && started === holder.started
}

/**
 * When a process started, told apart from every other that ever had its pid.
 * Undefined: there is no such process. Field 22 of stat, counted after the name,
 * which may itself hold blanks and brackets (proc(5)).
 */
async function startOf(pid: number): Promise<string | undefined> {
  try {
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8')
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    // A zombie has ended and only waits to be counted.
    return fields[0] === 'Z' ? undefined : `${boot.trim()}/${fields[19]}`
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ESRCH') return undefined
    throw error
  }
}
