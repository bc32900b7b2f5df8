import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type Phone, startPhone } from '../../rig/baresip.js'
import { numbers, passwords } from '../../rig/site-text.js'
import { type System, startSystem } from '../../rig/system.js'
import { until } from '../../rig/until.js'
import { ask, bearerOf } from '../api/asking.js'

const { alice: ALICE, bob: BOB } = numbers

const Diagnosis = z.object({
  verdict: z.string().nullable(),
  checks: z.array(
    z.object({
      check: z.string(),
      state: z.string(),
      facts: z.record(z.string(), z.unknown()),
    }),
  ),
})

let system: System
let alice: Phone

beforeAll(async () => {
  system = await startSystem({ lines: { alice: 'voicemail: { pin: "824613" }' } })
  alice = await system.phone('alice')
})
afterEach(async () => {
  await system.hangUpEverything()
  await system.expectNothingLeft()
})
afterAll(() => system.close())

async function diagnosisOf(line: string, query = '') {
  const { body } = await system.get(`/api/v1/lines/${line}/diagnosis${query}`)
  return Diagnosis.parse(body)
}

async function checkOf(line: string, name: string, query = '') {
  const { checks } = await diagnosisOf(line, query)
  return checks.find(({ check }) => check === name)
}

function set(line: string, settings: object) {
  return ask(system, `/api/v1/lines/${line}/settings`, {
    method: 'PATCH',
    headers: { ...bearerOf(system), 'content-type': 'application/json' },
    body: JSON.stringify(settings),
  })
}

describe('the diagnosis of a real phone', () => {
  test('that is well finds nothing, and knows where the phone is and which', async () => {
    expect((await diagnosisOf(ALICE)).verdict).toBeNull()
    const registered = await checkOf(ALICE, 'registered')
    expect(registered).toMatchObject({
      state: 'passed',
      facts: {
        contact: {
          address: expect.stringMatching(/^127\.0\.\d+\.\d+:\d+$/),
          userAgent: expect.stringMatching(/baresip/i),
          expiresAt: expect.stringMatching(/^20/),
        },
      },
    })
  })

  test('names a forward of every call, set while the phone is idle (E59)', async () => {
    await set(ALICE, { forwarding: { unconditional: { to: BOB } } })
    const { verdict } = await diagnosisOf(ALICE)
    expect(verdict).toBe('unconditional')
    const { stdout } = await system.run('diagnose', ALICE, '--dir', system.state)
    expect(stdout).toContain(
      `The phone does not ring: every call is forwarded to ${BOB}.`,
    )
    await set(ALICE, { forwarding: { unconditional: null } })
    expect((await diagnosisOf(ALICE)).verdict).toBeNull()
  })

  test('counts the call slots of a line that talks', async () => {
    await alice.dial('123')
    await until(
      'she is in a call',
      async () => (await system.line('alice')).calls.inUse === 1,
    )
    expect(await checkOf(ALICE, 'callSlots')).toMatchObject({
      ...{ state: 'passed', facts: { inUse: 1, limit: 2 } },
    })
  })

  test('of a phone that went tells its last address (E60)', async () => {
    const bob = await startPhone({
      number: BOB,
      password: passwords.bob,
      server: `${system.network.system}:5060`,
      address: system.network.peer(1),
    })
    await bob.registered()
    expect((await diagnosisOf(BOB)).verdict).toBeNull()
    await bob.close()
    await until(
      'he is gone',
      async () => (await diagnosisOf(BOB)).verdict === 'registered',
    )
    const registered = await checkOf(BOB, 'registered')
    const address = system.network.peer(1).replaceAll('.', '\\.')
    expect(registered).toMatchObject({
      state: 'stopped',
      facts: { lastSeen: { address: expect.stringMatching(`^${address}:\\d+$`) } },
    })
    expect(registered?.facts).not.toHaveProperty('contact')
  })

  test('tells of a phone with a wrong password, and from where', async () => {
    const wrong = await startPhone({
      number: numbers.carol,
      password: 'nobody-chose-this-one',
      server: `${system.network.system}:5060`,
      address: system.network.peer(2),
    })
    const found = await until('the wrong password is seen', async () => {
      const check = await checkOf(numbers.carol, 'authentication')
      return check?.state === 'warned' ? check : undefined
    })
    expect(JSON.stringify(found.facts)).toContain(system.network.peer(2))
    await wrong.close()
  })

  test.each([
    ['7999', 'stopped', 'shortNumberMissing'],
    ['7001', 'passed', expect.not.stringMatching('shortNumberMissing')],
  ])('of a short number %s: %s (E55)', async (dialled, state, step) => {
    const check = await checkOf(BOB, 'dialled', `?dialled=${dialled}`)
    expect(check).toMatchObject({ state, facts: { number: dialled, step } })
  })

  test('of nobody is not there', async () => {
    const { status } = await system.get('/api/v1/lines/0972999999/diagnosis')
    expect(status).toBe(404)
  })
})
