import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { consoleOf } from '../../rig/asterisk-console.js'
import { startSipp } from '../../rig/sipp.js'
import { carrierAddress, numbers } from '../../rig/site-text.js'
import { slowness } from '../../rig/slowness.js'
import type { Ended } from '../../rig/system.js'
import { hears } from '../../rig/tone.js'
import { until } from '../../rig/until.js'
import {
  controllers,
  type Estate,
  invitesTo,
  type Phones,
  startEstate,
} from './estate.js'

describe.each(controllers)('controller %s', (controller) => {
  let estate: Estate
  let phones: Phones

  beforeAll(async () => {
    ;({ estate, phones } = await startEstate(controller, {}))
  })
  afterEach(() => estate.silence())
  afterAll(() => estate.system.close())

  test.each([1, 2, 3])(
    'S41 twenty calls at once to a line of two: two ring, eighteen are busy (%s)',
    async () => {
      const { alice } = phones
      const before = invitesTo(alice).length
      const burst = await startSipp({
        scenario: join(import.meta.dirname, 'burst.xml'),
        address: carrierAddress(estate.system.network),
        port: 5070,
        remote: `${estate.system.network.system}:5060`,
        service: `+${numbers.alice.slice(2)}`,
        calls: 20,
        rate: 500,
      })
      await until('eighteen are busy', () => answers(burst.messages(), '486') === 18)
      await until('two ring', () => answers(burst.messages(), '180') === 2)
      await estate.expectInUse(numbers.alice, 2)
      expect(spreadOf(burst.messages())).toBeLessThan(50 * slowness())

      const ringing = alice.calls().filter(({ state }) => state === 'ringing')
      for (const call of ringing) await alice.hangup(call)
      expect(await burst.result()).toMatchObject({ exitCode: 0, successful: 20 })
      expect(invitesTo(alice)).toHaveLength(before + 2)
    },
  )

  test('a line that calls and is called at the same time keeps its limit of one', async () => {
    const before = invitesTo(phones.carol).length
    const [own, foreign] = await Promise.all([
      phones.carol.dial(numbers.bob),
      phones.carrier.dial(estate.dialIn(numbers.carol)),
    ])
    const ended = await until('one of them is refused', () =>
      [...phones.carol.calls(), ...phones.carrier.calls()].find(
        ({ id, state }) => (id === own.id || id === foreign.id) && state === 'ended',
      ),
    )
    expect(ended.reason).toMatch(/486|503/)
    await estate.expectInUse(numbers.carol, 1)
    expect(invitesTo(phones.carol).length).toBe(before + (ended.id === own.id ? 1 : 0))
  })

  if (controller === 'gone') {
    test('a loop made by hand ends with 480 in less than 2 s', async () => {
      await put('lk_cfu', numbers.alice, `n${numbers.bob}`)
      await put('lk_cfu', numbers.bob, `n${numbers.alice}`)
      const begun = Date.now()
      const call = await phones.carrier.dial(estate.dialIn(numbers.bob))
      expect((await phones.carrier.ended(call)).reason).toContain('480')
      expect(Date.now() - begun).toBeLessThan(2_000)
    })
  }

  if (controller === 'up') {
    test('a lowered limit cuts no call, and refuses the next; a raised one lets it in', async () => {
      const { alice, bob, carol, carrier } = phones
      await bob.dial(numbers.alice)
      await alice.accept(await alice.ringing())
      await bob.talking()
      await carol.dial(numbers.alice)
      await alice.accept(await alice.ringing())
      await carol.talking()

      await apply('calls: 1')
      expect(await estate.system.line('alice')).toMatchObject({
        calls: { limit: 1, inUse: 2 },
      })
      const refused = await carrier.dial(estate.dialIn(numbers.alice))
      expect((await carrier.ended(refused)).reason).toContain('486')
      const since = Date.now()
      await until('Carol hears Alice', () => hears(carol.heard(since), 440))
      expect(bob.calls().at(-1)?.state).toBe('talking')

      await apply('calls: 3')
      await carrier.dial(estate.dialIn(numbers.alice))
      await alice.ringing()
      await estate.expectInUse(numbers.alice, 3)
    })
  }

  async function apply(alice: string): Promise<Ended> {
    const { system } = estate
    system.writeSite({ lines: { alice } })
    const ended = await system.run(
      'apply',
      system.siteFile,
      '--dir',
      system.state,
      '--yes',
    )
    expect(ended).toMatchObject({ exitCode: 0 })
    return ended
  }

  async function put(family: string, key: string, value: string): Promise<void> {
    await consoleOf(estate.system, `database put ${family} ${key} ${value}`)
  }
})

/** How many calls got such an answer. */
function answers(messages: string, code: string): number {
  const calls = messages
    .split(/^-{10,}/m)
    .filter((message) => message.includes(`SIP/2.0 ${code} `))
    .map((message) => /^Call-ID: (\S+)/m.exec(message)?.[1])
  return new Set(calls).size
}

/** Milliseconds from the first INVITE to the last. */
function spreadOf(messages: string): number {
  const sent = messages
    .split(/^-{10,} /m)
    .filter((message) => /^INVITE sip:/m.test(message))
    .map((message) => Date.parse(message.slice(0, message.indexOf('\n'))))
  return Math.max(...sent) - Math.min(...sent)
}
