/** A lock between processes, held by the kernel: the death of its holder frees it. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'

/**
 * Runs `work` while no other process holds `file`. flock(1) holds the lock for us and
 * ends when our end of its input closes, which a SIGKILL does too: no stale pid to judge.
 */
export async function withLock(file, onWait, work) {
  const holder = spawn('flock', [file, 'sh', '-c', 'echo held; cat >/dev/null'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const ended = new Promise((resolve, reject) => {
    holder.once('error', reject)
    holder.once('exit', resolve)
  })
  const waiting = setTimeout(onWait, 300)
  try {
    const held = await Promise.race([once(holder.stdout, 'data'), ended])
    if (!Array.isArray(held)) throw new Error(`flock ended with ${held} on ${file}`)
    clearTimeout(waiting)
    return await work()
  } finally {
    clearTimeout(waiting)
    holder.stdin.end()
    await ended.catch(() => undefined)
  }
}
