import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Phone } from '../../rig/baresip.js'
import { writeDownPrompts } from '../../rig/played.js'
import { numbers, type Person } from '../../rig/site-text.js'
import { type System, startSystem } from '../../rig/system.js'
import { hears, isSilent } from '../../rig/tone.js'
import { until } from '../../rig/until.js'
import { listenTo } from '../api/event-client.js'
import { settingsOf } from '../settings/changing.js'
import { expectHeard } from './handset.js'

let system: System
let phones: Record<Person | 'carrier', Phone>

beforeAll(async () => {
  system = await startSystem({
    lines: {
      alice: 'voicemail: { pin: "824613" }',
      carol: 'language: en',
    },
  })
  await writeDownPrompts(system)
  phones = {
    alice: await system.phone('alice', { toneHz: 440 }),
    bob: await system.phone('bob', { toneHz: 1000 }),
    carol: await system.phone('carol', { toneHz: 700 }),
    carrier: await system.carrier({ toneHz: 1300 }),
  }
})
afterEach(async () => {
  await system.hangUpEverything()
  await system.expectNothingLeft()
})
afterAll(() => system.close())

const dial = (person: Person, code: string, heard: string): Promise<void> =>
  expectHeard(system, phones[person], code, heard)

async function forwardingOf(person: Person): Promise<Record<string, unknown>> {
  return (await settingsOf(system, numbers[person])).forwarding
}

/** Somebody outside calls a line. */
function callIn(person: Person) {
  return phones.carrier.dial(`sip:+${numbers[person].slice(2)}@${system.network.system}`)
}

test('*21*N#: answered in a second, said aloud, shown by the API and as an event; the next call goes there', async () => {
  const { alice, bob } = phones
  const client = await listenTo(system)
  const begun = Date.now()
  const call = await alice.dial('*21*0972100002#')
  await alice.talking(call)
  expect(Date.now() - begun).toBeLessThan(1_000)
  await until('Alice hears a voice', () => !isSilent(alice.heard(begun)))

  expect(await forwardingOf('alice')).toMatchObject({
    unconditional: { to: numbers.bob },
  })
  await until('the change is told', () =>
    client.told().some(({ name, data }) => name === 'settings' && data.door === 'code'),
  )
  client.close()
  // Her own call of the code still goes on: it is in force all the same.
  await callIn('alice')
  await bob.ringing()
  expect((await system.line('alice')).calls.inUse).toBe(1)
})

test('#21#: a tone says that it is done; the next call rings her again', async () => {
  const { alice } = phones
  const begun = Date.now()
  const call = await alice.dial('#21#')
  await until(
    'Alice hears the tone',
    () => hears(alice.heard(begun), 440, { seconds: 0.28 }),
    { limitSeconds: 10 },
  )
  await alice.hangup(call)
  expect(await forwardingOf('alice')).toMatchObject({ unconditional: null })
  await callIn('alice')
  await alice.ringing()
})

test('*61*N*S#: rings so many seconds, then goes on; a wrong delay is refused', async () => {
  const { alice, bob } = phones
  await dial('alice', '*61*0972100002*8#', 'cfnr-on to-number 09')
  await dial('alice', '*61*0972100002*4#', 'delay-refused')
  await dial('alice', '*#61#', 'cfnr-is-on to-number 0972100002 after 8 seconds')
  await callIn('alice')
  await alice.ringing()
  const rangAt = Date.now()
  await bob.ringing(12)
  expect((Date.now() - rangAt) / 1000).toBeGreaterThan(6.5)
})

test('*69*N#, **69#, *#69# announce off, **69# back on', async () => {
  await dial('alice', '*69*0612345678#', 'cfb-on to-number 06')
  await dial('alice', '**69#', 'cfb-off')
  await dial('alice', '*#69#', 'cfb-is-off')
  await dial('alice', '**69#', 'cfb-on to-number 06')
})

test('*21*92N#: all calls land in her voicemail', async () => {
  await dial('bob', '*21*920972100001#', 'cfu-on to-voicemail-of 09')
  await callIn('bob')
  await until('the box of Alice is speaking', async () => {
    const channels = (await system.ari('channels')) as {
      dialplan: { context: string; exten: string }
    }[]
    return channels.some(({ dialplan: { context, exten } }) => {
      return context === 'voicemail' && exten.startsWith(numbers.alice)
    })
  })
})

test('#002 without a last #: none of the forwards is active', async () => {
  await dial('bob', '#002', 'forwards-cancelled')
  expect(await forwardingOf('bob')).toEqual({
    unconditional: null,
    noAnswer: null,
    busy: null,
    unreachable: null,
  })
  await callIn('bob')
  await phones.bob.ringing()
})

describe('services that are on or off', () => {
  test.each([
    ['26', 'do-not-disturb', 'doNotDisturb'],
    ['24', 'absent', 'absent'],
    ['82', 'reject-anonymous', 'rejectAnonymous'],
    ['31', 'hide-number', 'hideNumber'],
  ])('*%s#, asked, and ** back', async (code, prompt, key) => {
    const person = code === '26' || code === '82' ? 'bob' : 'carol'
    const language = person === 'carol' ? ' (en)' : ''
    await dial(person, `*${code}#`, `${prompt}-on${language}`)
    expect(await settingsOf(system, numbers[person])).toMatchObject({ [key]: true })
    await dial(person, `*#${code}`, `${prompt}-is-on${language}`)
    await dial(person, `**${code}#`, `${prompt}-off${language}`)
    expect(await settingsOf(system, numbers[person])).toMatchObject({ [key]: false })
  })
})
