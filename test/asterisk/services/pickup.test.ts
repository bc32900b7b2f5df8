import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { replaceController, slotsInDialplan } from '../../rig/asterisk-console.js'
import { numbers, passwordOf } from '../../rig/site-text.js'
import { hears } from '../../rig/tone.js'
import { until } from '../../rig/until.js'
import {
  controllers,
  type Estate,
  type Phones,
  startEstate,
} from '../forwarding/estate.js'

const { alice, bob } = numbers
/** A line of another account. */
const stranger = '0033972100051'

describe('pickup', () => {
  let estate: Estate
  let phones: Phones

  beforeAll(async () => {
    const site = {
      lines: { alice: 'calls: 1', carol: 'intercom: true' },
      moreLines: { [stranger]: 'group: lyon' },
    }
    ;({ estate, phones } = await startEstate('up', site))
  })
  afterEach(() => estate.silence())
  afterAll(() => estate.system.close())

  const dialIn = (number: string) => phones.carrier.dial(estate.dialIn(number))

  test.each([
    ['*11#', 'the call that rings longest'],
    [`*11*${bob}`, 'the call on line N'],
    [`*11*${bob}#`, 'the call on line N, with #'],
  ])('%s takes over %s, and it counts on the line that took it (E07)', async (code) => {
    const call = await dialIn(bob)
    await phones.bob.ringing()
    await phones.alice.dial(code)
    await phones.carrier.talking(call)
    await until('Alice hears the caller', () => hears(phones.alice.heard(), 1300))
    await until('the caller hears Alice', () => hears(phones.carrier.heard(), 440))
    expect(phones.bob.calls().filter(({ state }) => state === 'ringing')).toEqual([])
    await estate.expectInUse(alice, 1)
    await estate.expectInUse(bob, 0)
    // Alice is full with it, and Bob is free.
    const another = await phones.carol.dial(alice)
    expect((await phones.carol.ended(another)).reason).toContain('486')
    await phones.carol.dial(bob)
    await phones.bob.ringing()
  })

  test('a call of a colleague is taken over too', async () => {
    const call = await phones.carol.dial(bob)
    await phones.bob.ringing()
    await phones.alice.dial('*11#')
    await phones.carol.talking(call)
    await estate.expectInUse(alice, 1)
    await estate.expectInUse(bob, 0)
    await estate.expectInUse(numbers.carol, 1)
  })

  test('the one who took it over may go on alone when the controller comes back', async () => {
    const call = await dialIn(bob)
    await phones.bob.ringing()
    await phones.alice.dial('*11#')
    await phones.carrier.talking(call)
    await estate.expectInUse(alice, 1)
    await replaceController(estate.system)
    await estate.expectInUse(alice, 1)
    await estate.expectInUse(bob, 0)
    expect(await slotsInDialplan(estate.system, alice)).toBe(1)
  })

  test('F21 of two who want the same call one wins', async () => {
    const call = await dialIn(bob)
    await phones.bob.ringing()
    await Promise.all([phones.alice.dial('*11#'), phones.carol.dial('*11#')])
    await phones.carrier.talking(call)
    await until('one has it, the other is told', async () => {
      const lines = await Promise.all([alice, numbers.carol].map((n) => estate.inUse(n)))
      return lines[0] === 1 && lines[1] === 1
    })
    const hear = () => [phones.alice, phones.carol].map((one) => hears(one.heard(), 1300))
    await until('one hears the caller', () => hear().includes(true))
  })

  test('F21 nothing rings: it is said, and the phone hangs up', async () => {
    const call = await phones.alice.dial('*11#')
    await phones.alice.talking(call)
    await estate.expectInUse(alice, 1)
  })

  test('F21 a line of another group is not picked up', async () => {
    const other = await estate.system.phone('bob', {
      number: stranger,
      password: passwordOf(stranger),
      address: estate.system.network.peer(61),
    })
    // Asterisk asks a phone that has just registered whether it can be reached.
    await until(
      'it can be called',
      async () => (await estate.system.lineNumbered(stranger)).registered,
    )
    const call = await dialIn(stranger)
    await other.ringing()
    for (const code of ['*11#', `*11*${stranger}#`]) {
      const refused = await phones.alice.dial(code)
      await phones.alice.talking(refused)
      await phones.alice.hangup(refused)
    }
    expect(phones.carrier.calls().find(({ id }) => id === call.id)?.state).not.toBe(
      'talking',
    )
    await estate.expectInUse(stranger, 1)
  })
})

test.each(controllers.filter((controller) => controller === 'gone'))(
  'controller %s: codes are refused, and the call goes on ringing',
  async (controller) => {
    const { estate, phones } = await startEstate(controller, {})
    await phones.carrier.dial(estate.dialIn(bob))
    await phones.bob.ringing()
    const call = await phones.alice.dial('*11#')
    await phones.alice.talking(call)
    expect(phones.bob.calls().some(({ state }) => state === 'ringing')).toBe(true)
    await estate.silence()
    await estate.system.close()
  },
)
