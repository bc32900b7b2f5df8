import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { EnvironmentError } from './environment-error.js'
import type { AsteriskInstance } from './instance.js'
import { rx } from './remote-console.js'

export type AsteriskProcess = { pid: number; instance: AsteriskInstance }

/**
 * Starts Asterisk in a session of its own, so that neither our death nor a Ctrl-C in our
 * terminal ends calls. It is not yet ready: see waitBooted.
 */
export async function startAsterisk(
  instance: AsteriskInstance,
): Promise<AsteriskProcess> {
  const { command, argv } = instance.package
  mkdirSync(instance.runDir, { recursive: true })
  const log = openSync(consoleLog(instance), 'w', 0o640)
  try {
    const child = spawn(command, [...argv, '-C', instance.configFile, '-f'], {
      cwd: instance.runDir,
      detached: true,
      stdio: ['ignore', log, log],
      ...(instance.user && { uid: instance.user.uid, gid: instance.user.gid }),
    })
    await once(child, 'spawn')
    child.unref()
    if (child.pid === undefined) throw new Error('startAsterisk: spawned without a pid')
    return { pid: child.pid, instance }
  } catch (error) {
    throw new EnvironmentError(
      'asterisk.unusable',
      `${command}: Asterisk cannot be started (${String(error)})`,
    )
  } finally {
    closeSync(log)
  }
}

/** Waits until every module is loaded; throws with its last words when it dies or hangs. */
export async function waitBooted(
  process: AsteriskProcess,
  limitSeconds = 20,
): Promise<void> {
  const end = Date.now() + limitSeconds * 1000
  const socket = join(process.instance.runDir, 'asterisk.ctl')
  while (Date.now() < end) {
    if (!isAlive(process)) throw notBooted(process, 'ended while it booted')
    if (existsSync(socket)) {
      const left = Math.max(1, (end - Date.now()) / 1000)
      const answer = await rx(process.instance, 'core waitfullybooted', left)
      if (answer.includes('fully booted')) return
    }
    await pause(30)
  }
  throw notBooted(process, `was not booted after ${limitSeconds} s`)
}

/**
 * The living Asterisk of this instance, when there is one: an earlier `up` may have left
 * it with its calls. Only a process that names our configuration file is taken; the
 * number in the pid file may be another program's by now.
 */
export function adopt(instance: AsteriskInstance): AsteriskProcess | undefined {
  const file = join(instance.runDir, 'asterisk.pid')
  if (!existsSync(file)) return undefined
  const pid = Number(readFileSync(file, 'utf8').trim())
  const process = { pid, instance }
  return Number.isInteger(pid) && pid > 1 && isAlive(process) ? process : undefined
}

/** Whether this very Asterisk still runs; a zombie has no command line and does not. */
export function isAlive({ pid, instance }: AsteriskProcess): boolean {
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
    return words.includes(instance.configFile) && words.includes('-f')
  } catch (error) {
    // ENOENT, or ESRCH when it ends while we read.
    if (error instanceof Error && 'code' in error) return false
    throw error
  }
}

/** Ends Asterisk within 4 s: politely, through its console, and then without asking. */
export async function stop(asterisk: AsteriskProcess): Promise<void> {
  const { pid, instance } = asterisk
  signal(asterisk, 'SIGTERM')
  if (await endsWithin(asterisk, 2000)) return
  // The console command skips what a hung channel can hold up.
  const asked = rx(instance, 'core stop now', 1)
  if (await endsWithin(asterisk, 1200)) return void (await asked)
  signal(asterisk, 'SIGKILL')
  await asked
  if (await endsWithin(asterisk, 500)) return
  throw new Error(`stop: Asterisk, pid ${pid}, survived SIGKILL`)
}

function signal(asterisk: AsteriskProcess, name: NodeJS.Signals): void {
  if (isAlive(asterisk)) process.kill(asterisk.pid, name)
}

async function endsWithin(asterisk: AsteriskProcess, limitMs: number): Promise<boolean> {
  const end = Date.now() + limitMs
  while (isAlive(asterisk)) {
    if (Date.now() > end) return false
    await pause(20)
  }
  return true
}

/** What Asterisk prints before its logger runs, and when it dies. */
function consoleLog(instance: AsteriskInstance): string {
  return join(instance.runDir, 'console.log')
}

function notBooted({ pid, instance }: AsteriskProcess, what: string): EnvironmentError {
  const log = consoleLog(instance)
  const last = readFileSync(log, 'utf8').trim().split('\n').slice(-10)
  return new EnvironmentError(
    'asterisk.notBooted',
    `${instance.configFile}: Asterisk, pid ${pid}, ${what}. The end of ${log}:\n` +
      last.map((line) => `  ${line}`).join('\n'),
  )
}
