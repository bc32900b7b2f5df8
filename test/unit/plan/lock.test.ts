import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LockedError, takeLock } from '../../../src/config/lock.js'

let dir: string
let path: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'lk-lock-'))
  path = join(dir, 'apply.lock')
})
afterEach(() => rmSync(dir, { recursive: true }))

/** A lock file as some process would have left it. */
function leave(holder: object): void {
  writeFileSync(path, JSON.stringify({ token: 'left', host: hostname(), ...holder }))
}

/** The pid of a process that has ended. */
async function deadPid(): Promise<number> {
  const child = spawn('true')
  await new Promise((resolve) => child.on('close', resolve))
  return child.pid ?? 0
}

describe('takeLock', () => {
  it('is had by one at a time, and names the one that has it', async () => {
    const giveBack = await takeLock(path)
    await expect(takeLock(path)).rejects.toMatchObject({ pid: process.pid })
    await giveBack()
    expect(existsSync(path)).toBe(false)
    await (await takeLock(path))()
  })

  it('takes over from the dead', async () => {
    leave({ pid: await deadPid(), started: 'boot/1' })
    await (await takeLock(path))()
  })

  it('is not fooled by a process that has the pid of a dead holder now', async () => {
    leave({ pid: process.pid, started: 'another boot/1' })
    await (await takeLock(path))()
  })

  it('leaves a holder on another host alone', async () => {
    leave({ pid: await deadPid(), started: 'boot/1', host: 'elsewhere' })
    await expect(takeLock(path)).rejects.toThrow(LockedError)
  })

  it.each(['', 'not json', '{}'])(
    'takes over a file that is no lock: %j',
    async (text) => {
      writeFileSync(path, text)
      const giveBack = await takeLock(path)
      expect(readFileSync(path, 'utf8')).toContain(`"pid":${process.pid}`)
      await giveBack()
    },
  )

  it('is had by exactly one of many that find a dead holder at once', async () => {
    leave({ pid: await deadPid(), started: 'boot/1' })
    const taken = await Promise.allSettled(
      Array.from({ length: 20 }, () => takeLock(path)),
    )
    const won = taken.filter(({ status }) => status === 'fulfilled')
    expect(won).toHaveLength(1)
    for (const result of taken) {
      if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(LockedError)
    }
  })
})
