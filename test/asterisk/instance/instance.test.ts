import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  adopt,
  isAlive,
  startAsterisk,
  stop,
  waitBooted,
} from '../../../src/instance/asterisk-process.js'
import { prepareInstance } from '../../../src/instance/folders.js'
import type { AsteriskInstance } from '../../../src/instance/instance.js'
import { rx } from '../../../src/instance/remote-console.js'
import { bareAsterisk } from '../../rig/bare-asterisk.js'

describe('an Asterisk on an instance folder', () => {
  let dir: string
  let instance: AsteriskInstance

  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'lk-instance-'))
    // No module but the core: the smallest Asterisk that boots.
    instance = await bareAsterisk(dir, { 'modules.conf': '[modules]\nautoload = no\n' })
  })

  afterEach(async () => {
    const left = adopt(instance)
    if (left) await stop(left)
    rmSync(dir, { recursive: true, force: true })
  })

  it('boots, answers its console, and runs as another user than root', async () => {
    const asterisk = await startAsterisk(instance)
    await waitBooted(asterisk)

    expect(await rx(instance, 'core show version')).toContain(instance.package.version)
    const status = readFileSync(`/proc/${asterisk.pid}/status`, 'utf8')
    expect(status).not.toMatch(/^Uid:\s+0\s/m)
    const session = readFileSync(`/proc/${asterisk.pid}/stat`, 'utf8').split(' ')[5]
    expect(session, 'leads a session of its own').toBe(String(asterisk.pid))
  })

  it('is adopted by whoever comes later, and stopped within 4 s', async () => {
    const asterisk = await startAsterisk(instance)
    await waitBooted(asterisk)

    expect(adopt(instance)?.pid).toBe(asterisk.pid)
    const before = Date.now()
    await stop(asterisk)
    expect(Date.now() - before).toBeLessThan(4000)
    expect(isAlive(asterisk)).toBe(false)
    expect(adopt(instance)).toBeUndefined()
  })

  it('is not taken for a process that got its number', () => {
    writeFileSync(join(instance.runDir, 'asterisk.pid'), `${process.pid}\n`)
    expect(adopt(instance)).toBeUndefined()
  })

  it('that is frozen is stopped within 4 s too', async () => {
    const asterisk = await startAsterisk(instance)
    await waitBooted(asterisk)

    process.kill(asterisk.pid, 'SIGSTOP')
    const before = Date.now()
    await stop(asterisk)
    expect(Date.now() - before).toBeLessThan(4000)
    expect(isAlive(asterisk)).toBe(false)
  })

  it('boots again over what a killed one left', async () => {
    const killed = await startAsterisk(instance)
    await waitBooted(killed)
    process.kill(killed.pid, 'SIGKILL')

    const asterisk = await startAsterisk(instance)
    await waitBooted(asterisk)
    expect(adopt(instance)?.pid).toBe(asterisk.pid)
  })

  it('says why it does not boot', async () => {
    writeFileSync(join(dir, 'etc', 'modules.conf'), '[modules]\nrequire = no_such.so\n')
    await expect(startAsterisk(instance).then((one) => waitBooted(one))).rejects.toThrow(
      /asterisk\.conf: Asterisk, pid \d+, ended while it booted[\s\S]*no_such/,
    )
  })

  it('sees the prompts of both languages, without dangling links', () => {
    const sounds = join(dir, 'data', 'sounds')
    expect(readdirSync(sounds)).toEqual(expect.arrayContaining(['en', 'fr']))
    for (const entry of readdirSync(sounds)) {
      expect(existsSync(join(sounds, entry)), entry).toBe(true)
    }
  })

  it('is let through a private temporary folder of ours, with its group only', () => {
    if (!instance.user) return
    const closed = join(dir, 'closed')
    mkdirSync(closed, { mode: 0o700 })
    prepareInstance(join(closed, 'inner'), instance.package, instance.user)
    const { mode, gid } = statSync(closed)
    expect({ mode: mode & 0o777, gid }).toEqual({ mode: 0o710, gid: instance.user.gid })
  })

  it('is refused a folder that its user cannot reach', () => {
    if (!instance.user) return
    const closed = join(dir, 'closed')
    mkdirSync(join(closed, 'inner'), { recursive: true })
    chmodSync(closed, 0o700)
    chownSync(closed, 12_345, 12_345)
    expect(() =>
      prepareInstance(join(closed, 'inner'), instance.package, instance.user),
    ).toThrow(
      expect.objectContaining({
        code: 'dir.notTraversable',
        message: expect.stringContaining(`chmod o+x ${closed}`),
      }),
    )
  })
})
