import { spawn, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))

/** System calls that give names on the disk, and the one that makes them last. */
export const NAMING = 'link,unlink,rename,symlink,mkdir,rmdir'
export const SYNCING = 'fsync'

/** Whether this machine has strace and lets it trace a process. */
export function canTrace(): boolean {
  return spawnSync('strace', ['-qq', '-o', '/dev/null', 'true']).status === 0
}

/**
 * Runs the built program and kills it with SIGKILL as it makes its nth of these
 * system calls (L22). Tells whether it lived long enough to make that call.
 */
export function killedAt(
  { nth, calls }: { readonly nth: number; readonly calls: string },
  argv: readonly string[],
): Promise<boolean> {
  const inject = `inject=${calls}:signal=SIGKILL:when=${nth}`
  const strace = ['-f', '-qq', '-o', '/dev/null', '-e', `trace=${calls}`, '-e', inject]
  // strace counts by thread: with one thread for files, by process.
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
