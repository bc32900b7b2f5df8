import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { numbers } from '../../rig/site-text.js'
import {
  controllers,
  type Estate,
  type Phones,
  startEstate,
} from '../forwarding/estate.js'

const { alice, bob, carol } = numbers

describe.each(controllers)('short numbers, controller %s', (controller) => {
  let estate: Estate
  let phones: Phones

  beforeAll(async () => {
    const site = {
      lines: { bob: `shownNumber: "${alice}"` },
      moreShortNumbers: [
        `{ number: "789", group: paris, to: "${bob}" }`,
        `{ number: "7890", group: paris, to: "${carol}" }`,
        `{ number: "7899", to: "0899123456" }`,
        `{ number: "299", line: "${alice}", to: "${bob}" }`,
      ],
    }
    ;({ estate, phones } = await startEstate(controller, site))
  })
  afterEach(() => estate.silence())
  afterAll(() => estate.system.close())

  test('four digits ring at once', async () => {
    const dialledAt = Date.now()
    await phones.alice.dial('7890')
    await phones.carol.ringing()
    expect(Date.now() - dialledAt).toBeLessThan(2_000)
  })

  test.each(['789', '299', '3651789'])('%s waits for a fourth digit', async (dialled) => {
    const dialledAt = Date.now()
    await phones.alice.dial(dialled)
    await phones.bob.ringing(8)
    expect(Date.now() - dialledAt).toBeGreaterThan(2_500)
    expect(Date.now() - dialledAt).toBeLessThan(5_000)
  })

  test.each([
    ['in no table', '7999', '404'],
    ['of three digits in no table', '788', '404'],
    ['of another line', '2001', '404'],
    ['that leads to what the line may not dial', '7899', '403'],
  ])('a short number %s: %s is %s', async (_what, dialled, expected) => {
    const call = await phones.alice.dial(dialled)
    expect((await phones.alice.ended(call)).reason).toContain(expected)
  })

  test('a line shows the number it chose, behind a short number as well', async () => {
    await phones.bob.dial('2001')
    expect((await phones.carrier.ringing()).peer).toContain(`+${alice.slice(2)}@`)
  })
})
