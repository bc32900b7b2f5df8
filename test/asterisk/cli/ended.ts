import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Ended } from '../../rig/system.js'

export const program = fileURLToPath(
  new URL('../../../dist/cli/main.js', import.meta.url),
)
export const example = fileURLToPath(
  new URL('../../../examples/site.yaml', import.meta.url),
)

interface Surroundings {
  /** Beside what the tests themselves have; undefined takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** A descriptor for stdout; by default it is read. */
  readonly stdout?: number
}

/** Runs the built program to its end, in surroundings of its own; nobody sits at it. */
export async function ended(
  argv: readonly string[],
  surroundings: Surroundings = {},
): Promise<Ended> {
  const child = started(argv, surroundings)
  const text = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (more: string) => {
      text[name] += more
    })
  }
  const [exitCode] = await once(child, 'close')
  return { exitCode: Number(exitCode ?? 128), ...text }
}

export function started(
  argv: readonly string[],
  { env = {}, stdout }: Surroundings = {},
): ChildProcess {
  return spawn(process.execPath, [program, ...argv], {
    env: { ...process.env, ...env },
    stdio: ['ignore', stdout ?? 'pipe', 'pipe'],
  })
}

/** What no message may have: where in the program it arose. */
export const stackTrace = /^\s+at .*[:(]/m
