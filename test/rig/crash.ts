import { spawn, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))

/** Calls that leave something on the disk, or make it last. */
export type DiskCall = 'link' | 'unlink' | 'rename' | 'symlink' | 'mkdir' | 'fsync'

/** Whether this machine has strace and lets it trace a process. */
export function canTrace(): boolean {
  return spawnSync('strace', ['-qq', '-o', '/dev/null', 'true']).status === 0
}

/**
 * Runs the built program and kills it with SIGKILL as it makes its nth call of this
 * kind, before the call is done (L22). Tells whether it lived long enough to make that call.
 */
export function killedAt(
  { nth, call }: { readonly nth: number; readonly call: DiskCall },
  argv: readonly string[],
): Promise<boolean> {
  const inject = `inject=${call}:signal=SIGKILL:when=${nth}`
  const strace = ['-f', '-qq', '-o', '/dev/null', '-e', `trace=${call}`, '-e', inject]
  // strace counts by kind and by thread: with one thread for files, by process.
  const child = spawn('strace', [...strace, process.execPath, program, ...argv], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, UV_THREADPOOL_SIZE: '1' },
  })
  let said = ''
  child.stderr.on('data', (bytes: Buffer) => {
    said += bytes.toString()
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    // strace ends as what it traced has ended.
    child.on('close', (code, signal) => {
      if (signal === 'SIGKILL' || code === 137) resolve(true)
      else if (code === 0) resolve(false)
      else
        reject(
          new Error(`killedAt: ${argv.join(' ')} ended with ${code ?? signal}: ${said}`),
        )
    })
  })
}

/** Runs the built program, asks it to end after a while, and tells how it did. */
export function interruptedAfter(
  delayMs: number,
  argv: readonly string[],
): Promise<number | NodeJS.Signals | null> {
  const child = spawn(process.execPath, [program, ...argv], { stdio: 'ignore' })
  const timer = setTimeout(() => child.kill('SIGTERM'), delayMs)
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => {
      clearTimeout(timer)
      resolve(code ?? signal)
    })
  })
}
