import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { Phone } from '../../rig/baresip.js'
import { numbers, type Person } from '../../rig/site-text.js'
import { type System, startSystem } from '../../rig/system.js'
import { until } from '../../rig/until.js'

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
  await system.expectNothingLeft()
})
afterAll(() => system.close())

test.each([
  ['a short number nobody has', '7999', '404'],
  ['a premium number', '0899123456', '403'],
  ['a satellite', '008816123456789', '403'],
  ['three digits that mean nothing', '456', '404'],
  ['a line whose phone is not registered', numbers.bob, '480'],
])('Alice dials %s', async (_what, dialled, expected) => {
  const call = await alice.dial(dialled)
  const { reason } = await alice.ended(call, 10)
  expect(reason).toMatch(new RegExp(expected))
})

test.each([
  ['another channel', '500&PJSIP/carrier'],
  ['a percent-coded one', '500%26PJSIP%2Fcarrier'],
  ['an expression', 'x$%7BSHELL(id)%7D'],
  ['an expression behind a digit', '1$%7BSHELL(id)%7D'],
  ['a comma', '0612345678,1,System'],
  ['a new line', '06123%0A45678'],
])('S04 nothing is dialled by %s', async (_what, user) => {
  const before = carrier.calls().length
  const call = await alice.dial(`sip:${user}@${system.network.system}`)
  expect((await alice.ended(call)).reason).toMatch(/404|484|400/)
  expect(carrier.calls()).toHaveLength(before)
})

test('the plan of one call: a second caller gets busy, and no INVITE reaches the phone', async () => {
  await carol.dial(numbers.alice)
  await alice.accept(await alice.ringing())
  const invites = invitesOf(carol)
  const call = await carrier.dial(dialIn('carol'))
  expect((await carrier.ended(call)).reason).toContain('486')
  expect(invitesOf(carol)).toBe(invites)
})

test('a call that rings counts: the second caller gets busy', async () => {
  await carrier.dial(dialIn('carol'))
  await carol.ringing()
  const second = await alice.dial(numbers.carol)
  expect((await alice.ended(second)).reason).toContain('486')
})

test("the caller's own limit: 503 with cause 34, not busy", async () => {
  await carol.dial(numbers.alice)
  await alice.ringing()
  const second = await carol.dial('0612345678')
  expect((await carol.ended(second)).reason).toContain('503')
  expect(carol.log()).toContain('Reason: Q.850;cause=34')
})

test('a slot that comes free is free within a second', async () => {
  const first = await carrier.dial(dialIn('carol'))
  await carol.ringing()
  await carrier.hangup(first)
  await until(
    'the slot is free',
    async () => (await system.line('carol')).calls.inUse === 0,
    {
      limitSeconds: 1,
    },
  )
  await carrier.dial(dialIn('carol'))
  await carol.ringing(1)
})

test.each([['busy', async (phone: Phone) => phone.hangup(), '486']])(
  'the phone says %s',
  async (_what, act, expected) => {
    const call = await carrier.dial(dialIn('carol'))
    await carol.ringing()
    await act(carol)
    expect((await carrier.ended(call)).reason).toContain(expected)
  },
)

function dialIn(person: Person): string {
  return `sip:+${numbers[person].slice(2)}@${system.network.system}`
}

function invitesOf(phone: Phone): number {
  return phone.sip().filter(({ text }) => text.startsWith('INVITE')).length
}
