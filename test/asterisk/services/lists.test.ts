import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { replaceController } from '../../rig/asterisk-console.js'
import { numbers } from '../../rig/site-text.js'
import {
  controllers,
  type Estate,
  type Phones,
  startEstate,
} from '../forwarding/estate.js'

const { alice, carol } = numbers
/** Lines that forward everything to their voicemail, with and without the services. */
const without = '0033972100061'
const withServices = '0033972100062'
const tight = '0033972100063'

const toBox = `voicemail: { pin: "824613" }
forwarding: { unconditional: { to: voicemail } }`

describe.each(controllers)('white and black lists, controller %s', (controller) => {
  let estate: Estate
  let phones: Phones

  beforeAll(async () => {
    const site = {
      lines: {
        alice: `doNotDisturb: true
filters:
  incoming: { mode: black, entries: ["0612*", "${carol}", anonymous] }`,
        bob: 'filters: { outgoing: { mode: white, entries: [mobile, "7*", "0972100003"] } }',
      },
      moreLines: {
        [without]: `${toBox}
filters: { outgoing: { mode: white, entries: [mobile] } }`,
        [withServices]: `${toBox}
filters: { outgoing: { mode: white, entries: [services] } }`,
        [tight]: `forwarding: { unconditional: { to: "${alice}" } }
filters: { outgoing: { mode: black, entries: ["00339721*"] } }`,
      },
    }
    ;({ estate, phones } = await startEstate(controller, site))
  })
  afterEach(() => estate.silence())
  afterAll(() => estate.system.close())

  test.each([
    ['a number that a beginning on the black list fits', alice, '403'],
    ['a white list without services, and a forward to voicemail', without, '480'],
    ['a forward to what the black list has', tight, '480'],
  ])('the carrier meets %s: %s is %s', async (_what, number, expected) => {
    const call = await phones.carrier.dial(estate.dialIn(number))
    expect((await phones.carrier.ended(call, 10)).reason).toContain(expected)
  })

  test('with the services in the list the forward to voicemail works', async () => {
    const call = await phones.carrier.dial(estate.dialIn(withServices))
    await phones.carrier.talking(call)
  })

  test.each([
    ['a line on the black list', 'carol', alice, '403'],
    ['a mobile on the white list', 'bob', '0687654321', 'rings'],
    ['a landline that is not on it', 'bob', '0123456789', '403'],
    ['a line that is not on it', 'bob', alice, '403'],
    ['a line that is on it', 'bob', carol, 'rings'],
  ] as const)('%s: %s dials %s, %s', async (_what, caller, dialled, expected) => {
    const call = await phones[caller].dial(dialled)
    if (expected !== 'rings') {
      expect((await phones[caller].ended(call, 10)).reason).toContain(expected)
      return
    }
    await (dialled === carol ? phones.carol : phones.carrier).ringing()
  })

  test('123 and emergency calls are not asked about', async () => {
    await phones.bob.dial('112')
    await phones.carrier.ringing()
  })

  test('after an emergency call everybody can call back, for an hour', async () => {
    const call = await phones.alice.dial('112')
    await phones.carrier.accept(await phones.carrier.ringing())
    await phones.alice.talking(call)
    await phones.alice.hangup(call)
    await estate.silence()
    await phones.carrier.dial(estate.dialIn(alice))
    await phones.alice.ringing()
    if (controller === 'gone') return
    await estate.silence()
    await replaceController(estate.system)
    await phones.carrier.dial(estate.dialIn(alice))
    await phones.alice.ringing()
  })
})
