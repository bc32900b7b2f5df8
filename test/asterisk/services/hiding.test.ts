import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { headerValues } from '../../rig/sip-trace.js'
import { alias, numbers } from '../../rig/site-text.js'
import {
  controllers,
  type Estate,
  invitesTo,
  type Phones,
  startEstate,
} from '../forwarding/estate.js'

const { alice, bob } = numbers
/** Bob forwards what comes to it to the outside. */
const forwarding = '0033972100041'

describe.each(controllers)('numbers shown and hidden, controller %s', (controller) => {
  let estate: Estate
  let phones: Phones

  beforeAll(async () => {
    const site = {
      lines: { alice: 'hideNumber: true', carol: 'rejectAnonymous: true' },
      moreLines: {
        [forwarding]: 'forwarding: { unconditional: { to: "0612345678" } }',
      },
    }
    ;({ estate, phones } = await startEstate(controller, site))
  })
  afterEach(() => estate.silence())
  afterAll(() => estate.system.close())

  test.each([
    ['Alice hides for good', 'alice', bob, 'bob'],
    ['Bob hides for one call', 'bob', `3651${alice}`, 'alice'],
    ['Bob hides on a short number', 'bob', '36517001', 'alice'],
  ] as const)(
    '%s: the called phone sees nobody',
    async (_what, caller, dialled, called) => {
      await phones[caller].dial(dialled)
      await phones[called].ringing()
      const invite = invitesTo(phones[called]).at(-1)
      expect(invite && headerValues(invite, 'From')[0]).toMatch(
        /^"Anonymous" <sip:anonymous@anonymous\.invalid>/,
      )
      expect(invite && headerValues(invite, 'Privacy')).toEqual(['id'])
      expect(invite?.text.split('\n\n')[0]).not.toContain(numbers[caller].slice(4))
      expect(invite?.text.split('\n\n')[0]).not.toContain(caller)
    },
  )

  test('Alice shows herself for one call', async () => {
    await phones.alice.dial(`3652${bob}`)
    expect((await phones.bob.ringing()).peer).toContain(alice)
  })

  test.each([
    ['Alice hides for good', 'alice', '0612345678', alias],
    ['Bob hides for one call', 'bob', '36510612345678', bob],
  ] as const)('%s: the carrier alone is told', async (_what, caller, dialled, told) => {
    await phones[caller].dial(dialled)
    await phones.carrier.ringing()
    const invite = invitesTo(phones.carrier).at(-1)
    expect(invite && headerValues(invite, 'From')[0]).toContain(
      'anonymous@anonymous.invalid',
    )
    expect(invite && headerValues(invite, 'Privacy')).toEqual(['id'])
    const identity = invite && headerValues(invite, 'P-Asserted-Identity')[0]
    expect(identity).toContain(`sip:+${told.slice(2)}@`)
  })

  test('Bob stays hidden when the called line forwards outside', async () => {
    await phones.bob.dial(`3651${forwarding}`)
    await phones.carrier.ringing()
    const invite = invitesTo(phones.carrier).at(-1)
    expect(invite && headerValues(invite, 'From')[0]).toContain(
      'anonymous@anonymous.invalid',
    )
  })

  test('an emergency call shows the number', async () => {
    await phones.alice.dial('3651112')
    const call = await phones.carrier.ringing()
    expect(call.peer).toContain(`+${alice.slice(2)}@`)
    const invite = invitesTo(phones.carrier).at(-1)
    expect(invite && headerValues(invite, 'Privacy')).toEqual([])
  })

  test('S39 Carol rejects who hides, and takes who shows himself', async () => {
    const hidden = await phones.alice.dial(numbers.carol)
    expect((await phones.alice.ended(hidden, 15)).reason).toContain('403')
    await phones.alice.dial(`3652${numbers.carol}`)
    await phones.carol.ringing()
  })

  test.each([
    ['nothing behind it', '3651', '484'],
    ['a code', '3651*21*0612345678#', '403'],
    ['the voicemail', '3652123', '403'],
    ['prefix upon prefix', `36513652${alice}`, '403'],
  ])('3651 and %s: %s is %s', async (_what, dialled, expected) => {
    const call = await phones.bob.dial(dialled)
    expect((await phones.bob.ended(call)).reason).toContain(expected)
  })
})
