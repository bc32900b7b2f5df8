import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { headerOf, statusOf } from '../../../src/canary/sip-message.js'
import { loseController } from '../../rig/asterisk-console.js'
import type { Header } from '../../rig/raw-sip.js'
import { carrierAddress, numbers, outsider } from '../../rig/site-text.js'
import type { System } from '../../rig/system.js'
import { until } from '../../rig/until.js'
import { mallory } from './besieged.js'
import { closed, forgotten, type Peers, startPeers } from './peers.js'
import {
  busyOf,
  callInCircles,
  calls,
  callsIn,
  dialIn,
  expectNormalCall,
  invitesDuring,
  invitesTo,
  rawPhone,
  says,
  silence,
} from './raw-phones.js'

/** What called phones answer, and what callers ask of them. */
const { alice, bob, carol } = numbers
/** Its phone would answer by itself; all its calls go on to Bob. */
const forwarding = '0033972100012'
const elsewhere = '0033972100013'
const refusesAnonymous = '0033972100014'
/** Whose phones answer nothing useful. */
const patient = ['0033972100021', '0033972100022', '0033972100023'] as const
/** Forwards to a mobile, which forwards back. */
const looping = '0033972100015'
const patience = `forwarding:
  noAnswer: { after: 5, to: "0612345678" }
  unreachable: { to: "${carol}" }`

const site = {
  lines: { bob: 'intercom: true' },
  moreLines: {
    [mallory]: 'calls: 3',
    [forwarding]: `intercom: true
forwarding: { unconditional: { to: "${bob}" } }`,
    [elsewhere]: 'group: other\nintercom: true',
    [refusesAnonymous]: `rejectAnonymous: true
forwarding: { unconditional: { to: "${bob}" } }`,
    [looping]: 'forwarding: { unconditional: { to: "0612345678" } }',
    ...Object.fromEntries(patient.map((line) => [line, patience])),
  },
}

let system: System
let controllerGone = false
let peers: Peers

beforeAll(async () => {
  ;({ system, peers } = await startPeers(site))
})
afterEach(async () => {
  await (controllerGone ? system.expectNoChannelLeft() : silence(system))
  forgotten(peers)
})
afterAll(() => closed(system, peers))

async function inUse(line: string): Promise<number> {
  return (await system.lineNumbered(line)).calls.inUse
}

/** How many INVITEs come to others than Bob's phone meanwhile. */
function elsewhereDuring(act: () => Promise<unknown>): Promise<number> {
  const { bob: _, ...others } = peers
  return invitesDuring(Object.values(others), act)
}

describe('S27 the phone answers 302', () => {
  test.each([
    ['to a premium number', () => `sip:0899123456@${system.network.system}`],
    ['to itself', () => `sip:${bob}@${system.network.system}`],
    ['to an emergency number', () => `sip:112@${system.network.system}`],
    ['to the carrier', () => `sip:+33899123456@${carrierAddress(system.network)}`],
  ])('%s: 480, nothing is dialled, and an alarm tells it', async (_to, contact) => {
    says(peers.bob, '302 Moved Temporarily', [['Contact', `<${contact()}>`]])
    const before = system.log().length
    const dialled = await elsewhereDuring(async () => {
      expect(statusOf(await calls(peers.alice, alice, bob))).toBe(480)
    })
    expect(dialled).toBe(0)
    await until('the log tells it', () =>
      system.log().slice(before).includes(`"line":"${bob}","msg":"the phone sends its`),
    )
  })
})

describe('S28 the phone answers', () => {
  test.each([
    ['600 Busy Everywhere', 486],
    ['603 Decline', 403],
    ['604 Does Not Exist Anywhere', 480],
    ['699 Whatever', 480],
  ])('%s: %s, and nothing is dialled', async (status, expected) => {
    says(peers.bob, status)
    const dialled = await elsewhereDuring(async () => {
      expect(statusOf(await calls(peers.alice, alice, bob))).toBe(expected)
    })
    expect(dialled).toBe(0)
  })

  // Asterisk gives a challenge and a 603 the same cause, 21: they cannot be told apart.
  test.each([
    ['401 Unauthorized', 'WWW-Authenticate'],
    ['407 Proxy Authentication Required', 'Proxy-Authenticate'],
  ])('%s: refused, and no password goes to it', async (status, header) => {
    says(peers.bob, status, [[header, 'Digest realm="theirs", nonce="1"']])
    const before = invitesTo(peers.bob).length
    expect(statusOf(await calls(peers.alice, alice, bob))).toBe(403)
    const asked = invitesTo(peers.bob).slice(before)
    expect(asked).toHaveLength(1)
    expect(asked.flatMap(({ headers }) => headers.map(([name]) => name))).not.toContain(
      'Authorization',
    )
  })

  test('199 before 180 and 200: the call is up, with a slot on each side', async () => {
    peers.bob.onInvite = (invite) => {
      for (const status of ['199 Early Dialog Terminated', '180 Ringing'])
        peers.bob.answer(invite, status)
      peers.bob.answer(invite, '200 OK', { body: peers.bob.offer() })
    }
    expect(statusOf(await calls(peers.alice, alice, bob))).toBe(200)
    expect([await inUse(alice), await inUse(bob)]).toEqual([1, 1])
  })

  test('200 without an offer: the call ends by itself', async () => {
    says(peers.bob, '200 OK')
    await calls(peers.alice, alice, bob)
    await system.expectNothingLeft()
  })

  test('100, 180 or 183 for ever: its forwards are followed when the time is over', async () => {
    const { carrier } = peers
    const phones = await Promise.all(
      patient.map((line, index) => rawPhone(system, line, 70 + index)),
    )
    const forEver = ['100 Trying', '180 Ringing', '183 Session Progress']
    for (const [at, phone] of phones.entries()) {
      const status = forEver[at] ?? ''
      const body = status.startsWith('183') ? phone.offer() : ''
      phone.onInvite = (invite) => phone.answer(invite, status, { body })
    }
    says(carrier, '486 Busy Here')
    const before = invitesTo(carrier).length
    const answers = await Promise.all(
      patient.map((line) => callsIn(carrier, dialIn(line))),
    )
    expect(answers.map(statusOf)).toEqual([486, 486, 486])
    // One that has said 100 is there: Asterisk tells it apart from a silent one alone.
    expect(invitesTo(carrier)).toHaveLength(before + 3)
    for (const phone of phones) phone.close()
  })
})

// No line has two phones, and Asterisk is no proxy: the second 200 is of nobody we called,
// so it is not acknowledged, and whoever sent it gives up by itself (RFC 3261 §13.3.1.4).
test('S29 200 from two forks: one call is kept, with a slot on each side', async () => {
  peers.bob.onInvite = (invite) => {
    for (const tag of ['one', 'two'])
      peers.bob.answer(invite, '200 OK', { body: peers.bob.offer(), tag })
  }
  expect(statusOf(await calls(peers.alice, alice, bob))).toBe(200)
  const acknowledged = await until('the first is acknowledged', () =>
    peers.bob.heard.filter(({ start }) => start.startsWith('ACK ')).at(-1),
  )
  expect(headerOf(acknowledged, 'To')).toContain(';tag=one')
  expect([await inUse(alice), await inUse(bob)]).toEqual([1, 1])
  expect(await system.ari('channels')).toHaveLength(2)
})

const autoAnswer: readonly Header[] = [
  ['Call-Info', '<sip:127.0.0.1>;answer-after=0'],
  ['Alert-Info', '<http://127.0.0.1>;info=alert-autoanswer;delay=0'],
  ['Answer-Mode', 'Auto'],
  ['Priv-Answer-Mode', 'Auto'],
  ['P-Auto-Answer', 'normal'],
]

test.each(['a line', 'the carrier', 'a forward'])(
  'S30 what %s asks of the phone is not passed on',
  async (who) => {
    says(peers.bob, '486 Busy Here')
    if (who === 'the carrier')
      await callsIn(peers.carrier, dialIn(bob), { headers: autoAnswer })
    else {
      const called = who === 'a forward' ? forwarding : bob
      await calls(peers.alice, alice, called, autoAnswer)
    }
    const asked = invitesTo(peers.bob).flatMap((invite) =>
      autoAnswer.map(([name]) => headerOf(invite, name)),
    )
    expect(asked).toEqual(autoAnswer.map(() => ''))
  },
)

describe('S31 nobody reaches an intercom phone', () => {
  test('from another group: 404', async () => {
    const answer = await calls(peers.alice, alice, `3691${elsewhere}`)
    expect(statusOf(answer)).toBe(404)
  })

  test('without a password: 401', async () => {
    const { alice: peer } = peers
    const invite = peer.invite({ uri: peer.uri(`3691${bob}`), line: 'anonymous' })
    expect(statusOf(await peer.exchange(invite))).toBe(401)
  })

  test('by a forward: the phone behind it is not called', async () => {
    const before = invitesTo(peers.bob).length
    const answer = await calls(peers.alice, alice, `3691${forwarding}`)
    expect([404, 480]).toContain(statusOf(answer))
    expect(invitesTo(peers.bob)).toHaveLength(before)
  })
})

describe('S39 a caller from outside', () => {
  test('who does not show a number of his own is one who hides', async () => {
    const asserted = ['P-Asserted-Identity', `<sip:${outsider}@carrier.invalid>`] as const
    const hiding: readonly (readonly [string, ...Header[]])[] = [
      ['"Anonymous" <sip:anonymous@anonymous.invalid>'],
      [`<sip:${outsider}@x>`, asserted, ['Privacy', 'id']],
      ['<sip:letters@x>'],
      ['"a b" <sip:+33%20612@x>'],
      ['<sip:carrier.invalid>'],
    ]
    const before = invitesTo(peers.bob).length
    const answers = await Promise.all(
      hiding.map(([from, ...headers]) =>
        callsIn(peers.carrier, dialIn(refusesAnonymous), {
          from: `${from};tag=1`,
          headers,
        }),
      ),
    )
    expect(answers.map(statusOf)).toEqual(hiding.map(() => 403))
    expect(invitesTo(peers.bob)).toHaveLength(before)
  })

  test.each([
    ['of forty digits', `<sip:${'1'.repeat(40)}@x>`],
    ['who would be dialled', '<sip:06&PJSIP%2Fcarrier%2F0899123456@x>'],
  ])('%s: Bob alone is called', async (_what, from) => {
    says(peers.bob, '486 Busy Here')
    const dialled = await elsewhereDuring(async () => {
      const answer = await callsIn(peers.carrier, dialIn(bob), { from: `${from};tag=1` })
      expect(statusOf(answer)).toBe(486)
    })
    expect(dialled).toBe(0)
    const shown = /^<sip:(1*)/.exec(from)?.[1] ?? ''
    await until('its record keeps what is a number', async () => {
      const { body } = await system.get('/api/v1/cdr?limit=1')
      expect(body).toMatchObject([{ from: shown === '' ? null : shown.slice(0, 20) }])
      return true
    })
  })
})

test('S40 a forward that comes back through the carrier is stopped after ten calls', async () => {
  expect(await callInCircles(peers.carrier, looping)).toEqual({
    status: 480,
    circles: 10,
  })
  await system.expectNothingLeft()
})

test('S42 200 calls held open to one line: two ring, the others are busy', async () => {
  const { carrier } = peers
  const ringing: string[] = []
  peers.bob.onInvite = (invite) => {
    ringing.push(headerOf(invite, 'Call-ID'))
    peers.bob.answer(invite, '180 Ringing')
  }
  const busy = await busyOf(carrier, bob, 200)
  expect([busy, new Set(ringing).size, await inUse(bob)]).toEqual([198, 2, 2])
})

test('after all that a line calls another, and nothing is left', async () => {
  await expectNormalCall(system, [peers.alice, alice], [peers.bob, bob])
})

test('S40 without controller it is stopped after thirty', async () => {
  await loseController(system)
  controllerGone = true
  expect(await callInCircles(peers.carrier, looping)).toEqual({
    status: 480,
    circles: 30,
  })
})
