import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { statusOf } from '../../../src/canary/sip-message.js'
import { consoleOf, loseController } from '../../rig/asterisk-console.js'
import { RawSip } from '../../rig/raw-sip.js'
import { numbers } from '../../rig/site-text.js'
import { type System, startSystem } from '../../rig/system.js'
import { until } from '../../rig/until.js'
import {
  calls,
  callsIn,
  dialIn,
  expectNormalCall,
  invitesTo,
  rawCarrier,
  rawPhone,
  registered,
  says,
} from './raw-phones.js'

/**
 * Row S33 of the bad-input corpus: a phone with the right password registers somebody
 * else's address. What is then sent there comes from us, and a carrier bills it to us.
 */

const { alice, bob } = numbers
const premium = '0899123456'

let system: System
let peers: Record<'alice' | 'bob' | 'carrier' | 'otherPort', RawSip>

beforeAll(async () => {
  system = await startSystem({ lines: { bob: 'intercom: true' } })
  const carrier = await rawCarrier(system)
  peers = {
    alice: await rawPhone(system, alice, 60),
    bob: await rawPhone(system, bob, 61),
    carrier,
    otherPort: await RawSip.open(carrier.address, system.network.system, 5099),
  }
})
afterEach(async () => {
  await consoleOf(system, 'channel request hangup all')
  await system.expectNoChannelLeft()
  for (const { heard } of Object.values(peers)) heard.splice(0)
})
afterAll(async () => {
  for (const peer of Object.values(peers)) peer.close()
  await system.close()
})

/** `CARRIER`, `PHONE` and `OURS` stand for addresses of this run. */
function written(contact: string): string {
  const { address } = peers.carrier
  const octets = address.split('.').map(Number)
  return contact
    .replaceAll('CARRIER', address)
    .replaceAll('NUMBER', String(octets.reduce((sum, octet) => sum * 256 + octet)))
    .replaceAll('HEX', `0x${octets.map((octet) => octet.toString(16)).join('.0x')}`)
    .replaceAll('PHONE', peers.bob.contact)
    .replaceAll('OURS', system.network.system)
}

/** How a call to Bob ends while this is registered, and what INVITEs were sent. */
async function called(
  contact: string,
  call = () => callsIn(peers.carrier, dialIn(bob)),
): Promise<{ status: number | undefined; targets: readonly string[] }> {
  const answer = await registered(peers.bob, bob, [written(contact)])
  expect(statusOf(answer)).toBe(200)
  for (const peer of Object.values(peers)) says(peer, '486 Busy Here')
  const status = statusOf(await call())
  const targets = Object.values(peers).flatMap((peer) =>
    invitesTo(peer).map(({ start }) => start.split(' ')[1] ?? ''),
  )
  return { status, targets }
}

const refused = {
  'the address of the carrier': `<sip:${premium}@CARRIER>`,
  'another port of the carrier': `<sip:${premium}@CARRIER:5099>`,
  'the carrier, by TCP': `<sip:x@CARRIER;transport=tcp>`,
  'the carrier as one number': `<sip:${premium}@NUMBER>`,
  'the carrier in hexadecimal': `<sip:${premium}@HEX>`,
  'a name': `<sip:x@localhost:5099>`,
  'maddr of the carrier': '<sip:x@PHONE;maddr=CARRIER>',
  'maddr in other letters': '<sip:x@PHONE;%6DAddr=CARRIER>',
  'a Route to the carrier': '<sip:x@PHONE?Route=%3Csip:CARRIER%3Blr%3E>',
  'a header of our INVITE': '<sip:x@PHONE?Privacy=none>',
  'a number that is not the line': `<sip:${premium}@PHONE>`,
  'such a number in disguise': '<sip:%2B33-899%2E123456@PHONE>',
  'a number with parameters': `<sip:${premium};phone-context=x@PHONE>`,
  'a number with a password': `<sip:${premium}:x@PHONE>`,
  'our own address': `<sip:${numbers.carol}@OURS:5060>`,
  'our own address without its port': '<sip:x@OURS>',
}

const accepted = {
  'the number of the line': `<sip:${bob}@PHONE>`,
  'the same with a plus': `<sip:+${bob.slice(2)}@PHONE>`,
  'a name of the phone': '<sip:bob-0x55d4.c8f0@PHONE>',
  'no name at all': '<sip:PHONE>',
  'no brackets': 'sip:bob@PHONE',
  'what phones write behind it':
    '"Bob" <sip:bob@PHONE;transport=udp;ob;line=x1>;+sip.instance="<urn:uuid:1>";q=0.9',
}

function rows(): void {
  test.each(Object.entries(refused))(
    'a phone that registers %s is not reachable, and nothing is sent there',
    async (_what, contact) => {
      expect(await called(contact)).toEqual({ status: 480, targets: [] })
    },
  )

  test.each(Object.entries(accepted))(
    'a phone that registers %s is called',
    async (_what, contact) => {
      const { status, targets } = await called(contact)
      expect(status).toBe(486)
      expect(targets).toEqual([expect.stringContaining(peers.bob.contact)])
    },
  )

  test('nor is it called by intercom', async () => {
    const intercom = () => calls(peers.alice, alice, `3691${bob}`)
    const { status, targets } = await called('<sip:x@CARRIER>', intercom)
    expect(targets).toEqual([])
    expect(status).toBe(480)
  })

  // What is looked at is where the INVITE goes, not what is registered by then.
  test('a phone that changes its contact all the time gains nothing', async () => {
    for (const peer of Object.values(peers)) says(peer, '486 Busy Here')
    const contacts = [`<sip:${bob}@PHONE>`, `<sip:${premium}@CARRIER>`].map(written)
    let calling = true
    const changing = async (): Promise<void> => {
      for (let at = 0; calling; at++)
        await registered(peers.bob, bob, contacts.slice(at % 2, (at % 2) + 1))
    }
    const changes = changing()
    for (let call = 0; call < 30; call++) await callsIn(peers.carrier, dialIn(bob))
    calling = false
    await changes
    expect(invitesTo(peers.carrier)).toEqual([])
  })
}

describe('S33 Contact:', () => {
  rows()

  test.each([
    ...Object.values(refused).map((contact) => [contact, 'misregistered'] as const),
    ...Object.values(accepted).map((contact) => [contact, null] as const),
  ])('of %s the diagnosis says %s', async (contact, verdict) => {
    await registered(peers.bob, bob, [written(contact)])
    await until('it is diagnosed', async () => {
      const { body } = await system.get(`/api/v1/lines/${bob}/diagnosis`)
      expect(body).toMatchObject({ verdict })
      return true
    })
  })

  test('the command says what was registered, and what to do', async () => {
    await registered(peers.bob, bob, [written(refused['the address of the carrier'])])
    const { stdout } = await system.run('diagnose', bob, '--dir', system.state)
    expect(stdout).toContain(
      `The phone does not ring: the phone has registered sip:${premium}@${peers.carrier.address}`,
    )
  })

  test('an alarm tells of it', async () => {
    const before = system.log().length
    await called(refused['the address of the carrier'])
    await until('the log names the line', () =>
      system
        .log()
        .slice(before)
        .includes(`"line":"${bob}","msg":"the phone has registered`),
    )
  })

  test('the phone is called as ever afterwards', async () => {
    await registered(peers.bob, bob)
    await expectNormalCall(system, [peers.alice, alice], [peers.bob, bob])
  })
})

describe('S33 Contact, with no controller:', () => {
  beforeAll(() => loseController(system))
  rows()
})
