import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { consoleOf, loseController } from '../../rig/asterisk-console.js'
import type { Phone } from '../../rig/baresip.js'
import type { PhoneCall } from '../../rig/phone-calls.js'
import { numbers } from '../../rig/site-text.js'
import { type System, startSystem } from '../../rig/system.js'
import { hears, isSilent, tone } from '../../rig/tone.js'
import { until } from '../../rig/until.js'
import { wavOf } from '../../rig/wav.js'
import { controllers } from '../forwarding/estate.js'
import {
  BEEP_HZ,
  boxOf,
  expectFirstMessage,
  leaveMessage,
  SPEAKS_HZ,
} from './messages.js'

const ACCESS = '0972100099'
const PASSWORD = '517934'
const ALICE_HZ = 900
/** Of the greeting that is sent for Bob. */
const GREETS_HZ = 1100

const site = {
  lines: {
    alice: `voicemail: { pin: "824613", remotePassword: "${PASSWORD}" }
forwarding: { unconditional: { to: voicemail } }`,
    bob: `voicemail: { pin: "735924" }
forwarding: { unconditional: { to: voicemail } }`,
    carol: `defaultVoicemail: "${numbers.alice}"`,
  },
  more: `voicemail: { access: "${ACCESS}" }`,
}

describe.each(controllers)('controller %s', (controller) => {
  /** What the dialplan does by itself, whoever sent the call there. */
  const once = test.runIf(controller === 'up')
  let system: System
  let alice: Phone
  let bob: Phone
  let carol: Phone
  let carrier: Phone

  beforeAll(async () => {
    system = await startSystem(site)
    alice = await system.phone('alice', { toneHz: ALICE_HZ })
    bob = await system.phone('bob')
    carol = await system.phone('carol')
    carrier = await system.carrier({ toneHz: SPEAKS_HZ })
    const file = join(system.dir, 'greeting.wav')
    writeFileSync(file, wavOf(tone(GREETS_HZ, 4, 0.3, 44_100), 44_100))
    const sent = await system.run(...greeting(), file)
    expect(sent, sent.stderr).toMatchObject({ exitCode: 0 })
    if (controller === 'gone') await loseController(system)
  })
  afterEach(async () => {
    await system.hangUpEverything()
    if (controller === 'up') await system.expectNothingLeft()
    else await system.expectNoChannelLeft()
  })
  afterAll(() => system?.close())

  test('a message: a greeting of a few seconds, and the lamp of the phone', async () => {
    const { greetingSeconds } = await leaveMessage(system, carrier, numbers.alice)
    expect(greetingSeconds).toBeLessThan(9)
    await until('the lamp is lit', () => lampOf(alice) === 'yes', { limitSeconds: 10 })
    await until('so is that of who opens the same box', () => lampOf(carol) === 'yes')
    expect(lampOf(bob)).toBe('no')
  })

  test('123 of a line that opens the box of another (spec B8)', async () => {
    await carol.dial('123')
    await expectFirstMessage(carol)
  })

  test('remote access from another line: its number and its password', async () => {
    const call = await bob.dial(ACCESS)
    await keyIn(bob, call, `0972100001#${PASSWORD}#`)
    await expectFirstMessage(bob)
  })

  once('remote access to a line without a remote password is refused', async () => {
    const call = await carol.dial(ACCESS)
    for (const _try of [1, 2, 3]) {
      await keyIn(carol, call, '0972100002#735924#')
    }
    await carol.ended(call, 20)
  })

  once(
    'three wrong passwords end the call, five close the box, whoever calls',
    async () => {
      for (const _call of ['three', 'and two more']) {
        const call = await carrier.dial(accessFromOutside())
        for (const _try of [1, 2, 3]) await keyIn(carrier, call, '0972100001#999999#')
        await carrier.ended(call, 40)
      }
      const call = await bob.dial(ACCESS)
      await keyIn(bob, call, `0972100001#${PASSWORD}#`)
      await bob.ended(call, 20)
    },
  )

  once('the twentieth wrong password closes the box until it is reopened', async () => {
    const reopen = ['reopen', numbers.alice, '--dir', system.state]
    expect((await system.run(...reopen)).exitCode).toBe(0)
    const day = Math.floor(Date.now() / 86_400_000)
    await consoleOf(system, `database put lk_wrong ${numbers.alice} 19*0*${day}`)
    const wrong = await carrier.dial(accessFromOutside())
    await keyIn(carrier, wrong, '0972100001#999999#')
    await until('it is counted', async () =>
      (await counted()).startsWith(`20*9999999999*${day}`),
    )
    await carrier.hangup(wrong)

    const right = `0972100001#${PASSWORD}#`
    const closed = await bob.dial(ACCESS)
    await keyIn(bob, closed, right)
    await bob.ended(closed, 20)
    expect(await system.run(...reopen)).toMatchObject({
      stdout: `${numbers.alice}: open again\n`,
    })
    const open = await bob.dial(ACCESS)
    await keyIn(bob, open, right)
    await expectFirstMessage(bob)
  })

  once(
    'the greeting that the user records by 123 is played instead of ours',
    async () => {
      const began = Date.now()
      const menu = await alice.dial('123')
      await alice.talking(menu)
      await pause(3_000)
      // Mailbox options, record the unavailable message.
      await alice.dtmf('01', menu)
      await until('the beep is heard', () => hears(alice.heard(began), BEEP_HZ), {
        limitSeconds: 20,
      })
      await pause(2_000)
      // The end of it, and accepted.
      await alice.dtmf('#', menu)
      await pause(2_000)
      await alice.dtmf('1', menu)
      const greeting = join(boxOf(system, numbers.alice), 'unavail.wav')
      await until('the greeting is kept', () => existsSync(greeting), {
        limitSeconds: 20,
      })
      await alice.hangup(menu)

      const since = Date.now()
      await bob.dial(numbers.alice)
      const heard = (): boolean => hears(bob.heard(since), ALICE_HZ, { seconds: 1 })
      await until('the greeting is heard', heard, { limitSeconds: 8 })
    },
  )

  test('the greeting that was sent is heard, and ours when it is deleted', async () => {
    await carol.dial(numbers.bob)
    const since = Date.now()
    const heard = (): boolean => hears(carol.heard(since), GREETS_HZ, { seconds: 1 })
    await until('the greeting is heard', heard, { limitSeconds: 15 })
    if (controller === 'gone') return

    await system.hangUpEverything()
    const deleted = await system.run(...greeting(), '--delete')
    expect(deleted, deleted.stderr).toMatchObject({ exitCode: 0 })
    await carol.dial(numbers.bob)
    const began = Date.now()
    await until('the beep is heard', () => hears(carol.heard(began), BEEP_HZ), {
      limitSeconds: 20,
    })
    expect(isSilent(carol.heard(began))).toBe(false)
    expect(hears(carol.heard(began), GREETS_HZ)).toBe(false)
  })

  function greeting(): string[] {
    return ['greeting', numbers.bob, 'unavailable', '--dir', system.state]
  }

  /** What the dialplan has counted of Alice's box. */
  async function counted(): Promise<string> {
    const told = await consoleOf(system, `database get lk_wrong ${numbers.alice}`)
    return /Value: (\S+)/.exec(told)?.[1] ?? ''
  }

  function accessFromOutside(): string {
    return `sip:+33${ACCESS.slice(1)}@${system.network.system}`
  }
})

/** Keys in while the question is being asked: it may be cut short. */
async function keyIn(phone: Phone, call: PhoneCall, digits: string): Promise<void> {
  await phone.talking(call)
  const since = Date.now()
  await until('the question begins', () => !isSilent(phone.heard(since)))
  await phone.dtmf(digits, call)
}

/** `yes` or `no`: what the last NOTIFY said of waiting messages (RFC 3842). */
function lampOf(phone: Phone): string | undefined {
  const told = phone
    .sip()
    .filter(({ firstLine, way }) => way === 'received' && firstLine.startsWith('NOTIFY'))
  return /Messages-Waiting: (\w+)/.exec(told.at(-1)?.text ?? '')?.[1]
}
