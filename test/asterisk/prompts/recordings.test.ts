import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Phone } from '../../rig/baresip.js'
import { numbers } from '../../rig/site-text.js'
import { type System, startSystem } from '../../rig/system.js'
import { hears, isSilent, tone } from '../../rig/tone.js'
import { until } from '../../rig/until.js'
import { wavOf } from '../../rig/wav.js'

const RECORDED_HZ = 1000
/** A line that speaks English; nobody answers there. */
const ENGLISH = '0033972100004'

let system: System
let alice: Phone
let bob: Phone

beforeAll(async () => {
  system = await startSystem({
    lines: {
      bob: `language: en
voicemail: { pin: "735924" }
forwarding: { unconditional: { to: voicemail } }`,
      carol: 'doNotDisturb: true',
    },
    moreLines: { [ENGLISH]: 'language: en\ndoNotDisturb: true' },
  })
  alice = await system.phone('alice')
  bob = await system.phone('bob')
})
afterAll(() => system?.close())

test('who is not to be disturbed: a prompt as early media, and then the end', async () => {
  expect(isSilent(await heardBy(alice, numbers.carol))).toBe(false)
  await system.expectNothingLeft()
})

test("the operator's recording is played instead, for the lines of its language", async () => {
  const recording = wavOf(tone(RECORDED_HZ, 1.5))
  writeFileSync(join(system.state, 'prompts/fr/lk-do-not-disturb.wav'), recording)
  for (const caller of [alice, bob]) {
    const heard = await heardBy(caller, numbers.carol)
    expect(hears(heard, RECORDED_HZ, { seconds: 1 })).toBe(true)
  }
  const heard = await heardBy(bob, ENGLISH)
  expect(isSilent(heard)).toBe(false)
  expect(hears(heard, RECORDED_HZ)).toBe(false)
  await system.expectNothingLeft()
})

test('somebody outside hears a greeting in the language of the box', async () => {
  const greeting = wavOf(tone(RECORDED_HZ, 1.5))
  writeFileSync(join(system.state, 'prompts/en/lk-voicemail-unavailable.wav'), greeting)
  const carrier = await system.carrier()
  const since = Date.now()
  await carrier.dial(`sip:+${numbers.bob.slice(2)}@${system.network.system}`)
  const heard = (): boolean => hears(carrier.heard(since), RECORDED_HZ, { seconds: 1 })
  await until('the greeting is heard', heard, { limitSeconds: 10 })
  await carrier.hangupAll()
  await system.expectNothingLeft()
})

/** What a caller hears of the call until it ends, unanswered. */
async function heardBy(phone: Phone, called: string): Promise<Int16Array> {
  const since = Date.now()
  const call = await phone.dial(called)
  expect((await phone.ended(call, 15)).reason).toContain('480')
  await until('sound has come', () => phone.heard(since).length > 4000)
  return phone.heard(since)
}
