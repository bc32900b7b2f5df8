import { afterAll, beforeAll, expect, test } from 'vitest'
import { replaceController } from '../../rig/asterisk-console.js'
import type { Phone } from '../../rig/baresip.js'
import { numbers } from '../../rig/site-text.js'
import { type System, startSystem } from '../../rig/system.js'
import { until } from '../../rig/until.js'
import { type EventClient, listenTo } from '../api/event-client.js'

const ABROAD = '004930123456'

let system: System
let events: EventClient
let alice: Phone
let carrier: Phone

beforeAll(async () => {
  system = await startSystem({
    lines: { alice: 'outgoing: { international: true }' },
    // A second costs more than a minute does elsewhere.
    limits: '{ night: none, moneyADay: "1.00", prices: { international: "120.00" } }',
  })
  events = await listenTo(system)
  alice = await system.phone('alice')
  carrier = await system.carrier()
})
afterAll(async () => {
  events.close()
  await system.close()
})

/** Alice calls abroad, and talks for a second. */
async function talks(): Promise<void> {
  await alice.dial(ABROAD)
  await carrier.accept(await carrier.ringing())
  await alice.talking()
  const since = Date.now()
  await until('a second has gone by', () => Date.now() - since > 1_000)
  await system.hangUpEverything()
  await system.expectNothingLeft()
}

async function isRefused(number: string): Promise<boolean> {
  const call = await alice.dial(number)
  const state = await until(
    'it rings, or is over',
    () => {
      const mine = alice.calls().find(({ id }) => id === call.id)
      if (mine?.state === 'ended') return 'refused'
      return carrier.calls().some(({ state }) => state === 'ringing') && 'rings'
    },
    { limitSeconds: 12 },
  )
  await system.hangUpEverything()
  await system.expectNothingLeft()
  return state === 'refused'
}

test('what a line may spend in a day is spent: told, and closed until reopened', async () => {
  await talks()
  expect(await isRefused(ABROAD)).toBe(true)
  await until('it is told', () =>
    events.told().some(({ name, data }) => {
      return name === 'harm' && data['limit'] === 'moneyADay' && data['closed'] === true
    }),
  )
  expect(await isRefused('0612345678')).toBe(false)
  const reopened = await system.run('reopen', numbers.alice, '--dir', system.state)
  expect(reopened.exitCode).toBe(0)
  expect(await isRefused(ABROAD)).toBe(false)
})

test('a controller that begins anew knows what was spent', async () => {
  await talks()
  await replaceController(system)
  expect(await isRefused(ABROAD)).toBe(true)
})
