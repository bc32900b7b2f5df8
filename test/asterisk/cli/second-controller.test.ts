import type { ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { claimNetwork, type TestNetwork } from '../../rig/ports.js'
import { siteText } from '../../rig/site-text.js'
import { until } from '../../rig/until.js'
import { ended, started } from './ended.js'

let network: TestNetwork
const folder = mkdtempSync(join(tmpdir(), 'lk-second-'))
const site = join(folder, 'site.yaml')
const dir = join(folder, 'state')

beforeAll(async () => {
  network = await claimNetwork()
  writeFileSync(site, siteText(network), { mode: 0o600 })
})
afterAll(async () => {
  await network.release()
  rmSync(folder, { recursive: true })
})

const running: ChildProcess[] = []
afterEach(async () => {
  for (const child of running.splice(0)) {
    child.kill('SIGKILL')
    await until(
      'it has ended',
      () => child.exitCode !== null || child.signalCode !== null,
    )
  }
})

/** A controller without an Asterisk: it listens for the API and keeps trying. */
async function controller(): Promise<ChildProcess> {
  const child = started(['run', site, '--dir', dir])
  running.push(child)
  await until('the API answers', async () => {
    const answer = await fetch(`http://${network.system}:8080/healthz`)
    return answer.status > 0
  })
  return child
}

describe('a second controller', () => {
  it('does not start on the same folder', async () => {
    const first = await controller()
    const { exitCode, stdout, stderr } = await ended([
      'run',
      site,
      '--dir',
      dir,
      '--json',
    ])
    expect(exitCode).toBe(5)
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, code: 'locked' })
    expect(stderr).toContain(`process ${first.pid}`)
  })

  it('does not start on the same address', async () => {
    await controller()
    const other = ['run', site, '--dir', join(folder, 'other')]
    const { exitCode, stderr } = await ended(other)
    expect(exitCode).toBe(5)
    expect(stderr).toContain(`address.inUse  ${network.system}:8080`)
    expect(existsSync(join(folder, 'other/controller.lock'))).toBe(false)
  })

  it('starts where the first one was killed', async () => {
    const first = await controller()
    first.kill('SIGKILL')
    await until('it is dead', () => first.signalCode !== null)
    expect(existsSync(join(dir, 'controller.lock'))).toBe(true)
    await controller()
  })

  it('starts where the first one was stopped, which leaves no lock', async () => {
    const first = await controller()
    first.kill('SIGTERM')
    await until('it has ended', () => first.exitCode !== null)
    expect(first.exitCode).toBe(0)
    expect(existsSync(join(dir, 'controller.lock'))).toBe(false)
    await controller()
  })
})
