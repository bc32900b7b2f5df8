import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { consoleOf, loseController } from '../../rig/asterisk-console.js'
import type { Phone } from '../../rig/baresip.js'
import { numbers } from '../../rig/site-text.js'
import { type System, startSystem } from '../../rig/system.js'
import { until } from '../../rig/until.js'

let system: System
let alice: Phone
let bob: Phone
let carrier: Phone

beforeAll(async () => {
  system = await startSystem({ lines: { alice: 'outgoing: { international: true }' } })
  alice = await system.phone('alice')
  bob = await system.phone('bob')
  carrier = await system.carrier()
})
afterEach(async () => {
  await system.hangUpEverything()
  await system.expectNoChannelLeft()
})
afterAll(() => system?.close())

const limits = [
  ['a mobile number', '0612345678', [240]],
  ['a number abroad', '004930123456', [60]],
  ['an emergency number', '112', []],
] as const

test.each(limits)(
  '%s, %s: how many minutes it may last',
  async (_what, number, limit) => {
    expect(await minutesLeft(number)).toEqual(limit)
    await system.hangUpEverything()
    await system.expectNothingLeft()
  },
)

test('a call abroad that is transferred, and transferred again, keeps its end', async () => {
  await expectEndKept()
  await system.hangUpEverything()
  await system.expectNothingLeft()
})

test('they last as long while the controller is away', async () => {
  await loseController(system)
  for (const [, number, limit] of limits) {
    expect([number, await minutesLeft(number)]).toEqual([number, limit])
    await system.hangUpEverything()
    await system.expectNoChannelLeft()
  }
  await expectEndKept()
})

/** Alice hands the other side over to Bob, and Bob hands it back. */
async function expectEndKept(): Promise<void> {
  expect(await minutesLeft('004930123456')).toEqual([60])
  for (const [from, to, number] of [
    [alice, bob, numbers.bob],
    [bob, alice, numbers.alice],
  ] as const) {
    await from.transfer(number)
    await to.accept(await to.ringing(10))
    await to.talking()
    await until('the new legs are connected', () => areConnected(number))
    expect(await minutesToEnds()).toEqual([60])
  }
}

/** Whether the line is in a bridge of two legs, and nobody else in any. */
async function areConnected(line: string): Promise<boolean> {
  const bridges = (await system.ari('bridges')) as { channels: string[] }[]
  const legs = (await system.ari('channels')) as { id: string; name: string }[]
  const own = legs.find(({ name }) => name.startsWith(`PJSIP/${line}-`))
  const [only, ...others] = bridges.filter(({ channels }) => channels.length > 0)
  return (
    own !== undefined &&
    others.length === 0 &&
    only?.channels.length === 2 &&
    only.channels.includes(own.id)
  )
}

/** The ends that Asterisk has set to a call that Alice makes, in minutes from now. */
async function minutesLeft(number: string): Promise<number[]> {
  await alice.dial(number)
  await carrier.accept(await carrier.ringing())
  await alice.talking()
  await until('the legs are connected', async () => {
    const bridges = (await system.ari('bridges')) as { channels: string[] }[]
    return bridges.some(({ channels }) => channels.length === 2)
  })
  return minutesToEnds()
}

async function minutesToEnds(): Promise<number[]> {
  const legs = (await system.ari('channels')) as { name: string }[]
  const shown = await Promise.all(
    legs.map(({ name }) => consoleOf(system, `core show channel ${name}`)),
  )
  // Asterisk shows the moment at which a channel is hung up, 0 for never.
  const moments = shown.map((text) => Number(/Time to Hangup: (\d+)/.exec(text)?.[1]))
  return moments
    .filter((moment) => moment !== 0)
    .map((moment) => Math.round((moment - Date.now() / 1000) / 60))
}
