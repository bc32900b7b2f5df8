import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type SipMessage, statusOf } from '../../../src/canary/sip-message.js'
import { type Header, type Login, sameTransaction } from '../../rig/raw-sip.js'
import { headerValues } from '../../rig/sip-trace.js'
import { numbers } from '../../rig/site-text.js'
import { until } from '../../rig/until.js'
import { Besieged, login, mallory } from './besieged.js'

// Who calls, and whom: rows S01 to S07 and S10 of the bad-input corpus.
let siege: Besieged

beforeAll(async () => {
  siege = await Besieged.start()
})
afterEach(() => siege.silence())
afterAll(() => siege.close())

function invite(user: string, more: object = {}): SipMessage {
  return siege.raw.invite({ uri: siege.raw.uri(user), line: mallory, ...more })
}

async function refused(request: SipMessage, as: Login = login): Promise<SipMessage> {
  const before = siege.dialled()
  const answer = await siege.raw.asked(request, as)
  expect(siege.dialled()).toEqual(before)
  return answer
}

/** Nothing comes back, nothing is dialled: it was not understood. */
async function unheard(request: SipMessage): Promise<void> {
  const before = siege.dialled()
  siege.raw.send(request)
  await siege.dealtWith()
  expect(siege.raw.answersTo(request)).toEqual([])
  expect(siege.dialled()).toEqual(before)
}

async function givenUp(sent: SipMessage): Promise<void> {
  siege.raw.send(sameTransaction(sent, 'CANCEL'))
  expect(statusOf(await siege.raw.final(sent))).toBe(487)
}

/** What an answer shows, without what is new in each. */
function shape({ start, headers }: SipMessage): unknown {
  const challenge = headers.find(([name]) => name === 'WWW-Authenticate')?.[1] ?? ''
  const fields = challenge.replaceAll(/(nonce|opaque)="[^"]*"/g, '$1')
  return [start, headers.map(([name]) => name), fields]
}

test('S01 an unknown user and a wrong password are refused alike: 401, no call', async () => {
  const written = await siege.written()
  const unknown = '0033972109999'
  const stranger = { line: unknown, from: `<${siege.raw.uri(unknown)}>;tag=1` }
  const answers = [
    await refused(invite(numbers.bob, stranger), { user: unknown, password: 'none' }),
    await refused(invite(numbers.bob), { ...login, password: 'not-the-password' }),
  ]
  expect(answers.map(statusOf)).toEqual([401, 401])
  const [one, other] = answers.map(shape)
  expect(one).toEqual(other)
  expect(await siege.written()).toBe(written)
})

// RFC 3261 §12.1.1: what is missing is a tag of nothing, as RFC 2543 had it.
test('S01 no tag in From: challenged like any other, and one call like any other', async () => {
  const sent = await siege.raw.begun(
    invite(numbers.bob, { from: `<${siege.raw.uri(mallory)}>` }),
    login,
  )
  await siege.bob.ringing()
  expect(await siege.inUse()).toBe(1)
  await givenUp(sent)
})

test.each([numbers.bob, '*21*0612345678%23', '112'])(
  "S02 Mallory's password under Alice's name, %s: 401, a security event, no call",
  async (user) => {
    const [written, alice] = [await siege.written(), await settingsOfAlice()]
    const events = siege.log('security.log').length
    const answer = await refused(invite(user, { line: numbers.alice }))
    expect(statusOf(answer)).toBe(401)
    expect(await settingsOfAlice()).toEqual(alice)
    expect(await siege.written()).toBe(written)
    await until('the security log tells it', () =>
      siege.log('security.log').slice(events).includes(numbers.alice),
    )
  },
)

async function settingsOfAlice(): Promise<unknown> {
  return (await siege.system.get(`/api/v1/lines/${numbers.alice}/settings`)).body
}

const forged = '0199999999'
const FORGED: readonly Header[] = [
  ['P-Asserted-Identity', `"Forged" <sip:${forged}@forged.invalid>`],
  ['P-Preferred-Identity', `"Forged" <sip:${forged}@forged.invalid>`],
  ['Remote-Party-ID', `"Forged" <sip:${forged}@forged.invalid>;party=calling`],
  ['Diversion', `"Forged" <sip:${forged}@forged.invalid>;reason=unconditional`],
  ['History-Info', `<sip:${forged}@forged.invalid?Reason=SIP%3Bcause%3D302>;index=1`],
  ['Referred-By', `<sip:${forged}@forged.invalid>`],
  ['X-LK-Hops', '0'],
]

test.each([
  ['another line', numbers.bob, 'bob', mallory],
  ['somebody outside', '0612345678', 'carrier', `+${mallory.slice(2)}`],
  ['an emergency number', '112', 'carrier', `+${mallory.slice(2)}`],
] as const)(
  'S03 forged identities towards %s: the number of the line is shown, nothing else',
  async (_what, user, called, shown) => {
    const from = `"Forged" <${siege.raw.uri(mallory)}>;tag=forged`
    const sent = await siege.raw.begun(invite(user, { from, headers: FORGED }), login)
    await siege[called].ringing()
    const got = siege[called].sip().findLast(({ text }) => text.startsWith('INVITE'))
    expect(got && headerValues(got, 'From')[0]).toContain(`<sip:${shown}@`)
    expect(got?.text).not.toMatch(/forged|199999999|X-LK/i)
    await givenUp(sent)
  },
)

test.each([
  '500&PJSIP%2Fcarrier%2F0899123456',
  '0612345678%26PJSIP%2F0899123456%40carrier',
  '500,1,System',
  '0612345678%2C1%2CSystem(id)',
  'x%24%7BSHELL(id)%7D',
  '1%24%7BSHELL(id)%7D',
  '1%24%5B1%2B1%5D',
])('S04 %s: 404, nothing is dialled or evaluated', async (user) => {
  expect(statusOf(await refused(invite(user)))).toBe(404)
  expect(siege.system.log()).not.toContain('uid=')
})

const LONG = 4_000

test.each([
  ['a NUL', '06%0012345678'],
  ['a new line', '0612%0AFORGED%20LINE'],
  ['CR and LF', '0612%0D%0AFORGED%20LINE'],
  ['an escape', '0612%1B%5B2JFORGED'],
  ['UTF-8', '%C3%A9%E6%97%A5'],
  ['four thousand letters', 'x'.repeat(LONG)],
  ['four thousand digits', '1'.repeat(LONG)],
  ['a plus alone', '+'],
  ['a plus coded', '%2B'],
  ['a plus behind', '15+'],
  ['a context of a short number', '1;phone-context=+33'],
  ['the name of a pattern', '_X.'],
  ['the start of a context', 's'],
  ["the dialplan's own timer", 'T'],
  ['a hang-up', 'h'],
])('S05 %s in the Request-URI: 404, no forged line in a log', async (_what, user) => {
  expect(statusOf(await refused(invite(user)))).toBe(404)
  const logs = [siege.system.log(), siege.log('messages.log'), siege.log('security.log')]
  expect(logs.join('\n').split(/\r|\n/)).not.toContainEqual(
    expect.stringMatching(/^FORGED/),
  )
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is looked for.
  expect(logs.join('')).not.toMatch(/\x00|\x1b\[2J/)
})

test('S05 no user at all: 404', async () => {
  const uri = `sip:${siege.system.network.system}`
  expect(statusOf(await refused(invite('', { uri })))).toBe(404)
})

test.each([
  ['bytes beyond ASCII', (host: string) => `sip:é06@${host}`],
  ['an empty user', (host: string) => `sip:@${host}`],
  ['mailto:', () => 'mailto:bob@example.org'],
  ['http:', () => 'http://example.org/'],
  ['nothing behind the scheme', () => 'sip:'],
])('S05 %s: not understood, nothing is dialled', async (_what, uri) => {
  const to = `<${siege.raw.uri(numbers.bob)}>`
  await unheard(invite('', { uri: uri(siege.system.network.system), to }))
})

// Asterisk reads the number in them, and drops the rest: what is dialled is a number
// under the same rules, never the text.
test.each([
  ['a number and a context', (host: string) => `sip:0612345678;phone-context=x@${host}`],
  ['tel:', () => 'tel:+33612345678'],
  ['another host', () => 'sip:0612345678@evil.example'],
])('S05 %s: the number in it, and nothing else', async (_what, uri) => {
  const before = siege.dialled().length
  const to = `<${siege.raw.uri(numbers.bob)}>`
  const sent = await siege.raw.begun(
    invite('', { uri: uri(siege.system.network.system), to }),
    login,
  )
  await siege.carrier.ringing()
  const [dialled, ...more] = siege.dialled().slice(before)
  expect(dialled).toMatch(/^sip:\+33612345678@127/)
  expect(more).toEqual([])
  await givenUp(sent)
})

test.each(['112112', '1122', '0112', '15%20', '%201%35', '1 5'.replace(' ', '%20')])(
  'S07 %s is no emergency number: not in service',
  async (user) => {
    expect(statusOf(await refused(invite(user)))).toBe(404)
  },
)

test('S07 %31%35 is 15, the emergency number', async () => {
  const sent = await siege.raw.begun(invite('%31%35'), login)
  await siege.carrier.ringing()
  expect(siege.dialled().at(-1)).toMatch(/^sip:15@/)
  await givenUp(sent)
})

// RFC 3261 §16.3 asks this of proxies; our dialplan dials on with 70 of its own, and
// ends loops by counting forwards.
test.each(['0', undefined, '999'])('S10 Max-Forwards %s: taken', async (maxForwards) => {
  expect(statusOf(await refused(invite('7999', { maxForwards })))).toBe(404)
})

test.each(['-1', 'many'])('S10 Max-Forwards %s: not understood', async (maxForwards) => {
  await unheard(invite(numbers.bob, { maxForwards }))
})

test('afterwards two lines call each other as ever', () => siege.expectAsEver())
