import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { heartbeatIsStale } from '../../rig/asterisk-console.js'
import type { Phone } from '../../rig/baresip.js'
import { alias, numbers } from '../../rig/site-text.js'
import { type System, startSystem } from '../../rig/system.js'
import { hears } from '../../rig/tone.js'
import { until } from '../../rig/until.js'

let system: System
let alice: Phone
let bob: Phone
let carol: Phone
let carrier: Phone

beforeAll(async () => {
  system = await startSystem()
  alice = await system.phone('alice', { toneHz: 440 })
  bob = await system.phone('bob', { toneHz: 1000 })
  carol = await system.phone('carol', { toneHz: 700 })
  carrier = await system.carrier({ toneHz: 1300 })
})
afterAll(() => system.close())

test('the controller is killed during a call: the sound goes on, and it comes back', async () => {
  await alice.dial(numbers.bob)
  await bob.accept(await bob.ringing())
  await alice.talking()
  const pid = await system.controllerPid()
  process.kill(pid, 'SIGKILL')
  const killedAt = Date.now()
  await until('another controller decides calls', async () => {
    const { status, body } = await system.get('/readyz')
    return status === 200 && body && (await system.controllerPid()) !== pid
  })
  // The contract says 2 s until it is restarted, and takes its calls back up.
  expect(Date.now() - killedAt).toBeLessThan(5_000)
  await until('Alice still hears Bob', () => hears(alice.heard(killedAt + 500), 1000))
  const [ofAlice, ofBob] = [await system.line('alice'), await system.line('bob')]
  expect(ofAlice.calls).toMatchObject({ inUse: 1, holdings: [{ with: numbers.bob }] })
  expect(ofBob.calls).toMatchObject({ inUse: 1, holdings: [{ with: numbers.alice }] })
  await system.hangUpEverything()
  await system.expectNothingLeft()
})

test('a frozen controller leaves no caller without an answer for more than 3 s', async () => {
  const pid = await system.controllerPid()
  process.kill(pid, 'SIGSTOP')
  try {
    const dialledAt = Date.now()
    await alice.dial(numbers.bob)
    await bob.ringing()
    expect(Date.now() - dialledAt).toBeLessThan(3_000)
    await system.hangUpEverything()
    await system.expectNoChannelLeft()
  } finally {
    process.kill(pid, 'SIGCONT')
  }
  await system.expectNothingLeft()
})

describe('with no controller at all', () => {
  beforeAll(async () => {
    // `up` dies, and its controller is frozen: it answers nothing, and stays there.
    await system.killController('SIGSTOP')
    await system.killUp()
    await heartbeatIsStale(system)
  })
  afterEach(async () => {
    await system.hangUpEverything()
    await system.expectNoChannelLeft()
  })

  test('lines call each other', async () => {
    await alice.dial(numbers.bob)
    await bob.accept(await bob.ringing())
    await alice.talking()
    await until('Alice hears Bob', () => hears(alice.heard(), 1000))
  })

  test('a line calls out, and shows its alias', async () => {
    await alice.dial('0612345678')
    expect((await carrier.ringing()).peer).toContain(`+${alias.slice(2)}@`)
  })

  test.each([
    ['a line', '+33972100002', 'bob'],
    ['a line without plus', '33972100002', 'bob'],
    ['the alias', `+${alias.slice(2)}`, 'alice'],
  ] as const)('the carrier calls %s', async (_what, dialled, person) => {
    await carrier.dial(`sip:${dialled}@${system.network.system}`)
    await (person === 'bob' ? bob : alice).ringing()
  })

  test('short numbers work, of the site and of a line', async () => {
    await carol.dial('7001')
    await alice.ringing()
    await system.hangUpEverything()
    await bob.dial('2001')
    await carrier.ringing()
  })

  test.each([
    ['a premium number', '0899123456', '403'],
    ['a number abroad', '004930123456', '403'],
    ['a satellite', '008816123456789', '403'],
    ['a short number nobody has', '7999', '404'],
    ['three digits that mean nothing', '456', '404'],
  ])('Alice dials %s: %s is %s', async (_what, dialled, expected) => {
    const call = await alice.dial(dialled)
    expect((await alice.ended(call)).reason).toContain(expected)
  })

  test.each(['+33972199999', '+33687654321', '112'])(
    'the carrier calls %s: 404',
    async (dialled) => {
      const call = await carrier.dial(`sip:${dialled}@${system.network.system}`)
      expect((await carrier.ended(call)).reason).toContain('404')
    },
  )

  test('the plan of one call holds, in and out', async () => {
    await carol.dial(numbers.alice)
    await alice.ringing()
    const incoming = await carrier.dial('sip:+33972100003@'.concat(system.network.system))
    expect((await carrier.ended(incoming)).reason).toContain('486')
    const outgoing = await carol.dial('0612345678')
    expect((await carol.ended(outgoing)).reason).toContain('503')
  })

  test('a line that declines or is busy says so', async () => {
    await carrier.dial('sip:+33972100003@'.concat(system.network.system))
    await carol.ringing()
    await carol.hangup()
    const call = carrier.calls().at(-1)
    expect(call && (await carrier.ended(call)).reason).toContain('486')
  })

  test('a new `up` adopts Asterisk and its call', async () => {
    await alice.dial(numbers.bob)
    await bob.accept(await bob.ringing())
    await alice.talking()
    const asterisk = system.asteriskPid()
    const back = Date.now()
    await system.up()
    expect(system.asteriskPid()).toBe(asterisk)
    await until('Alice still hears Bob', () => hears(alice.heard(back + 500), 1000))
    await until(
      'the call is known',
      async () => (await system.line('bob')).calls.inUse === 1,
    )
    await system.hangUpEverything()
    await system.expectNothingLeft()
  })
})
