import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { Phone } from '../../rig/baresip.js'
import { numbers } from '../../rig/site-text.js'
import { type System, startSystem } from '../../rig/system.js'
import { hears } from '../../rig/tone.js'
import { until } from '../../rig/until.js'

let system: System
let alice: Phone
let bob: Phone
let carol: Phone

beforeAll(async () => {
  system = await startSystem()
  alice = await system.phone('alice', { toneHz: 440 })
  bob = await system.phone('bob', { toneHz: 1000 })
  carol = await system.phone('carol', { toneHz: 700 })
})
afterEach(async () => {
  await system.hangUpEverything()
  await system.expectNothingLeft()
})
afterAll(() => system.close())

test('two lines talk: each hears the tone of the other, and not its own', async () => {
  await alice.dial(numbers.bob)
  await bob.accept(await bob.ringing())
  await alice.talking()
  await until('Alice hears Bob', () => hears(alice.heard(), 1000))
  await until('Bob hears Alice', () => hears(bob.heard(), 440))
  expect(hears(alice.heard(), 440)).toBe(false)
  expect(hears(bob.heard(), 1000)).toBe(false)
})

test('while they talk both hold a call slot, and `lines` and `calls` say so', async () => {
  await alice.dial(numbers.bob)
  const call = await bob.ringing()
  expect((await system.line('bob')).calls.inUse).toBe(1)
  await bob.accept(call)
  await alice.talking()
  expect((await system.line('alice')).calls.inUse).toBe(1)

  const lines = await system.run('lines', '--dir', system.state)
  expect(lines.stdout).toMatch(/0033972100001 {2}alice .*registered +1\/2 +outgoing up/)
  const calls = await system.run('calls', '--dir', system.state, '--json')
  expect(JSON.parse(calls.stdout)).toMatchObject([
    { legs: [{ endpoint: numbers.alice }, { endpoint: numbers.bob }] },
  ])
})

test.each([
  ['the national spelling', '0972100002'],
  ['the international one', '0033972100002'],
  ['a plus', '+33972100002'],
])('Bob is reached by %s', async (_spelling, dialled) => {
  await alice.dial(dialled)
  await bob.ringing()
})

test('a short number of the site rings its line', async () => {
  await bob.dial('7001')
  await alice.ringing()
})

test('a second call rings too, marked as waiting; the first was not', async () => {
  await alice.dial(numbers.bob)
  await bob.accept(await bob.ringing())
  await carol.dial(numbers.bob)
  await bob.ringing()
  const marks = bob
    .sip()
    .filter(({ text }) => text.startsWith('INVITE'))
    .slice(-2)
    .map(({ text }) => text.includes('Alert-Info: <urn:alert:service:call-waiting>'))
  expect(marks).toEqual([false, true])
})
