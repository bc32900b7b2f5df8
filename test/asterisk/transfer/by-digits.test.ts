import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { Phone } from '../../rig/baresip.js'
import { numbers } from '../../rig/site-text.js'
import { type System, startSystem } from '../../rig/system.js'
import { hears } from '../../rig/tone.js'
import { until } from '../../rig/until.js'

// A phone without a transfer key: ## and the number, *2 and the number.
let system: System
let alice: Phone
let bob: Phone
let outside: Phone

beforeAll(async () => {
  system = await startSystem({ site: 'dtmfTransfers: true' })
  alice = await system.phone('alice', { toneHz: 700 })
  bob = await system.phone('bob', { toneHz: 1000 })
  outside = await system.carrier({ toneHz: 1600 })
})
afterEach(async () => {
  await system.hangUpEverything()
  await system.expectNothingLeft()
})
afterAll(() => system.close())

async function fromOutside(): Promise<void> {
  const began = Date.now()
  await outside.dial(`sip:+${numbers.alice.slice(2)}@${system.network.system}`)
  await alice.accept(await alice.ringing())
  await until('Alice hears the outside', () => hears(alice.heard(began), 1600))
}

/** The prompt begins, and is not waited for: digits end it. */
async function afterCode(phone: Phone, code: string, number: string): Promise<void> {
  const dialled = Date.now()
  await phone.dtmf(code)
  await until('the other party is put aside', () => {
    const heard = phone.heard(dialled)
    return heard.length > 4_000 && !hears(heard.subarray(-2_400), 1600)
  })
  await phone.dtmf(number)
}

test('## hands the call over: the target and the outside talk, the line is free', async () => {
  await fromOutside()
  await afterCode(alice, '##', '0972100002')
  const call = await bob.ringing(10)
  const from = Date.now()
  await bob.accept(call)
  await until('Bob hears the outside', () => hears(bob.heard(from), 1600))
  await until(
    'Alice holds no slot',
    async () => (await system.line('alice')).calls.inUse === 0,
  )
})

test('*2 asks first: Alice talks with Bob, and hands over by hanging up', async () => {
  await fromOutside()
  await afterCode(alice, '*2', '0972100002')
  await bob.accept(await bob.ringing(10))
  const from = Date.now()
  await until('Alice hears Bob', () => hears(alice.heard(from), 1000))
  expect((await system.line('alice')).calls.inUse).toBe(2)
  await alice.hangup()
  const over = Date.now()
  await until('Bob hears the outside', () => hears(bob.heard(over), 1600))
})

test('the carrier has no such keys', async () => {
  await fromOutside()
  const dialled = Date.now()
  await outside.dtmf('##0972100002')
  await until('Alice hears on', () => hears(alice.heard(dialled + 1_000), 1600))
  expect(bob.calls().filter(({ state }) => state === 'ringing')).toEqual([])
})
