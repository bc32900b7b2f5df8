import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { headerOf, type SipMessage, statusOf } from '../../../src/canary/sip-message.js'
import type { Dialog, Header } from '../../rig/raw-sip.js'
import { numbers } from '../../rig/site-text.js'
import { until } from '../../rig/until.js'
import { Besieged, login, mallory } from './besieged.js'

// Transfers that no phone would ask for: rows S21 and S22 of the bad-input corpus.
let siege: Besieged

beforeAll(async () => {
  siege = await Besieged.start()
})
afterEach(() => siege.silence())
afterAll(() => siege.close())

const outside = '0612345678'

/** Mallory, in a call with Bob, transfers him; how it went is told last. */
async function referred(targets: readonly string[]): Promise<{
  dialog: Dialog
  status: number | undefined
  told: () => string
}> {
  const dialog = await siege.talking()
  const host = siege.system.network.system
  const headers = targets.map(
    (target): Header => ['Refer-To', target.replace('HOST', host)],
  )
  const heard = siege.raw.heard.length
  const answer = await siege.raw.exchange(siege.raw.within(dialog, 'REFER', { headers }))
  const told = (): string => {
    const notified = siege.raw.heard.slice(heard).filter(isNotify)
    return notified.at(-1)?.body.trim() ?? ''
  }
  return { dialog, status: statusOf(answer), told }
}

function isNotify({ start }: SipMessage): boolean {
  return start.startsWith('NOTIFY ')
}

async function hungUp(dialog: Dialog): Promise<void> {
  expect(
    statusOf(
      await siege.raw.exchange(
        siege.raw.within(dialog, 'BYE', { cseq: dialog.cseq + 2 }),
      ),
    ),
  ).toBe(200)
}

test.each([
  ['nothing', [], 400, ''],
  ['an empty target', [''], 400, ''],
  ['tel:', ['tel:+33612345678'], 400, ''],
  ['mailto:', ['mailto:bob@example.org'], 400, ''],
  ['a name of another host', ['<sip:x@evil.example>'], 202, 'SIP/2.0 404 Not Found'],
])(
  'S21 REFER to %s: refused, the call is intact',
  async (_what, targets, status, end) => {
    const before = siege.dialled().length
    const refer = await referred(targets)
    expect(refer.status).toBe(status)
    await until('its end is told', () => refer.told() === end)
    expect(await siege.inUse()).toBe(1)
    expect(siege.bob.calls().at(-1)?.state).toBe('talking')
    expect(siege.dialled()).toHaveLength(before + 1)
    await hungUp(refer.dialog)
  },
)

test.each([
  ['the first of two', ['<sip:7999@HOST>', `<sip:${outside}@HOST>`]],
  ['an emergency number', ['<sip:112@HOST>']],
  ['a premium number', ['<sip:0899123456@HOST>']],
  ['another channel', [`<sip:${outside}%26PJSIP%2Fcarrier@HOST>`]],
  ["the dialplan's own timer", ['<sip:T@HOST>']],
])('S21 REFER to %s: refused, the line gets its call back', async (_what, targets) => {
  const before = siege.dialled().length
  let calledBack = 0
  siege.raw.onInvite = (invite) => {
    siege.raw.answer(invite, '200 OK', { body: siege.raw.offer() })
    calledBack += 1
  }
  const { dialog, status } = await referred(targets)
  expect(status).toBe(202)
  await until('the line is called back', () => calledBack > 0)
  await hungUp(dialog)
  await until('one slot is held', async () => (await siege.inUse()) === 1)
  expect(siege.bob.calls().at(-1)?.state).toBe('talking')
  expect(siege.dialled()).toHaveLength(before + 1)
})

// A phone may know the system by any name, so the host is not looked at: what leaves is
// the number, to the carrier, by the rights of the line, and never to that host.
test.each(['<sips:0612345678@HOST>', '<sip:0612345678@evil.example>'])(
  'S21 REFER to %s: the number in it is called, nothing else',
  async (target) => {
    const before = siege.dialled().length
    const { dialog, status } = await referred([target])
    expect(status).toBe(202)
    await siege.carrier.ringing()
    const dialled = siege.dialled()
    expect(dialled.at(-1)).toMatch(/^sip:\+33612345678@127/)
    expect(dialled).toHaveLength(before + 2)
    await hungUp(dialog)
  },
)

test('S22 REFER outside of a call: 401, 501, or 481 in a call that is none', async () => {
  const refer = (more: object = {}): SipMessage =>
    siege.raw.request({
      ...{ method: 'REFER', uri: siege.raw.uri(numbers.bob), line: mallory },
      headers: [['Refer-To', `<${siege.raw.uri('0612345678')}>`]],
      ...more,
    })
  const before = siege.dialled()
  const first = refer()
  expect(statusOf(await siege.raw.exchange(first))).toBe(401)
  expect(statusOf(await siege.raw.asked(refer(), login))).toBe(501)
  const to = `${headerOf(first, 'To')};tag=nobody`
  expect(statusOf(await siege.raw.exchange(refer({ to })))).toBe(481)
  expect(siege.dialled()).toEqual(before)
})

test('afterwards two lines call each other as ever', () => siege.expectAsEver())
