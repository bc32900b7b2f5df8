import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { consoleOf } from '../../rig/asterisk-console.js'
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
  'S06 %s reaches %s at the carrier, with the real number shown',
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

test('who called an emergency number is forgotten after the hour', async () => {
  const put = (line: string, agoSeconds: number): Promise<string> => {
    const ended = Math.floor(Date.now() / 1000) - agoSeconds
    return consoleOf(system, `database put lk_psap ${line} ${ended}`)
  }
  await put(numbers.bob, 3_700)
  await put(numbers.carol, 3_500)
  await system.killController()
  await until('the older entry is gone', async () => {
    const kept = await consoleOf(system, 'database show lk_psap')
    return !kept.includes(numbers.bob) && kept.includes(numbers.carol)
  })
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
