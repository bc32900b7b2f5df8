import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { Phone } from '../../rig/baresip.js'
import { numbers } from '../../rig/site-text.js'
import { type System, startSystem } from '../../rig/system.js'
import { until } from '../../rig/until.js'

// The carrier of the tests is a phone on loopback: no emergency service can be reached.
let system: System
let alice: Phone
let carol: Phone
let carrier: Phone

beforeAll(async () => {
  system = await startSystem()
  alice = await system.phone('alice')
  carol = await system.phone('carol')
  carrier = await system.carrier()
})
afterEach(async () => {
  await system.hangUpEverything()
  await system.expectNoChannelLeft()
})
afterAll(() => system.close())

const dialled = [
  ['15', '15'],
  ['112', '112'],
  ['+112', '112'],
  ['00112', '112'],
  ['3651112', '112'],
  ['116117', '116117'],
] as const

test.each(dialled)(
  '%s reaches %s at the carrier, with the real number shown',
  async (forms, number) => {
    await alice.dial(forms)
    const call = await carrier.ringing()
    expect(invite(carrier)).toContain(`INVITE sip:${number}@`)
    expect(call.peer).toContain('+33972100001@')
  },
)

test('a line with no free slot reaches 112 all the same, and the call counts', async () => {
  await carol.dial(numbers.alice)
  await alice.ringing()
  await carol.dial('112')
  await carrier.ringing()
  await until(
    'both calls count',
    async () => (await system.line('carol')).calls.inUse === 2,
  )
})

test('with the controller gone, and frozen, 112 passes', async () => {
  await system.killController('SIGSTOP')
  await alice.dial('112')
  await carrier.ringing()
  await system.hangUpEverything()
  await system.killUp()
  await carol.dial('112')
  await carrier.ringing()
})

function invite(phone: Phone): string {
  return (
    phone
      .sip()
      .filter(({ text }) => text.startsWith('INVITE'))
      .at(-1)?.text ?? ''
  )
}
