import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { Phone } from '../../rig/baresip.js'
import { alias, outsider } from '../../rig/site-text.js'
import { type System, startSystem } from '../../rig/system.js'
import { hears } from '../../rig/tone.js'
import { until } from '../../rig/until.js'

let system: System
let alice: Phone
let bob: Phone
let carrier: Phone

beforeAll(async () => {
  system = await startSystem()
  alice = await system.phone('alice', { toneHz: 440 })
  bob = await system.phone('bob', { toneHz: 700 })
  carrier = await system.carrier({ toneHz: 1000 })
})
afterEach(async () => {
  await system.hangUpEverything()
  await system.expectNothingLeft()
})
afterAll(() => system.close())

test('a line calls out: the carrier sees +33 numbers, and both hear each other', async () => {
  await bob.dial('06 12 34 56 78'.replaceAll(' ', ''))
  const call = await carrier.ringing()
  expect(call.peer).toContain('+33972100002@')
  expect(invited(carrier)).toContain(`INVITE sip:${outsider}@`)
  await carrier.accept(call)
  await bob.talking()
  await until('Bob hears the outside', () => hears(bob.heard(), 1000))
  await until('the outside hears Bob', () => hears(carrier.heard(), 700))
})

test('a line with a presenting alias shows it', async () => {
  await alice.dial('0612345678')
  const call = await carrier.ringing()
  expect(call.peer).toContain(`+${alias.slice(2)}@`)
})

test('a short number of one line leads outside, for that line only', async () => {
  await bob.dial('2001')
  await carrier.ringing()
  await carrier.hangup()
  const refused = await alice.dial('2001')
  expect((await alice.ended(refused)).reason).toContain('404')
})

test.each([
  ['with a plus', '+33972100002'],
  ['with 00', '0033972100002'],
  ['without either', '33972100002'],
])('the carrier calls a line %s', async (_spelling, dialled) => {
  await carrier.dial(`sip:${dialled}@${system.network.system}`)
  const call = await bob.ringing()
  expect(call.peer).toContain('33612345678@')
  await bob.accept(call)
  await carrier.talking()
  await until('Bob hears the outside', () => hears(bob.heard(), 1000))
})

test('the carrier calls the alias: its line rings', async () => {
  await carrier.dial(`sip:+${alias.slice(2)}@${system.network.system}`)
  await alice.ringing()
})

test.each([
  ['a number nobody has', '+33972199999'],
  ['an outside number: no open relay', '+33687654321'],
  ['an emergency number', '112'],
])('the carrier calls %s: 404', async (_what, dialled) => {
  const call = await carrier.dial(`sip:${dialled}@${system.network.system}`)
  expect((await carrier.ended(call)).reason).toContain('404')
})

function invited(phone: Phone): string {
  const invites = phone.sip().filter(({ text }) => text.startsWith('INVITE'))
  return invites.at(-1)?.text ?? ''
}
