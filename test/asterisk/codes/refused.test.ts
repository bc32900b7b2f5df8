import { lstatSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import Libsql from 'libsql'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { storeFile } from '../../../src/store/database.js'
import { replaceController } from '../../rig/asterisk-console.js'
import type { Phone } from '../../rig/baresip.js'
import { PLAYED_LOG, promptsPlayed, writeDownPrompts } from '../../rig/played.js'
import { runSipp } from '../../rig/sipp.js'
import { numbers, type Person, passwords } from '../../rig/site-text.js'
import { type System, startSystem } from '../../rig/system.js'
import { hears } from '../../rig/tone.js'
import { until } from '../../rig/until.js'
import { listenTo } from '../api/event-client.js'
import { settingsOf } from '../settings/changing.js'
import { expectHeard, inWords } from './handset.js'

let system: System
let phones: Record<Person | 'carrier', Phone>

beforeAll(async () => {
  system = await startSystem({ lines: { carol: 'lock: { pin: "4711" }' } })
  await writeDownPrompts(system)
  phones = {
    alice: await system.phone('alice', { toneHz: 440 }),
    bob: await system.phone('bob', { toneHz: 1000 }),
    carol: await system.phone('carol', { toneHz: 700 }),
    carrier: await system.carrier(),
  }
})
afterEach(async () => {
  await system.hangUpEverything()
  await system.expectNothingLeft()
})
afterAll(() => system.close())

const dial = (person: Person, code: string, heard: string): Promise<void> =>
  expectHeard(system, phones[person], code, heard)

test.each([
  ['nobody has this code', '*99*1#', 'code-unknown'],
  ['a number of emergency', '*21*112#', 'number-refused'],
  ['a premium number', '*21*0899123456#', 'number-refused'],
  ['no number', '*21*#', 'number-invalid'],
  ['himself', '*21*0972100002#', 'forward-loop'],
  ['nothing stored', '*21#', 'nothing-stored'],
])('refused by a prompt, and nothing changed: %s', async (_what, code, prompt) => {
  const before = await settingsOf(system, numbers.bob)
  const begun = Date.now()
  await dial('bob', code, prompt)
  expect(hears(phones.bob.heard(begun), 950), 'the tone of refusal').toBe(true)
  expect(await settingsOf(system, numbers.bob)).toEqual(before)
})

test('the lock: set, a wrong PIN refused, opened by the right one; no PIN is written down', async () => {
  await dial('carol', '*33#', 'lock-on')
  await dial('carol', '#33*1379#', 'pin-wrong')
  await dial('carol', '*26#', 'outgoing-locked')
  expect(await settingsOf(system, numbers.carol)).toMatchObject({
    lock: { active: true },
  })
  await dial('carol', '#33*4711#', 'lock-off')
  expect(await settingsOf(system, numbers.carol)).toMatchObject({
    lock: { active: false },
  })
  expect(system.log()).toContain('#33*····')
  expect(system.log()).not.toMatch(/\*(1379|4711)/)
  const files = readdirSync(system.state, { recursive: true, encoding: 'utf8' })
  const told = files.map((name) => join(system.state, name)).filter(tellsPin)
  expect(told).toEqual([])
})

/** Whether a file holds what was dialled, PIN and all. */
function tellsPin(path: string): boolean {
  const stats = lstatSync(path, { throwIfNoEntry: false })
  // What the test itself makes Asterisk tell has every step of the dialplan.
  if (!stats?.isFile() || path.endsWith(PLAYED_LOG)) return false
  return /33\*(1379|4711)/.test(readFileSync(path, 'latin1'))
}

test('five wrong PINs: told, and then the right one is refused too, until reopened', async () => {
  for (let count = 0; count < 4; count += 1) {
    await dial('carol', '#33*1379#', 'pin-wrong')
  }
  // A controller that begins anew has forgotten none of them.
  await replaceController(system)
  const client = await listenTo(system)
  await dial('carol', '#33*1379#', 'pin-wrong')
  await until('the guessing is told', () =>
    client.told().some(({ name, data }) => {
      return name === 'pinLocked' && data.line === numbers.carol
    }),
  )
  client.close()
  await replaceController(system)
  await dial('carol', '#33*4711#', 'pin-locked-out')
  const reopened = await system.run('reopen', numbers.carol, '--dir', system.state)
  expect(reopened).toMatchObject({
    exitCode: 0,
    stdout: `${numbers.carol}: open again\n`,
  })
  await dial('carol', '#33*4711#', 'lock-off')
})

test('F14 the store does not take it: said so, and nothing is changed', async () => {
  const other = new Libsql(storeFile(system.state))
  other.exec('BEGIN IMMEDIATE')
  try {
    await dial('alice', '*26#', 'not-changed')
    expect(await settingsOf(system, numbers.alice)).toMatchObject({ doNotDisturb: false })
  } finally {
    other.exec('ROLLBACK')
    other.close()
  }
  await dial('alice', '*#26#', 'do-not-disturb-is-off')
})

test('F20 who hangs up at once has changed the setting or not, and may ask', async () => {
  const call = await phones.alice.dial('*24#')
  await phones.alice.hangup(call)
  await phones.alice.ended(call)
  await system.expectNoChannelLeft()
  const { absent } = await settingsOf(system, numbers.alice)
  await dial('alice', '*#24#', absent ? 'absent-is-on' : 'absent-is-off')
  await dial('alice', '#24#', 'absent-off')
})

describe('F13 codes from elsewhere than the own phone', () => {
  test('a carrier that sends one hears nothing and changes nothing', async () => {
    const before = promptsPlayed(system).length
    const call = await phones.carrier.dial(`sip:*26%23@${system.network.system}`)
    expect((await phones.carrier.ended(call)).reason).toContain('404')
    expect(promptsPlayed(system)).toHaveLength(before)
  })

  test('nobody is transferred to one: the call comes back', async () => {
    const { alice, bob } = phones
    const before = promptsPlayed(system).length
    await bob.dial(numbers.alice)
    await alice.accept(await alice.ringing())
    await bob.talking()
    await alice.transfer('*26#')
    await alice.ringing(10)
    expect(await settingsOf(system, numbers.alice)).toMatchObject({ doNotDisturb: false })
    expect(await settingsOf(system, numbers.bob)).toMatchObject({ doNotDisturb: false })
    expect(promptsPlayed(system)).toHaveLength(before)
  })
})

describe('the code as phones write it in the address', () => {
  const dials = async (person: Person, service: string) =>
    runSipp({
      scenario: join(import.meta.dirname, 'dials.xml'),
      address: system.network.peer(40),
      remote: `${system.network.system}:5060`,
      service,
      user: numbers[person],
      password: passwords[person],
      keys: { caller: numbers[person] },
    })

  test.each([
    ['%2A21%2A0972100002%23', 'cfu-on'],
    ['*21*0972100002#', 'cfu-on'],
    ['*21*+33972100002', 'cfu-on'],
    ['%2A%2321%23', 'cfu-is-on'],
    ['%2321%23', 'cfu-off'],
  ])('%s', async (service, expected) => {
    const before = promptsPlayed(system).length
    expect(await dials('alice', service)).toMatchObject({ exitCode: 0, errors: '' })
    expect(inWords(promptsPlayed(system).slice(before))).toContain(expected)
  })

  test.each(['*21*06%2012%23', '*21*abc%23', '*21*0612345678%2523'])(
    '%s is refused',
    async (service) => {
      const before = promptsPlayed(system).length
      const { exitCode, messages } = await dials('alice', service)
      expect(exitCode).toBe(1)
      expect(messages).toContain('SIP/2.0 404')
      expect(promptsPlayed(system)).toHaveLength(before)
    },
  )
})

test('more than ten codes in a minute are refused, and the last answer is true', async () => {
  const { alice } = phones
  const before = promptsPlayed(system).length
  const heard = (): string => inWords(promptsPlayed(system).slice(before))
  for (let count = 0; count < 12 && !heard().includes('too-many'); count += 1) {
    const said = promptsPlayed(system).length
    const call = await alice.dial('**82#')
    await until('a prompt is played', () => promptsPlayed(system).length > said)
    await alice.hangup(call)
    await alice.ended(call)
  }
  expect(heard()).toContain('too-many-changes')
  const last = heard().lastIndexOf('reject-anonymous-on')
  const on = last > heard().lastIndexOf('reject-anonymous-off')
  expect(await settingsOf(system, numbers.alice)).toMatchObject({ rejectAnonymous: on })
})
