import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import {
  headerOf,
  type SipMessage,
  sipText,
  statusOf,
} from '../../../src/canary/sip-message.js'
import { AUDIO, branch, dialogOf, sameTransaction, withProof } from '../../rig/raw-sip.js'
import { numbers } from '../../rig/site-text.js'
import { until } from '../../rig/until.js'
import { Besieged, login, mallory } from './besieged.js'
import { tortures } from './torture.js'

// Messages that are broken, repeated, crossed or out of order: rows S08 to S21.
let siege: Besieged

beforeAll(async () => {
  siege = await Besieged.start()
})
afterEach(() => siege.silence())
afterAll(() => siege.close())

function invite(user: string, more: object = {}): SipMessage {
  return siege.raw.invite({ uri: siege.raw.uri(user), line: mallory, ...more })
}

async function givenUp(sent: SipMessage): Promise<void> {
  siege.raw.send(sameTransaction(sent, 'CANCEL'))
  expect(statusOf(await siege.raw.final(sent))).toBe(487)
}

async function statusTo(request: SipMessage): Promise<number | undefined> {
  return statusOf(await siege.raw.exchange(request))
}

function rings(): number {
  return siege.bob.calls().filter(({ state }) => state === 'ringing').length
}

test('S08 S09 torture messages, IPv6 too, are refused or dropped, and nothing rings', async () => {
  const before = siege.dialled()
  const messages = tortures(siege.raw.contact, siege.system.network.system)
  for (const { text } of messages) siege.raw.send(text)
  const answerTo = (name: string): SipMessage | undefined =>
    siege.raw.heard.find((each) =>
      [headerOf(each, 'Call-ID'), headerOf(each, 'Via')].some(
        (value) => value === name || value.endsWith(`z9hG4bK${name}`),
      ),
    )
  const refused = messages.filter(({ expected }) => expected !== 0)
  await until('all are refused', () => refused.every(({ name }) => answerTo(name)))
  await siege.dealtWith()
  const answers = messages.map(({ name, section }) => {
    const heard = answerTo(name)
    return [section, name, heard ? statusOf(heard) : 0]
  })
  const expected = messages.map(({ section, name, expected }) => [
    section,
    name,
    expected,
  ])
  expect(answers).toEqual(expected)
  expect(siege.dialled()).toEqual(before)
})

const many = Array.from({ length: 120 }, (_, at) => at).join(' ')
const noise = Array.from({ length: 900 }, (_, at) => `a=x-${at}:${'y'.repeat(40)}`)

test.each<[string, number, (offer: typeof siege.raw.offer) => string]>([
  ['no offer', 180, () => ''],
  ['only video', 488, (offer) => offer(['m=video 9 RTP/AVP 31'])],
  ['no codec that we know', 488, (offer) => offer(['m=audio 9 RTP/AVP 18'])],
  ['port 0', 488, (offer) => offer(['m=audio 0 RTP/AVP 8'])],
  ['fifty media', 180, (offer) => offer(Array(50).fill(AUDIO).flat())],
  ['IPv4 as IPv6', 180, (offer) => offer().replace('c=IN IP4', 'c=IN IP6')],
  ['IPv6', 180, (offer) => offer().replace(/c=IN IP4 .*\r/, 'c=IN IP6 ::1\r')],
  ['hold', 180, (offer) => offer(AUDIO, '0.0.0.0')],
  ['45 kB', 180, (offer) => offer([...AUDIO, ...noise])],
  ['120 codecs', 180, (offer) => offer([`m=audio 9 RTP/AVP ${many}`])],
  [
    'no sampling rate',
    180,
    (offer) => offer(['m=audio 9 RTP/AVP 8', 'a=rtpmap:8 PCMA/0']),
  ],
  ['packets of 0 ms', 180, (offer) => offer([...AUDIO, 'a=ptime:0'])],
  ['port 99999', 400, (offer) => offer(['m=audio 99999 RTP/AVP 8'])],
  ['port -1', 400, (offer) => offer(['m=audio -1 RTP/AVP 8'])],
  ['no address', 400, (offer) => offer().replace(/c=.*\r\n/, '')],
  ['no SDP at all', 400, () => 'hello'],
])('S11 an offer of %s: %s', async (_what, expected, body) => {
  const offer: typeof siege.raw.offer = (...parts) => siege.raw.offer(...parts)
  const sent = await siege.raw.begun(invite(numbers.bob, { body: body(offer) }), login)
  if (expected !== 180) {
    expect(statusOf(await siege.raw.final(sent))).toBe(expected)
    expect(rings()).toBe(0)
    return
  }
  await siege.bob.ringing()
  await givenUp(sent)
})

type Mangle = (text: string) => string
const TAKEN = 404

// What Asterisk takes, it takes as one request, by the rules of everything else.
test.each<[string, number, Mangle]>([
  ['a Content-Length too small', TAKEN, (text) => lengthOf(text, '10')],
  ['a Content-Length too great', TAKEN, (text) => lengthOf(text, '9999')],
  ['a negative Content-Length', 0, (text) => lengthOf(text, '-1')],
  ['a Content-Length of letters', 0, (text) => lengthOf(text, 'x')],
  ['two Content-Lengths', TAKEN, (text) => lengthOf(text, '9\r\nContent-Length: 3')],
  ['two Vias', TAKEN, (text) => text.replace(/(Via: .*)\r\n/, `$1\r\n${OTHER_VIA}\r\n`)],
  ['two Froms', TAKEN, (text) => text.replace(/(From: .*\r\n)/, '$1$1')],
  [
    'two Call-IDs',
    TAKEN,
    (text) => text.replace(/(Call-ID: .*\r\n)/, '$1Call-ID: 2\r\n'),
  ],
  ['a folded header', TAKEN, (text) => text.replace(';tag', '\r\n ;tag')],
  ['lines without CR', TAKEN, (text) => text.replaceAll('\r\n', '\n')],
  ['no CSeq', 0, (text) => text.replace(/CSeq: .*\r\n/, '')],
  ['no To', 0, (text) => text.replace(/To: .*\r\n/, '')],
  ['no Call-ID', 0, (text) => text.replace(/Call-ID: .*\r\n/, '')],
  ['no Via', 0, (text) => text.replace(/Via: .*\r\n/, '')],
  ['no Contact', 400, (text) => text.replace(/Contact: .*\r\n/, '')],
  ['another method in CSeq', 0, (text) => text.replace(/(CSeq: \d+) INVITE/, '$1 BYE')],
])('S12 %s: %s (0 is dropped)', async (_what, expected, mangle) => {
  const [clean, before] = [invite('7999'), siege.dialled()]
  const sent = withProof(clean, await siege.raw.exchange(clean), login)
  siege.raw.send(mangle(sipText(sent)))
  if (expected > 0) expect(statusOf(await siege.raw.final(sent))).toBe(expected)
  else {
    await siege.dealtWith()
    expect(siege.raw.answersTo(sent)).toEqual([])
  }
  expect(siege.dialled()).toEqual(before)
})

const OTHER_VIA = 'Via: SIP/2.0/UDP 203.0.113.9;branch=z9hG4bKother'

function lengthOf(text: string, length: string): string {
  return text.replace(/Content-Length: \d+/, `Content-Length: ${length}`)
}

test('S12 over TCP: too long, cut off, negative; a split request is answered', async () => {
  const before = siege.dialled()
  const text = sipText(invite('7999')).replace('SIP/2.0/UDP', 'SIP/2.0/TCP')
  const long = text.replace('Contact:', `X-Long: ${'y'.repeat(70_000)}\r\nContact:`)
  const broken = [
    [long],
    [text.slice(0, 200)],
    [lengthOf(text, '-5')],
    ['\0'.repeat(5_000)],
  ]
  for (const parts of broken) expect(await overTcp(parts, false)).toBe('')
  const pieces = text.match(/[\s\S]{1,120}/g) ?? []
  expect(await overTcp(pieces, true)).toMatch(/^SIP\/2\.0 401 /)
  expect(siege.dialled()).toEqual(before)
})

/** What comes back to these parts, which are written one after the other. */
async function overTcp(parts: readonly string[], answered: boolean): Promise<string> {
  const { system: host, peer } = siege.system.network
  const socket = connect({ port: 5060, host, localAddress: peer(61) })
  let text = ''
  socket.on('data', (bytes: Buffer) => {
    text += bytes.toString('latin1')
  })
  // A reset is one way to drop what is broken.
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  for (const part of parts) {
    socket.write(part)
    await pause(20)
  }
  if (answered) await until('there is an answer', () => text)
  // Asterisk closes what has ended when it has read to the end.
  else await Promise.all([once(socket, 'close'), socket.end()])
  socket.destroy()
  return text
}

test('S14 one INVITE fifty times: one call, one slot', async () => {
  const sent = await siege.raw.begun(invite(numbers.bob), login)
  for (let again = 1; again < 50; again++) siege.raw.send(sent)
  await siege.bob.ringing()
  await siege.dealtWith()
  expect([rings(), await siege.inUse()]).toEqual([1, 1])
  await givenUp(sent)
})

// RFC 3261 §8.2.2.2 asks for 482; Asterisk takes it for a second call. It holds a slot as
// any other, so no limit is passed, and each is ended by its own CANCEL.
test('S15 a merged request: another call with a slot of its own, never an uncounted one', async () => {
  const first = await siege.raw.begun(invite(numbers.bob), login)
  const merged = {
    ...first,
    headers: first.headers.map(([name, value]) =>
      name === 'Via'
        ? ([name, value.replace(/branch=.*/, `branch=${branch()}`)] as const)
        : ([name, value] as const),
    ),
  }
  siege.raw.send(merged)
  await until('the second has its answer', () => siege.raw.answersTo(merged).length > 0)
  await until('each call that rings has a slot', async () => {
    const ringing = rings()
    return ringing > 0 && (await siege.inUse()) === ringing
  })
  await givenUp(merged)
  await givenUp(first)
})

test('S16 CANCEL for nothing: 481', async () => {
  expect(await statusTo(sameTransaction(invite(numbers.bob), 'CANCEL'))).toBe(481)
})

// RFC 3261 §9.1 forbids it to a phone; Asterisk may not know the call yet (481). The
// CANCEL that follows a ringing phone ends the call in any case.
test('S16 CANCEL before 100: ended then, or by the next; the slot is free', async () => {
  const sent = await siege.raw.begun(invite(numbers.bob), login)
  const early = sameTransaction(sent, 'CANCEL')
  siege.raw.send(early)
  expect([200, 481]).toContain(statusOf(await siege.raw.final(early)))
  if (siege.raw.answersTo(early).some((each) => statusOf(each) === 481))
    await siege.bob.ringing()
  await givenUp(sent)
})

test('S16 S18 CANCEL after 200 changes nothing; BYE twice ends the call once', async () => {
  const sent = await siege.raw.begun(invite(numbers.bob), login)
  await siege.bob.accept(await siege.bob.ringing())
  const dialog = dialogOf(sent, await siege.raw.final(sent))
  siege.raw.send(siege.raw.within(dialog, 'ACK', { cseq: dialog.cseq }))
  await siege.bob.talking()
  // 200 while the transaction is remembered: the call goes on either way.
  expect([200, 481]).toContain(await statusTo(sameTransaction(sent, 'CANCEL')))
  expect(await siege.inUse()).toBe(1)
  expect(await statusTo(siege.raw.within(dialog, 'BYE'))).toBe(200)
  const again = await statusTo(siege.raw.within(dialog, 'BYE', { cseq: dialog.cseq + 2 }))
  expect([200, 481]).toContain(again)
})

test('S17 a 200 that nobody acknowledges: the call is released', async () => {
  const sent = await siege.raw.begun(invite(numbers.bob), login)
  await siege.bob.accept(await siege.bob.ringing())
  await siege.raw.final(sent)
  // 64 x T1 of this site is 6.4 s (pjsip.conf).
  await until(
    'no channel is left',
    async () => {
      expect(await siege.system.ari('channels')).toEqual([])
      return true
    },
    { limitSeconds: 15 },
  )
})

test('S18 BYE of no call, or out of order, ends none; two that cross end it once', async () => {
  const dialog = await siege.talking()
  const [to, from] = [dialog.to, dialog.from].map((each) =>
    each.replace(/tag=.*/, 'tag=no'),
  )
  expect(await statusTo(siege.raw.within(dialog, 'BYE', { to: to ?? '' }))).toBe(481)
  expect(await statusTo(siege.raw.within(dialog, 'BYE', { from: from ?? '' }))).toBe(481)
  expect(await statusTo(siege.raw.within(dialog, 'BYE', { cseq: 0 }))).toBe(500)
  expect(await siege.inUse()).toBe(1)
  const bye = siege.raw.within(dialog, 'BYE')
  siege.raw.send(bye)
  await siege.bob.hangupAll()
  expect([200, 481]).toContain(statusOf(await siege.raw.final(bye)))
})

// RFC 3261 §14.2: 500 to a re-INVITE while another is not over, 491 only while we ask
// ourselves.
test('S20 twenty re-INVITEs and two UPDATEs at once: refused, and the call holds one slot', async () => {
  const dialog = await siege.talking()
  const { raw } = siege
  const floods = Array.from({ length: 20 }, (_, at) =>
    raw.within(dialog, 'INVITE', { cseq: dialog.cseq + 1 + at, body: raw.offer() }),
  )
  const updates = [100, 101].map((cseq) =>
    raw.within(dialog, 'UPDATE', { cseq, body: raw.offer() }),
  )
  for (const request of [...floods, ...updates]) raw.send(request)
  const statuses = []
  for (const request of [...floods, ...updates])
    statuses.push(statusOf(await raw.final(request)) ?? 0)
  expect(statuses.filter((status) => ![200, 491, 500].includes(status))).toEqual([])
  expect(statuses.slice(0, 20).filter((status) => status === 200).length).toBeLessThan(20)
  expect(await siege.inUse()).toBe(1)
  expect(await statusTo(raw.within(dialog, 'BYE', { cseq: 200 }))).toBe(200)
})

test('afterwards two lines call each other as ever', () => siege.expectAsEver())
