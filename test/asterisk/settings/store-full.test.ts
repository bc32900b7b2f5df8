import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { claimNetwork } from '../../rig/ports.js'
import { numbers } from '../../rig/site-text.js'
import { System } from '../../rig/system.js'
import { tone } from '../../rig/tone.js'
import { until } from '../../rig/until.js'
import { wavOf } from '../../rig/wav.js'
import { sendGreeting } from '../voicemail/messages.js'
import { patch, settingsOf } from './changing.js'

const { alice: ALICE } = numbers

/** The store lies on a file system of its own, of one megabyte. */
describe.skipIf(process.getuid?.() !== 0)('the disk is full', () => {
  let system: System
  let store = ''

  beforeAll(async () => {
    const dir = mkdtempSync(join(tmpdir(), 'lk-full-'))
    chmodSync(dir, 0o755)
    system = new System(await claimNetwork(), dir)
    store = join(system.state, 'store')
    mkdirSync(store)
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', store])
    system.writeSite({ lines: { alice: 'voicemail: { pin: "824613" }' } })
    await system.up()
  })
  afterAll(async () => {
    await system.down()
    execFileSync('umount', [store])
    await system.close()
  })

  test('a change is refused and changes nothing; what can be read is read', async () => {
    expect((await patch(system, ALICE, { absent: true })).status).toBe(200)
    fill(join(store, 'filler'))

    const change = { doNotDisturb: true, forwarding: { busy: { to: '0612345678' } } }
    const refused = await until503(change)
    expect(refused.body.type).toBe('store.unavailable')
    expect(await settingsOf(system, ALICE)).toMatchObject({
      ...{ absent: true, doNotDisturb: false, forwarding: { busy: null } },
    })
    expect((await system.get('/api/v1/lines')).status).toBe(200)
    expect((await system.get(`/api/v1/lines/${ALICE}/journal`)).status).toBe(200)

    rmSync(join(store, 'filler'))
    expect((await patch(system, ALICE, change)).status).toBe(200)
    await system.expectNothingLeft()
  })

  test('H24 a greeting that finds no room is refused, and the old one remains', async () => {
    const box = join(system.state, 'spool/voicemail/default', ALICE)
    mkdirSync(box, { recursive: true })
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', box])
    try {
      const old = wavOf(tone(700, 1))
      expect((await sendGreeting(system, ALICE, 'busy', old)).status).toBe(200)
      const refused = await sendGreeting(system, ALICE, 'busy', wavOf(tone(700, 5)))
      expect(refused).toMatchObject({ status: 503, body: { type: 'store.unavailable' } })
      expect(readdirSync(box)).toEqual(['busy.wav'])
      expect(readFileSync(join(box, 'busy.wav'))).toEqual(old)
    } finally {
      execFileSync('umount', [box])
    }
  })

  test('calls go on, and their records are written when there is room', async () => {
    const alice = await system.phone('alice')
    fill(join(store, 'filler'))
    await until('a record finds no room', async () => {
      await alice.dial('0899123456')
      await system.expectNothingLeft()
      return (await metric('linekeeper_call_records_unwritten')) > 0
    })

    rmSync(join(store, 'filler'))
    const written = async () => (await metric('linekeeper_call_records_unwritten')) === 0
    await until('all are written', written, { limitSeconds: 15 })
    const { body } = await system.get('/api/v1/cdr?limit=1000')
    expect(body).toHaveLength(await metric('linekeeper_calls_refused_total'))
    expect(await metric('linekeeper_call_records_lost_total')).toBe(0)
  })

  /** The sum of its series. */
  async function metric(name: string): Promise<number> {
    const response = await fetch(`http://${system.network.system}:8080/metrics`)
    const series = (await response.text()).matchAll(/^(\w+)(?:\{.*\})? (.+)$/gm)
    return [...series]
      .filter(([, of]) => of === name)
      .reduce((sum, [, , value]) => sum + Number(value), 0)
  }

  /** The log of the store may have some room left in its last page. */
  async function until503(change: object) {
    for (let tries = 0; tries < 20; tries += 1) {
      const answer = await patch(system, ALICE, change)
      if (answer.status === 503) return answer
      await patch(system, ALICE, { doNotDisturb: null, forwarding: { busy: null } })
    }
    throw new Error('the store took everything')
  }
})

/** Writes until nothing fits any more. */
function fill(file: string): void {
  for (const bytes of [65_536, 4_096, 512]) {
    try {
      for (let size = 0; size < 4_000_000; size += bytes) {
        writeFileSync(file, Buffer.alloc(bytes, 1), { flag: 'a' })
      }
    } catch (error) {
      expect(error).toMatchObject({ code: 'ENOSPC' })
    }
  }
}
