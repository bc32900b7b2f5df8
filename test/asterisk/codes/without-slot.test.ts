import { afterAll, beforeAll, expect, test } from 'vitest'
import { loseController, replaceController } from '../../rig/asterisk-console.js'
import type { Phone } from '../../rig/baresip.js'
import { promptsPlayed, writeDownPrompts } from '../../rig/played.js'
import { numbers } from '../../rig/site-text.js'
import { type System, startSystem } from '../../rig/system.js'
import { until } from '../../rig/until.js'
import { inWords } from './handset.js'

// A code is no call of its line (spec D1, setting): Alice has one, and it is in use.
let system: System
let alice: Phone
let bob: Phone

beforeAll(async () => {
  const lines = { alice: 'calls: 1' }
  system = await startSystem({ site: 'featureCodesCount: false', lines })
  await writeDownPrompts(system)
  alice = await system.phone('alice')
  bob = await system.phone('bob')
})
afterAll(() => system.close())

async function inConversation(): Promise<void> {
  await bob.dial(numbers.alice)
  await alice.accept(await alice.ringing())
  await bob.talking()
}

/** Dials a code during the call, and says what was played. */
async function codeIsAnswered(code: string, expected: string): Promise<void> {
  const before = promptsPlayed(system).length
  const heard = (): string => inWords(promptsPlayed(system).slice(before))
  await alice.dial(code)
  await until(`${code} is answered ${expected}`, () => heard().startsWith(expected), {
    limitSeconds: 20,
    saw: heard,
  })
}

test('in its only call a line dials a code, and the call alone counts', async () => {
  await inConversation()
  await codeIsAnswered('*26#', 'do-not-disturb-on')
  expect((await system.line('alice')).calls.inUse).toBe(1)
  await system.hangUpEverything()
  await system.expectNothingLeft()
})

test('a controller that begins meanwhile does not count it either', async () => {
  await codeIsAnswered('#26#', 'do-not-disturb-off')
  await replaceController(system)
  const channels = (await system.ari('channels')) as unknown[]
  expect(channels).toHaveLength(1)
  expect((await system.line('alice')).calls.inUse).toBe(0)
  await system.hangUpEverything()
  await system.expectNothingLeft()
})

test('without controller it is refused by its prompt, and not for want of a slot', async () => {
  await inConversation()
  await loseController(system)
  await codeIsAnswered('*26#', 'codes-unavailable')
  await system.hangUpEverything()
  await system.expectNoChannelLeft()
})
