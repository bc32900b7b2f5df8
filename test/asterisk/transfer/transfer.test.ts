import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { loseController } from '../../rig/asterisk-console.js'
import type { Phone } from '../../rig/baresip.js'
import type { PhoneCall } from '../../rig/phone-calls.js'
import { startSipp } from '../../rig/sipp.js'
import { numbers, type Person, passwords } from '../../rig/site-text.js'
import { type System, startSystem } from '../../rig/system.js'
import { hears } from '../../rig/tone.js'
import { until } from '../../rig/until.js'

let system: System
let alice: Phone
let bob: Phone
let carol: Phone
let outside: Phone

beforeAll(async () => {
  // Nothing but the phones' own tones is to be heard.
  system = await startSystem({ lines: { alice: 'callWaiting: { beep: "off" }' } })
  alice = await system.phone('alice', { toneHz: 700 })
  bob = await system.phone('bob', { toneHz: 1000 })
  carol = await system.phone('carol', { toneHz: 1300 })
  outside = await system.carrier({ toneHz: 1600 })
})
afterEach(async () => {
  await system.hangUpEverything()
  await system.expectNoChannelLeft()
})
afterAll(() => system.close())

/** Somebody outside calls a line, which answers; both hear each other. */
async function fromOutside(person: Person, phone: Phone): Promise<PhoneCall> {
  const began = Date.now()
  await outside.dial(`sip:+${numbers[person].slice(2)}@${system.network.system}`)
  const call = await phone.ringing()
  await phone.accept(call)
  await until('the line hears the outside', () => hears(phone.heard(began), 1600))
  return call
}

async function inUse(person: Person): Promise<number> {
  return (await system.line(person)).calls.inUse
}

/** What the REFER came to, told by NOTIFY: `SIP/2.0 404 Not Found`. */
function reported(phone: Phone): string[] {
  return phone
    .sip()
    .filter(({ firstLine, way }) => firstLine.startsWith('NOTIFY') && way === 'received')
    .map(({ text }) => text.trim().split('\n').at(-1) ?? '')
}

/** The line calls Bob, sends a REFER and stays in its call: a phone that does not give up. */
async function refusedOf(person: Person): Promise<void> {
  const phone = await startSipp({
    scenario: fileURLToPath(new URL('refers.xml', import.meta.url)),
    address: system.network.peer(60),
    remote: `${system.network.system}:5060`,
    service: numbers.bob,
    user: numbers[person],
    password: passwords[person],
    answersNotify: true,
    keys: { line: numbers[person], target: '0612345678' },
  })
  const call = await bob.ringing()
  await bob.accept(call)
  const before = outside.calls().length
  const { exitCode, messages, errors } = await phone.result()
  expect(exitCode, errors).toBe(0)
  expect(messages).toContain('SIP/2.0 404 Not Found')
  expect(outside.calls()).toHaveLength(before)
  await bob.ended(call)
}

/** From now on both hear each other, and nobody else. */
async function talk(
  one: Phone,
  oneHz: number,
  other: Phone,
  otherHz: number,
): Promise<void> {
  const from = Date.now()
  await until('the first hears the second', () => hears(one.heard(from), otherHz))
  await until('the second hears the first', () => hears(other.heard(from), oneHz))
}

describe('attended', () => {
  test('the held party and the consulted one talk; the line is in no call', async () => {
    const call = await fromOutside('alice', alice)
    const consultation = await alice.dial(numbers.bob)
    await bob.accept(await bob.ringing())
    await alice.talking(consultation)
    expect(await inUse('alice')).toBe(2)
    await alice.transferTo(consultation, call)
    await talk(outside, 1600, bob, 1000)
    await until('Alice holds no slot', async () => (await inUse('alice')) === 0)
    expect(await inUse('bob')).toBe(1)
    expect(reported(alice).at(-1)).toContain('200')
  })

  test('the consultation is a call: a third caller gets busy', async () => {
    await fromOutside('alice', alice)
    await alice.dial(numbers.bob)
    await bob.ringing()
    const third = await carol.dial(numbers.alice)
    expect((await carol.ended(third)).reason).toContain('486')
  })
})

describe('blind', () => {
  test('a slot is held until the target answers, then none', async () => {
    const call = await fromOutside('alice', alice)
    await alice.transfer(numbers.bob, call)
    const ringing = await bob.ringing()
    expect(await inUse('alice')).toBe(1)
    await bob.accept(ringing)
    await talk(outside, 1600, bob, 1000)
    await until('Alice holds no slot', async () => (await inUse('alice')) === 0)
    expect(reported(alice).at(-1)).toContain('200')
  })

  test('the called party transfers as well as the caller', async () => {
    await alice.dial(numbers.bob)
    const call = await bob.ringing()
    await bob.accept(call)
    await alice.talking()
    await bob.transfer(numbers.carol, call)
    await carol.accept(await carol.ringing())
    await talk(alice, 700, carol, 1300)
    await until('Bob holds no slot', async () => (await inUse('bob')) === 0)
  })

  test('a busy target: the line is called back and talks on', async () => {
    const call = await fromOutside('alice', alice)
    await alice.transfer(numbers.bob, call)
    await bob.hangup(await bob.ringing())
    await alice.accept(await alice.ringing())
    await talk(outside, 1600, alice, 700)
    expect(await inUse('alice')).toBe(1)
  })

  test.each([
    ['a premium number', '0899123456'],
    ['an emergency number', '112'],
    ['a short number nobody has', '7999'],
    ['nothing that is a number', '456'],
    ['a code', '*21*0612345678#'],
  ])('%s: nothing leaves, and the line is called back', async (_what, target) => {
    const call = await fromOutside('alice', alice)
    const before = outside.calls().length
    await alice.transfer(target, call)
    await alice.accept(await alice.ringing())
    await talk(outside, 1600, alice, 700)
    expect(outside.calls()).toHaveLength(before)
  })

  test('S23 a line of one call cannot: NOTIFY 404, and the call stays up', async () => {
    await refusedOf('carol')
  })

  test('a full line cannot', async () => {
    const second = await carol.dial(numbers.alice)
    await alice.accept(await alice.ringing())
    await carol.talking(second)
    await refusedOf('alice')
  })

  test('the carrier may not transfer', async () => {
    await fromOutside('alice', alice)
    const theirs = outside.calls().at(-1)
    await outside.transfer(numbers.bob, theirs)
    await until('the REFER is refused', () =>
      outside
        .sip()
        .some(
          ({ text, way }) =>
            way === 'received' && /^SIP\/2.0 [456]\d\d[\s\S]*CSeq: \d+ REFER/.test(text),
        ),
    )
    expect(bob.calls().filter(({ state }) => state === 'ringing')).toEqual([])
  })

  test('S24 a storm of transfers: one leaves, and nothing is left', async () => {
    const call = await fromOutside('alice', alice)
    const storm = Array.from({ length: 20 }, () => alice.transfer(numbers.bob, call))
    await Promise.allSettled(storm)
    await bob.accept(await bob.ringing())
    await talk(outside, 1600, bob, 1000)
    await until('Alice holds no slot', async () => (await inUse('alice')) === 0)
    expect(await inUse('bob')).toBe(1)
  })

  test('S24 both sides at once: nothing is left', async () => {
    await alice.dial(numbers.bob)
    const call = await bob.ringing()
    await bob.accept(call)
    await alice.talking()
    await Promise.all([alice.transfer(numbers.carol), bob.transfer('0612345678', call)])
    await until(
      'the transfers have begun',
      () => reported(alice).length + reported(bob).length > 1,
    )
    await system.hangUpEverything()
    await system.expectNothingLeft()
  })
})

describe('without an answer of the controller', () => {
  test('frozen: the target rings within 3 s', async () => {
    const call = await fromOutside('alice', alice)
    const pid = await system.controllerPid()
    process.kill(pid, 'SIGSTOP')
    try {
      await alice.transfer(numbers.bob, call)
      await bob.accept(await bob.ringing(3))
      await talk(outside, 1600, bob, 1000)
      await system.hangUpEverything()
      await system.expectNoChannelLeft()
    } finally {
      process.kill(pid, 'SIGCONT')
    }
    await system.expectNothingLeft()
  })

  describe('gone', () => {
    beforeAll(() => loseController(system))

    test('a free slot: the target rings and talks', async () => {
      const call = await fromOutside('alice', alice)
      await alice.transfer(numbers.bob, call)
      await bob.accept(await bob.ringing())
      await talk(outside, 1600, bob, 1000)
    })

    test('a busy target: the line is called back', async () => {
      const call = await fromOutside('alice', alice)
      await alice.transfer(numbers.bob, call)
      await bob.hangup(await bob.ringing())
      await alice.accept(await alice.ringing())
      await talk(outside, 1600, alice, 700)
    })

    test('a premium number: the line is called back', async () => {
      const call = await fromOutside('alice', alice)
      await alice.transfer('0899123456', call)
      await alice.ringing()
    })

    test('a line of one call cannot, and its call stays up', async () => {
      await refusedOf('carol')
    })
  })
})
