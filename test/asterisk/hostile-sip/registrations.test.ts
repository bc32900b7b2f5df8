import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { headerOf, statusOf, valuesOf } from '../../../src/canary/sip-message.js'
import { consoleOf } from '../../rig/asterisk-console.js'
import type { Header } from '../../rig/raw-sip.js'
import { numbers, outsider } from '../../rig/site-text.js'
import type { System } from '../../rig/system.js'
import { until } from '../../rig/until.js'
import { mallory } from './besieged.js'
import { closed, forgotten, type Peers, startPeers } from './peers.js'
import { expectNormalCall, loginOf, registered, silence, talks } from './raw-phones.js'

/** Requests other than a call: rows of the bad-input corpus. */

const { alice, bob, carol } = numbers
const crowd = Array.from({ length: 10 }, (_, at) => `00339721000${30 + at}`)

let system: System
let peers: Peers

beforeAll(async () => {
  ;({ system, peers } = await startPeers({
    moreLines: {
      [mallory]: 'calls: 3\ngroup: other',
      ...Object.fromEntries(crowd.map((line) => [line, ''])),
    },
  }))
})
afterEach(async () => {
  await silence(system)
  forgotten(peers)
})
afterAll(() => closed(system, peers))

/** The contacts of Bob, as Asterisk keeps them. */
async function contactsOfBob(): Promise<string[]> {
  const listed = await consoleOf(system, 'pjsip list contacts')
  return [...listed.matchAll(new RegExp(`${bob}/(\\S+)`, 'g'))].map(([, uri = '']) => uri)
}

describe('S33 REGISTER with', () => {
  const own = (): string => `<sip:${bob}@${peers.bob.contact}>`

  test.each<[string, readonly string[], readonly Header[], number]>([
    ['* and no Expires', ['*'], [], 400],
    ['* and Expires: 600', ['*'], [['Expires', '600']], 400],
    ['a contact of 3,000 characters', [`<sip:${'x'.repeat(3000)}@127.0.0.1>`], [], 400],
  ])('%s: refused, and the phone stays', async (_what, contacts, headers, expected) => {
    await registered(peers.bob, bob)
    const answer = await registered(peers.bob, bob, contacts, headers)
    expect(statusOf(answer)).toBe(expected)
    expect(await contactsOfBob()).toHaveLength(1)
  })

  test.each(['tel:112', 'mailto:bob@example.org'])('%s: 416', async (uri) => {
    const request = peers.bob.request({
      ...{ method: 'REGISTER', uri: peers.bob.uri('').replace('@', ''), line: bob },
    })
    const others = request.headers.filter(([name]) => name !== 'Contact')
    const headers = [...others, ['Contact', `<${uri}>`] as const]
    expect(statusOf(await peers.bob.exchange({ ...request, headers }))).toBe(416)
  })

  // More than a line may have: none of them counts.
  test.each(['headers', 'one header'])('20 contacts in %s: 403', async (where) => {
    await registered(peers.bob, bob)
    const many = Array.from({ length: 20 }, (_, at) => `<sip:x@127.0.9.${at + 1}>`)
    const contacts = where === 'headers' ? many : [many.join(', ')]
    expect(statusOf(await registered(peers.bob, bob, contacts))).toBe(403)
    expect((await contactsOfBob()).length).toBeLessThan(2)
  })

  test('another contact: it takes the place of the first', async () => {
    await registered(peers.bob, bob)
    await registered(peers.bob, bob, [`<sip:other@${peers.bob.contact}>`])
    expect(await contactsOfBob()).toEqual([expect.stringContaining('sip:other@')])
  })

  test.each([
    ['4000000000', 7200],
    ['5000000000', 7200],
    ['1', 60],
  ])('Expires: %s: %i seconds', async (expires, seconds) => {
    const answer = await registered(peers.bob, bob, [own()], [['Expires', expires]])
    expect(statusOf(answer)).toBe(200)
    const granted = Number(/expires=(\d+)/.exec(headerOf(answer, 'Contact'))?.[1])
    expect(granted).toBeGreaterThan(seconds - 3)
    expect(granted).toBeLessThanOrEqual(seconds)
  })

  test.each(['-1', 'soon'])('Expires: %s: not read at all', async (expires) => {
    await registered(peers.bob, bob)
    const request = peers.bob.request({
      ...{ method: 'REGISTER', uri: peers.bob.uri('').replace('@', ''), line: bob },
      headers: [['Expires', expires]],
    })
    peers.bob.send(request)
    // What comes later is answered: what was before is not.
    await registered(peers.bob, bob)
    expect(peers.bob.answersTo(request)).toEqual([])
    expect(await contactsOfBob()).toHaveLength(1)
  })

  afterAll(() => registered(peers.bob, bob))
})

test('S34 300 registrations of ten lines: each is taken, and a line keeps one contact', async () => {
  for (let wave = 0; wave < 30; wave++) {
    const storm = crowd.map((line) => registered(peers.alice, line))
    const answers = await Promise.all(storm)
    expect(answers.map(statusOf)).toEqual(crowd.map(() => 200))
    expect(answers.map((each) => valuesOf(each, 'Contact').length)).toEqual(
      crowd.map(() => 1),
    )
    peers.alice.heard.splice(0)
  }
})

/** The final status of a request of Mallory's line, outside any dialog. */
async function mallorys(
  method: string,
  headers: readonly Header[] = [],
  body = '',
): Promise<number | undefined> {
  const { mallory: peer } = peers
  const request = peer.request({
    method,
    uri: peer.uri(bob),
    line: mallory,
    headers,
    body,
  })
  return statusOf(await peer.asked(request, loginOf(mallory)))
}

// Nobody may watch anybody: no event package is open, which Asterisk says with 603.
test.each(['dialog', 'presence', 'message-summary', 'reg', 'nonsense'])(
  'S35 SUBSCRIBE to %s of another line: refused',
  async (event) => {
    const headers: readonly Header[] = [
      ['Event', event],
      ['Expires', '1'],
    ]
    expect(await mallorys('SUBSCRIBE', headers)).toBe(603)
  },
)

const waiting = `Messages-Waiting: yes\r\nMessage-Account: sip:${'x'.repeat(600)}@y\r\n`

test('S36 NOTIFY of messages nobody asked for: not for us', async () => {
  const headers: readonly Header[] = [
    ['Event', 'message-summary'],
    ['Subscription-State', 'terminated'],
  ]
  expect(await mallorys('NOTIFY', headers, waiting)).toBe(501)
  const { carrier } = peers
  const uri = carrier.uri(bob)
  const notify = { method: 'NOTIFY', uri, line: outsider, headers, body: waiting }
  const answer = await carrier.exchange(carrier.request(notify))
  expect(statusOf(answer)).toBeGreaterThanOrEqual(400)
})

test.each([
  ['MESSAGE', 501],
  ['PUBLISH', 489],
  ['INFO', 501],
  ['UPDATE', 501],
  ['NONSENSE', 501],
])('S37 %s outside a call: %i', async (method, expected) => {
  const headers: readonly Header[] = [['Event', 'presence']]
  expect(await mallorys(method, headers, 'hello')).toBe(expected)
})

test('S37 INFO: keys are passed on, and nothing else', async () => {
  const { mallory: peer } = peers
  const dialog = await talks(peer, mallory, peers.carol, carol)
  const before = peers.carol.heard.length
  const keys = ['5', 'Z', '', '55555', 'x'.repeat(1000), 'x'.repeat(50_000), '#']
  for (const [at, key] of keys.entries()) {
    const info = peer.within(dialog, 'INFO', { cseq: dialog.cseq + at + 1 })
    const headers: Header[] = [
      ...info.headers,
      ['Content-Type', 'application/dtmf-relay'],
    ]
    const body = `Signal=${key}\r\nDuration=160\r\n`
    const answer = await peer.exchange({ ...info, headers, body })
    expect(statusOf(answer)).toBe(['5', '#'].includes(key) ? 200 : 500)
  }
  const passed = (): string[] =>
    peers.carol.heard
      .slice(before)
      .flatMap(({ body }) => /^Signal=\s*(\S*)/m.exec(body)?.[1] ?? [])
  await until('both keys have come', () => passed().length === 2)
  expect(passed()).toEqual(['5', '#'])
})

// There is no TLS, so what the row says of certificates has nothing to meet.
test('S38 nothing listens for TLS, and 200 idle TCP connections hinder no call', async () => {
  const { system: host } = system.network
  const refused = connect(5061, host)
  const [error] = (await once(refused, 'error')) as [NodeJS.ErrnoException]
  expect(error.code).toBe('ECONNREFUSED')

  const idle: Socket[] = Array.from({ length: 200 }, () => connect(5060, host))
  await Promise.all(idle.map((each) => once(each, 'connect')))
  for (const each of idle.slice(100)) each.write('OPTIONS sip:x')
  await expectNormalCall(system, [peers.alice, alice], [peers.bob, bob])
  for (const each of idle) each.destroy()
})
