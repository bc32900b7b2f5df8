import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { programOf, recipes, treeFolder } from '../../asterisk/tree.mjs'
import { until } from './until.js'

/** The private tree of test phones, fetched by `npm test`. */
export function phoneTree(): string {
  return treeFolder('phones')
}

/** Starts a program of the tree through its loader; what it prints goes to `log`. */
export function startProgram(
  name: 'baresip' | 'sipp' | 'tcpdump',
  argv: string[],
  options: { cwd: string; log: string },
): ChildProcess {
  const program = programOf(phoneTree(), recipes.phones.programs[name] ?? name)
  if (!program) {
    throw new Error(
      `${join(phoneTree(), name)}: not there; fetch it with "node asterisk/fetch.mjs --phones"`,
    )
  }
  const log = openSync(join(options.cwd, options.log), 'w')
  try {
    // The kernel ends it with us: a test that is killed leaves no phone behind.
    const tied = ['--pdeathsig', 'KILL', program.command, ...program.argv, ...argv]
    return spawn('setpriv', tied, {
      cwd: options.cwd,
      stdio: ['ignore', log, log],
      env: { ...process.env, TERM: 'dumb' },
    })
  } finally {
    closeSync(log)
  }
}

export function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null
}

/** Ends a program and waits until it is gone. */
export async function endProgram(
  child: ChildProcess,
  signal: NodeJS.Signals = 'SIGTERM',
): Promise<void> {
  if (!hasEnded(child)) child.kill(signal)
  await until('the program ends', () => hasEnded(child), { limitSeconds: 1 }).catch(() =>
    child.kill('SIGKILL'),
  )
  await until('the killed program is gone', () => hasEnded(child))
}
