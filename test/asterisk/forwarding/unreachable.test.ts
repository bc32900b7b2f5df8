import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { consoleOf, loseController } from '../../rig/asterisk-console.js'
import { type Phone, startPhone } from '../../rig/baresip.js'
import { numbers, passwordOf, passwords } from '../../rig/site-text.js'
import { startSystem } from '../../rig/system.js'
import { until } from '../../rig/until.js'
import { controllers, desk, diversionTo, Estate, estateSite } from './estate.js'

describe.each(controllers)('controller %s', (controller) => {
  let estate: Estate
  let carol: Phone
  let carrier: Phone
  /** A phone that comes and goes. */
  let phone: Phone | undefined

  beforeAll(async () => {
    const system = await startSystem(estateSite)
    carol = await system.phone('carol')
    carrier = await system.carrier()
    estate = new Estate(system, controller)
    if (controller === 'gone') await loseController(system)
  })
  afterEach(async () => {
    await phone?.close()
    phone = undefined
    await estate.silence()
  })
  afterAll(() => estate.system.close())

  test.each([
    ['', desk.unpluggedOutside, passwordOf(desk.unpluggedOutside)],
    [', also when it would have five seconds to ring', numbers.alice, passwords.alice],
  ])(
    'a silent phone is given up within 7 s, and its forward followed%s',
    async (_when, number, password) => {
      phone = await plugIn(number, password)
      await phone.unplug()
      const seconds = await secondsUntilForwarded(8, number)
      expect(seconds).toBeGreaterThan(4)
      expect(seconds).toBeLessThan(7)
      expect(diversionTo(carrier)[1]).toBe('reason=unavailable')
    },
  )

  test('a phone found silent by the system is not tried: its forward is followed at once', async () => {
    phone = await plugIn(numbers.alice, passwords.alice)
    await phone.unplug()
    await consoleOf(estate.system, `pjsip qualify ${numbers.alice}`)
    await untilContacts(/Unavail/)
    expect(await secondsUntilForwarded(1)).toBeLessThan(1)
  })

  test('a phone that has signed off is not tried either; signed on again it rings', async () => {
    phone = await plugIn(numbers.alice, passwords.alice)
    await phone.close()
    phone = undefined
    await untilContacts(/No objects found/)
    expect(await secondsUntilForwarded(1)).toBeLessThan(1)
    await estate.silence()

    phone = await plugIn(numbers.alice, passwords.alice)
    await carol.dial(numbers.alice)
    await phone.ringing()
  })

  async function plugIn(number: string, password: string): Promise<Phone> {
    const { network } = estate.system
    const plugged = await startPhone({
      number,
      password,
      server: `${network.system}:5060`,
      address: network.peer(0),
    })
    await plugged.registered()
    await untilContacts(/Avail/, number)
    return plugged
  }

  async function secondsUntilForwarded(
    limitSeconds: number,
    number: string = numbers.alice,
  ): Promise<number> {
    const dialledAt = Date.now()
    await carol.dial(number)
    await carrier.ringing(limitSeconds)
    const seconds = (Date.now() - dialledAt) / 1000
    await estate.expectInUse(number, 0)
    return seconds
  }

  /** What Asterisk thinks of the phone. */
  async function untilContacts(
    wanted: RegExp,
    number: string = numbers.alice,
  ): Promise<void> {
    const command = `pjsip list contacts like ${number}`
    await until(`the phone is ${wanted}`, async () =>
      wanted.test(await consoleOf(estate.system, command)),
    )
  }
})
