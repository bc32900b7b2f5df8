import { existsSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { CallDetailView } from '../../../src/http/call-detail-view.js'
import { heartbeatIsStale, replaceController } from '../../rig/asterisk-console.js'
import type { Phone } from '../../rig/baresip.js'
import { numbers, outsider } from '../../rig/site-text.js'
import { type System, startSystem } from '../../rig/system.js'
import { until } from '../../rig/until.js'

let system: System
let alice: Phone
let bob: Phone
let carrier: Phone

beforeAll(async () => {
  system = await startSystem({
    morePlans:
      '  hours: { label: Hours, calls: { included: 2, maximum: 9 }, mobile: { hours: 2 } }',
    lines: { bob: 'calls: 1' },
    moreLines: {
      '0033972100011': `plan: hours\nforwarding: { unconditional: { to: "0612345678" } }`,
    },
  })
  alice = await system.phone('alice')
  bob = await system.phone('bob')
  carrier = await system.carrier()
})
afterAll(() => system.close())

async function records(query = ''): Promise<CallDetailView[]> {
  const { body } = await system.get(`/api/v1/cdr?${query}`)
  return body as CallDetailView[]
}

async function ended(match: Partial<CallDetailView>): Promise<CallDetailView> {
  return await until('the call is written down', async () => {
    const [newest] = await records()
    expect(newest).toMatchObject(match)
    expect(newest?.endedAt).not.toBeNull()
    return newest
  })
}

test('a call of a line to a line is written down from begin to end', async () => {
  await alice.dial(numbers.bob)
  await bob.accept(await bob.ringing())
  await alice.talking()
  expect(await records()).toMatchObject([{ from: numbers.alice, endedAt: null }])
  await system.hangUpEverything()
  await system.expectNothingLeft()
  await ended({ direction: 'internal', to: numbers.bob, cause: 16, source: 'controller' })
})

test('a refused call says why, and an emergency call is there too', async () => {
  await alice.dial('0899123456')
  await ended({ direction: 'outgoing', destination: 'special', cause: 21 })
  await alice.dial('112')
  await carrier.ringing()
  await system.hangUpEverything()
  await ended({ direction: 'outgoing', destination: 'emergency', to: '112' })
})

test('a forwarded call is charged to the line that forwarded, from its hours', async () => {
  await alice.dial('0033972100011')
  await carrier.accept(await carrier.ringing())
  await alice.talking()
  await until('a second has passed', async () => {
    const [newest] = await records()
    return newest?.answeredAt && Date.now() - Date.parse(newest.answeredAt) > 1_500
  })
  await system.hangUpEverything()
  const detail = await ended({ direction: 'internal', answeredAt: expect.any(String) })
  expect(detail.seconds).toBeGreaterThan(0)
  expect(detail.forwards).toMatchObject([
    { by: '0033972100011', kind: 'cfu', planType: 'priceplan', seconds: detail.seconds },
  ])
  const { body } = await system.get('/api/v1/lines/0972100011/usage')
  expect(body).toEqual({
    ...{ allowedSeconds: 7_200, usedSeconds: detail.seconds, outOfPlanSeconds: 0 },
  })
})

test('a call that a killed controller began is ended by the next', async () => {
  await alice.dial(numbers.bob)
  await bob.accept(await bob.ringing())
  await alice.talking()
  const [begun] = await until('it is on the disk', async () => {
    const found = await records('limit=1')
    return found[0]?.answeredAt && found
  })
  await replaceController(system)
  await system.hangUpEverything()
  const detail = await ended({ from: numbers.alice, to: numbers.bob, cause: 16 })
  expect(detail).toMatchObject({ id: begun?.id, startedAt: begun?.startedAt })
})

test('a call answered while the controller was away has lasted, when it ends', async () => {
  const call = await alice.dial(numbers.bob)
  const rings = await bob.ringing()
  await until('it is on the disk', async () => {
    const [begun] = await records('limit=1')
    return begun?.endedAt === null && begun.legs.length > 0
  })
  const pid = await system.controllerPid()
  process.kill(pid, 'SIGSTOP')
  await bob.accept(rings)
  await alice.talking()
  if (existsSync(`/proc/${pid}`)) process.kill(pid, 'SIGKILL')
  await until('a controller is back', async () => {
    return (await system.get('/readyz')).status === 200
  })
  await alice.hangupAll()
  await alice.ended(call)
  await until(
    'its answer is found in Asterisk’s own book',
    async () => {
      const [newest] = await records('limit=1')
      expect(newest).toMatchObject({ cause: 16, answeredAt: expect.any(String) })
      return newest
    },
    { limitSeconds: 20 },
  )
  await system.expectNothingLeft()
})

test('a call while the controller is away is taken from Asterisk’s own book', async () => {
  const pid = await system.controllerPid()
  process.kill(pid, 'SIGSTOP')
  await heartbeatIsStale(system)
  await alice.dial(numbers.bob)
  await bob.accept(await bob.ringing())
  await alice.talking()
  await alice.hangupAll()
  await alice.dial('0033972100011')
  await carrier.accept(await carrier.ringing())
  await alice.talking()
  await alice.hangupAll()
  await alice.ended(await alice.dial('0899123456'))
  await system.expectNoChannelLeft()
  // After ten seconds `up` replaces it by itself.
  if (existsSync(`/proc/${pid}`)) process.kill(pid, 'SIGKILL')
  await until(
    'a controller is back',
    async () => (await system.get('/readyz')).status === 200,
    {
      limitSeconds: 10,
    },
  )
  const away = await until(
    'all three are there',
    async () => {
      const all = (await records('limit=1000')).filter(
        (each) => each.source !== 'controller',
      )
      return (
        all.length === 3 &&
        all.every(({ destination }) => destination !== 'service') &&
        all
      )
    },
    { limitSeconds: 20 },
  )
  expect(away).toMatchObject([
    { direction: 'outgoing', to: '0899123456', destination: 'special', cause: 21 },
    {
      ...{ direction: 'internal', line: numbers.alice, cause: 16 },
      forwards: [{ by: '0033972100011', kind: 'cfu', planType: 'priceplan' }],
      legs: [{ endpoint: 'carrier', answeredAt: expect.any(String) }],
    },
    {
      ...{ direction: 'internal', to: numbers.bob, destination: 'line', cause: 16 },
      ...{ lines: [numbers.alice, numbers.bob], answeredAt: expect.any(String) },
    },
  ])
})

test('the command prints them as a table, CSV without formulas, and JSON', async () => {
  await carrier.dial(`sip:+33972100002@${system.network.system}`)
  await bob.ringing()
  await system.hangUpEverything()
  await ended({ direction: 'incoming', from: outsider })
  const cdr = (...more: string[]) => system.run('cdr', '--dir', system.state, ...more)
  const csv = await cdr('--csv', '--direction', 'incoming')
  expect(csv).toMatchObject({ exitCode: 0, stderr: '' })
  expect(csv.stdout.split('\r\n')[0]).toMatch(/^started,direction,from,to,/)
  expect(csv.stdout).toContain(`incoming,'${outsider},`)
  const json = await cdr('--json', '--line', '0972100002', '--limit', '2')
  expect(JSON.parse(json.stdout)).toHaveLength(2)
  expect((await cdr('--line', numbers.bob)).stdout).toContain('internal')
  await system.run('set', numbers.bob, 'doNotDisturb=on', '--dir', system.state)
  await alice.dial(numbers.bob)
  const refused = await ended({ to: numbers.bob, reason: 'doNotDisturb' })
  const missed = await cdr('--json', '--line', numbers.bob, '--limit', '1')
  expect(JSON.parse(missed.stdout)).toMatchObject([{ id: refused.id }])
  expect(await cdr('--line', '0612345678')).toMatchObject({ exitCode: 1 })
  expect(await cdr('--from', 'yesterday')).toMatchObject({ exitCode: 64 })
})
