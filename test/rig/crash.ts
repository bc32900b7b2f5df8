import { spawn, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))

/** System calls that leave something on the disk, or make it last. */
const CALLS = 'link,unlink,rename,symlink,fsync,mkdir,rmdir,chown,utimensat'

/** Whether this machine has strace and lets it trace a process. */
export function canTrace(): boolean {
  return spawnSync('strace', ['-qq', '-o', '/dev/null', 'true']).status === 0
}

/**
 * Runs the built program and kills it with SIGKILL as it makes its nth call that
 * changes the disk (L22). Tells whether it lived long enough to make that call.
 */
export function killedAt(nth: number, argv: readonly string[]): Promise<boolean> {
  const inject = `inject=${CALLS}:signal=SIGKILL:when=${nth}`
  const strace = ['-f', '-qq', '-o', '/dev/null', '-e', `trace=${CALLS}`, '-e', inject]
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
