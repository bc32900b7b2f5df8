import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Phone } from '../../rig/baresip.js'
import { numbers } from '../../rig/site-text.js'
import { hears, telephoneRate } from '../../rig/tone.js'
import { until } from '../../rig/until.js'
import { controllers, desk, type Estate, type Phones, startEstate } from './estate.js'

/** The beep of the French voice. */
const BEEP_HZ = 700

describe.each(controllers)('controller %s', (controller) => {
  let estate: Estate
  let phones: Phones

  beforeAll(async () => {
    ;({ estate, phones } = await startEstate(controller))
  })
  afterEach(async () => {
    await estate.silence()
    rmSync(boxes(), { recursive: true, force: true })
  })
  afterAll(() => estate.system.close())

  test("CFU to Bob's box: the message is there and in no other, and Bob hears it by 123", async () => {
    const { carrier, bob } = phones
    await leaveMessage(carrier, desk.toBobsBox)
    await estate.expectInUse(desk.toBobsBox, 0)
    await estate.expectInUse(numbers.bob, 0)
    await carrier.hangupAll()
    const message = messageOf(numbers.bob)
    await until('the message is in the box', () => existsSync(message))
    expect(hears(samplesOf(message), 1300, { seconds: 1 })).toBe(true)

    for (const other of [numbers.alice, desk.toBobsBox])
      expect(existsSync(messageOf(other))).toBe(false)
    await expectHeard(bob)
  })

  test('CFNL to the own box', async () => {
    await leaveMessage(phones.carrier, desk.ownBox)
    await estate.expectInUse(desk.ownBox, 0)
    await phones.carrier.hangupAll()
    await until('the message is there', () => existsSync(messageOf(desk.ownBox)))
  })

  test('a line without box has none to listen to', async () => {
    const call = await phones.carol.dial('123')
    expect((await phones.carol.ended(call)).reason).toContain('404')
  })

  /** Cuts the greeting short, waits for the beep, and speaks for two seconds. */
  async function leaveMessage(phone: Phone, number: string): Promise<void> {
    const since = Date.now()
    await phone.dial(estate.dialIn(number))
    const call = await phone.talking()
    await until('the greeting is heard', () => phone.heard(since).length > 8000)
    await phone.dtmf('#', call)
    await until('the beep is heard', () => hears(phone.heard(since), BEEP_HZ))
    // What is being recorded lies in the `tmp` of the box, 16 bits a sample.
    await until('two seconds are recorded', () => recording() > 2 * 2 * telephoneRate)
  }

  /** Dials 123 and presses 1, for the first message. */
  async function expectHeard(phone: Phone): Promise<void> {
    const since = Date.now()
    await phone.dial('123')
    const call = await phone.talking()
    await until(
      'the menu is read out',
      () => phone.heard(since).length > 4 * telephoneRate,
    )
    await phone.dtmf('1', call)
    const heard = (): boolean => hears(phone.heard(since), 1300, { seconds: 1 })
    await until('the message is heard', heard, { limitSeconds: 25 })
  }

  function boxes(): string {
    return join(estate.system.state, 'spool/voicemail/default')
  }

  /** The size of what is being recorded, in bytes. */
  function recording(): number {
    if (!existsSync(boxes())) return 0
    const files = readdirSync(boxes(), { recursive: true, encoding: 'utf8' })
    const sizes = files
      .filter((file) => /\/tmp\/.*\.wav$/.test(file))
      .map((file) => statSync(join(boxes(), file), { throwIfNoEntry: false })?.size ?? 0)
    return Math.max(0, ...sizes)
  }

  function messageOf(number: string): string {
    return join(boxes(), number, 'INBOX/msg0000.wav')
  }
})

/** A WAV file of 16 bits, as Asterisk writes it: a head of 44 bytes, then samples. */
function samplesOf(file: string): Int16Array {
  const bytes = readFileSync(file)
  return Int16Array.from({ length: (bytes.length - 44) >> 1 }, (_, index) =>
    bytes.readInt16LE(44 + 2 * index),
  )
}
