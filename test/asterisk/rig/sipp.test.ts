import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AsteriskProcess } from '../../../src/instance/asterisk-process.js'
import {
  startAsterisk,
  stop,
  waitBooted,
} from '../../../src/instance/asterisk-process.js'
import { bareAsterisk } from '../../rig/bare-asterisk.js'
import type { TestNetwork } from '../../rig/ports.js'
import { claimNetwork } from '../../rig/ports.js'
import { runSipp, startSipp } from '../../rig/sipp.js'
import { switchboard } from './switchboard.js'

const scenario = (name: string): string => join(import.meta.dirname, name)

describe('SIPp on a real Asterisk', () => {
  const dir = mkdtempSync(join(tmpdir(), 'lk-rig-'))
  let network: TestNetwork
  let asterisk: AsteriskProcess

  beforeAll(async () => {
    network = await claimNetwork()
    const files = switchboard(network.system, [])
    asterisk = await startAsterisk(await bareAsterisk(dir, files))
    await waitBooted(asterisk)
  })

  afterAll(async () => {
    if (asterisk) await stop(asterisk)
    await network.release()
    rmSync(dir, { recursive: true, force: true })
  })

  it('calls, and tells that all went well', async () => {
    const result = await runSipp({
      scenario: scenario('caller.xml'),
      address: network.peer(80),
      remote: `${network.system}:5060`,
      service: '600',
      keys: { shown: 'Caller' },
      calls: 3,
    })
    expect(result).toMatchObject({ exitCode: 0, successful: 3, failed: 0 })
    expect(result.messages).toContain('From: "Caller" <sip:sipp@')
  })

  it('tells what went otherwise than the scenario says', async () => {
    const result = await runSipp({
      scenario: scenario('caller.xml'),
      address: network.peer(80),
      remote: `${network.system}:5060`,
      service: '602',
      keys: { shown: 'Caller' },
    })
    expect(result).toMatchObject({ exitCode: 1, successful: 0, failed: 1 })
    expect(result.errors).toContain('486 Busy Here')
  })

  it('is called, over TCP too', async () => {
    const called = await startSipp({
      scenario: scenario('called.xml'),
      address: network.peer(81),
      transport: 'tcp',
    })
    const caller = await runSipp({
      scenario: scenario('caller.xml'),
      address: network.peer(80),
      remote: `${network.peer(81)}:5060`,
      transport: 'tcp',
      service: 'anybody',
      keys: { shown: 'Caller' },
    })
    expect(caller.errors).toBe('')
    expect(await called.result()).toMatchObject({ exitCode: 0, successful: 1 })
  })
})
