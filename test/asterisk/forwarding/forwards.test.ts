import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { alias, numbers } from '../../rig/site-text.js'
import { hears, telephoneRate } from '../../rig/tone.js'
import { until } from '../../rig/until.js'
import {
  controllers,
  desk,
  diversionTo,
  type Estate,
  invitesTo,
  type Phones,
  startEstate,
} from './estate.js'

/** The number as the carrier shows it or is shown it. */
const e164 = (number: string): string => `+${number.slice(2)}`

describe.each(controllers)('controller %s', (controller) => {
  let estate: Estate
  let phones: Phones

  beforeAll(async () => {
    ;({ estate, phones } = await startEstate(controller))
  })
  afterEach(() => estate.silence())
  afterAll(() => estate.system.close())

  test('CFU to a line: it rings, shows the caller and who forwarded, and no other forward counts', async () => {
    const { carrier, bob, carol } = phones
    const before = invitesTo(carol).length
    await carrier.dial(estate.dialIn(desk.toBob))
    const call = await bob.ringing()
    expect(call.peer).toContain('33612345678@')
    expect(diversionTo(bob)).toEqual([`sip:${desk.toBob}`, 'reason=unconditional'])
    await bob.accept(call)
    await carrier.talking()
    await until('the caller hears Bob', () => hears(carrier.heard(), 1000))
    await estate.expectInUse(desk.toBob, 0)
    await estate.expectInUse(numbers.bob, 1)
    expect(invitesTo(carol)).toHaveLength(before)
  })

  test('CFU outside: the carrier is told the caller and the line that forwarded', async () => {
    const { carol, carrier } = phones
    await carol.dial(desk.toOutside)
    const call = await carrier.ringing()
    expect(call.peer).toContain(`${e164(numbers.carol)}@`)
    expect(diversionTo(carrier)).toEqual([
      `sip:${e164(desk.toOutside)}`,
      'reason=unconditional',
    ])
    await carrier.accept(call)
    await carol.talking()
    await until('Carol hears the outside', () => hears(carol.heard(), 1300))
    await estate.expectInUse(desk.toOutside, 0)
    await estate.expectInUse(numbers.carol, 1)
  })

  test('CFU outside of a call from outside: its caller is shown, not the line', async () => {
    const { carrier } = phones
    await carrier.dial(estate.dialIn(desk.toOutside))
    const call = await carrier.ringing()
    expect(call.peer).toContain('+33612345678@')
    expect(diversionTo(carrier)[0]).toBe(`sip:${e164(desk.toOutside)}`)
  })

  test('CFU outside of a caller with a presenting alias shows the alias', async () => {
    await phones.alice.dial(desk.toOutside)
    expect((await phones.carrier.ringing()).peer).toContain(`${e164(alias)}@`)
  })

  test('CFU to an alias rings the line behind it', async () => {
    await phones.carrier.dial(estate.dialIn(desk.toAlias))
    await phones.alice.ringing()
    expect(diversionTo(phones.alice)).toEqual([
      `sip:${desk.toAlias}`,
      'reason=unconditional',
    ])
  })

  test('a chain: the target forwards in its turn, and the last one is named', async () => {
    await phones.carrier.dial(estate.dialIn(desk.chained))
    await phones.bob.ringing()
    expect(diversionTo(phones.bob)).toEqual([`sip:${desk.toBob}`, 'reason=unconditional'])
    await estate.expectInUse(desk.chained, 0)
    await estate.expectInUse(desk.toBob, 0)
  })

  test('five forwards are carried: four to Bob, and his own', async () => {
    await phones.carol.dial(desk.fourForwards)
    await phones.bob.ringing()
    expect(diversionTo(phones.bob)[0]).toBe('sip:0033972100034')
    await phones.carrier.ringing(8)
  })

  test('CFNR: five seconds, CANCEL, then the target; its own CFNR leads outside', async () => {
    const { alice, bob, carrier, carol } = phones
    const dialledAt = Date.now()
    await carol.dial(numbers.alice)
    const first = await alice.ringing()
    await estate.expectInUse(numbers.alice, 1)
    await bob.ringing(8)
    const seconds = (Date.now() - dialledAt) / 1000
    expect(seconds).toBeGreaterThan(4.9)
    expect(seconds).toBeLessThan(6.5)
    await alice.ended(first)
    expect(alice.sip().some(({ firstLine }) => firstLine.startsWith('CANCEL'))).toBe(true)
    expect(diversionTo(bob)).toEqual([`sip:${numbers.alice}`, 'reason=no-answer'])
    await estate.expectInUse(numbers.alice, 0)

    await carrier.accept(await carrier.ringing(8))
    expect(diversionTo(carrier)).toEqual([`sip:${e164(numbers.bob)}`, 'reason=no-answer'])
    await carol.talking()
    await estate.expectInUse(numbers.bob, 0)
    await estate.expectInUse(numbers.carol, 1)
  })

  test('a phone that answers in time keeps its call', async () => {
    const { alice, bob, carol } = phones
    const before = invitesTo(bob).length
    await carol.dial(numbers.alice)
    await alice.accept(await alice.ringing())
    await carol.talking()
    const answeredAt = Date.now()
    await until(
      'they have talked for longer than Alice would have rung',
      () => carol.heard(answeredAt).length > 5.5 * telephoneRate,
      { limitSeconds: 10 },
    )
    expect(invitesTo(bob)).toHaveLength(before)
    await until('Carol still hears Alice', () =>
      hears(carol.heard(Date.now() - 400), 440),
    )
  })

  test('CFB of a line with one call: the second goes on at once, the phone hears nothing', async () => {
    const { alice, carol, carrier } = phones
    await carol.dial(numbers.alice)
    await alice.accept(await alice.ringing())
    await carol.talking()
    const before = invitesTo(carol).length
    await carrier.dial(estate.dialIn(numbers.carol))
    await carrier.ringing()
    expect(diversionTo(carrier)).toEqual([
      `sip:${e164(numbers.carol)}`,
      'reason=user-busy',
    ])
    expect(invitesTo(carol)).toHaveLength(before)
    await estate.expectInUse(numbers.carol, 1)
  })

  test('CFB of a line with two calls: the second rings, the third goes on', async () => {
    const { alice, bob, carol, carrier } = phones
    await bob.dial(numbers.alice)
    await alice.accept(await alice.ringing())
    await bob.talking()
    await carrier.dial(estate.dialIn(numbers.alice))
    await alice.ringing()
    await carrier.dial(estate.dialIn(numbers.alice))
    await carol.ringing()
    expect(diversionTo(carol)).toEqual([`sip:${numbers.alice}`, 'reason=user-busy'])
    await estate.expectInUse(numbers.alice, 2)
  })

  test('CFB by the phone: it says 486, and the target rings', async () => {
    const { alice, bob, carol } = phones
    await bob.dial(numbers.alice)
    await alice.ringing()
    await alice.hangup()
    await carol.ringing()
    expect(diversionTo(carol)).toEqual([`sip:${numbers.alice}`, 'reason=user-busy'])
    await estate.expectInUse(numbers.alice, 0)
  })

  test('CFNL of a line without phone: its target rings at once', async () => {
    await phones.carrier.dial(estate.dialIn(desk.unplugged))
    await phones.bob.ringing(1)
    expect(diversionTo(phones.bob)).toEqual([
      `sip:${desk.unplugged}`,
      'reason=unavailable',
    ])
  })

  test('CFNL outside', async () => {
    await phones.carol.dial(desk.unpluggedOutside)
    await phones.carrier.ringing(1)
    expect(diversionTo(phones.carrier)).toEqual([
      `sip:${e164(desk.unpluggedOutside)}`,
      'reason=unavailable',
    ])
  })

  test.each([
    ['do not disturb', desk.doNotDisturb],
    ['absent', desk.absent],
  ])(
    '%s beats CFU: the caller hears why before any answer, and gets 480',
    async (_what, number) => {
      const { carrier, bob } = phones
      const before = invitesTo(bob).length
      const begun = Date.now()
      const call = await carrier.dial(estate.dialIn(number))
      const { reason } = await carrier.ended(call, 15)
      expect(reason).toContain('480')
      const answers = carrier.sip().filter(({ text }) => text.includes(call.id))
      expect(answers.map(({ firstLine }) => firstLine)).toContain(
        'SIP/2.0 183 Session Progress',
      )
      expect(carrier.heard(begun).some((sample) => Math.abs(sample) > 1000)).toBe(true)
      expect(invitesTo(bob)).toHaveLength(before)
    },
  )
})
