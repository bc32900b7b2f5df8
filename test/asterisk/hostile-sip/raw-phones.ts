import { headerOf, type SipMessage, statusOf } from '../../../src/canary/sip-message.js'
import { consoleOf } from '../../rig/asterisk-console.js'
import { type Dialog, type Header, type Login, RawSip } from '../../rig/raw-sip.js'
import {
  carrierAddress,
  numbers,
  outsider,
  passwordOf,
  passwords,
} from '../../rig/site-text.js'
import type { System } from '../../rig/system.js'
import { until } from '../../rig/until.js'

export function loginOf(line: string): Login {
  const known = Object.entries(numbers).find(([, number]) => number === line)
  const own = Object.entries(passwords).find(([person]) => person === known?.[0])
  return { user: line, password: own?.[1] ?? passwordOf(line) }
}

/** A peer that is registered as the phone of a line. */
export async function rawPhone(
  system: System,
  line: string,
  index: number,
): Promise<RawSip> {
  const phone = await RawSip.open(system.network.peer(index), system.network.system)
  const answer = await registered(phone, line)
  if (statusOf(answer) !== 200) throw new Error(`rawPhone: ${answer.start}`)
  return phone
}

export function rawCarrier(system: System): Promise<RawSip> {
  return RawSip.open(carrierAddress(system.network), system.network.system)
}

/** The final answer to a REGISTER; each contact is a header of its own. */
export function registered(
  phone: RawSip,
  line: string,
  contacts: readonly string[] = [`<sip:${line}@${phone.contact}>`],
  headers: readonly Header[] = [['Expires', '600']],
): Promise<SipMessage> {
  const [, host = ''] = phone.uri('').split('@')
  const request = phone.request({
    ...{
      method: 'REGISTER',
      uri: `sip:${host}`,
      to: `<${phone.uri(line)}>`,
      line,
      headers,
    },
  })
  const others = request.headers.filter(([name]) => name !== 'Contact')
  const own = contacts.map((contact): Header => ['Contact', contact])
  return phone.asked({ ...request, headers: [...others, ...own] }, loginOf(line))
}

/** The final answer to a line's call. */
export function calls(
  phone: RawSip,
  line: string,
  dialled: string,
  headers: readonly Header[] = [],
): Promise<SipMessage> {
  const invite = phone.invite({ uri: phone.uri(dialled), line, headers })
  return phone.asked(invite, loginOf(line), 15)
}

/** The final answer to a call from outside. */
export function callsIn(
  carrier: RawSip,
  dialled: string,
  more: { readonly from?: string; readonly headers?: readonly Header[] } = {},
): Promise<SipMessage> {
  const uri = carrier.uri(dialled)
  return carrier.exchange(carrier.invite({ uri, line: outsider, ...more }), 15)
}

/** The phone takes every call. */
export function takes(phone: RawSip): void {
  phone.onInvite = (invite) => {
    phone.answer(invite, '180 Ringing')
    phone.answer(invite, '200 OK', { body: phone.offer() })
  }
}

/** The phone answers every call with this and nothing else. */
export function says(
  phone: RawSip,
  status: string,
  headers: readonly Header[] = [],
): void {
  phone.onInvite = (invite) => phone.answer(invite, status, { headers })
}

/** A line talks with another one, whose phone takes the call. */
export function talks(
  from: RawSip,
  line: string,
  to: RawSip,
  called: string,
): Promise<Dialog> {
  takes(to)
  return from.called({ uri: from.uri(called), line }, loginOf(line))
}

export function invitesTo(phone: RawSip): SipMessage[] {
  return phone.heard.filter(({ start }) => start.startsWith('INVITE '))
}

/** How many INVITEs come to some phones meanwhile. */
export async function invitesDuring(
  phones: readonly RawSip[],
  act: () => Promise<unknown>,
): Promise<number> {
  const count = (): number =>
    phones.reduce((sum, each) => sum + invitesTo(each).length, 0)
  const before = count()
  await act()
  return count() - before
}

/** What the NOTIFYs of a transfer have told, the last of all. */
export function lastReport(phone: RawSip): string {
  const told = phone.heard.filter(({ start }) => start.startsWith('NOTIFY '))
  return told.at(-1)?.body.trim() ?? ''
}

/** The `Replaces` of a dialog, as the far end must write it (RFC 3891). */
export function replacing({ callId, to, from }: Dialog): string {
  const tag = (value: string): string => /;tag=([^;]+)/.exec(value)?.[1] ?? ''
  return `${callId};to-tag=${tag(to)};from-tag=${tag(from)}`
}

/** Ends every call, and sees that nothing of them is left. */
export async function silence(system: System): Promise<void> {
  await consoleOf(system, 'channel request hangup all')
  await system.expectNothingLeft()
}

/** A normal call between two lines: it is taken, both have their slot, and it ends. */
export async function expectNormalCall(
  system: System,
  [caller, line]: readonly [RawSip, string],
  [called, number]: readonly [RawSip, string],
): Promise<void> {
  const dialog = await talks(caller, line, called, number)
  const inUse = async (each: string): Promise<number> =>
    (await system.lineNumbered(each)).calls.inUse
  await until('both have a slot', async () => {
    return (await inUse(line)) === 1 && (await inUse(number)) === 1
  })
  const bye = await caller.exchange(caller.within(dialog, 'BYE'))
  if (statusOf(bye) !== 200) throw new Error(`BYE: ${bye.start}`)
  const callId = headerOf(invitesTo(called).at(-1) ?? bye, 'Call-ID')
  await until('the called phone is told so', () =>
    called.heard.some(
      (each) => each.start.startsWith('BYE ') && headerOf(each, 'Call-ID') === callId,
    ),
  )
  await system.expectNothingLeft()
}

/** `+33…`, as the carrier writes a line. */
export function dialIn(line: string): string {
  return `+${line.slice(2)}`
}

/**
 * The carrier sends each call that a line forwards outside back to it, up to a hundred
 * times. It resolves with how the call ends, and how often it went round.
 */
export async function callInCircles(
  carrier: RawSip,
  line: string,
): Promise<{ status: number | undefined; circles: number }> {
  let circles = 0
  carrier.onInvite = (invite) => {
    circles += 1
    if (circles > 100) return carrier.answer(invite, '486 Busy Here')
    carrier.answer(invite, '100 Trying')
    const headers = [['Diversion', headerOf(invite, 'Diversion')]] as const
    void callsIn(carrier, dialIn(line), { headers }).then(({ start }) =>
      carrier.answer(invite, start.replace('SIP/2.0 ', '')),
    )
  }
  const status = statusOf(await callsIn(carrier, dialIn(line)))
  return { status, circles }
}

/** The carrier calls a line so often, twenty at once, and keeps ringing: how many are busy. */
export async function busyOf(
  carrier: RawSip,
  line: string,
  wanted: number,
): Promise<number> {
  let busy = 0
  for (let sent = 0; sent < wanted; sent += 20) {
    const batch = Array.from({ length: 20 }, () =>
      carrier.invite({ uri: carrier.uri(dialIn(line)), line: outsider }),
    )
    for (const invite of batch) carrier.send(invite)
    const said = (invite: SipMessage): number | undefined =>
      statusOf(carrier.answersTo(invite).at(-1) ?? invite)
    await until(
      'each has rung or is refused',
      () => batch.every((invite) => (said(invite) ?? 100) > 100),
      { limitSeconds: 20 },
    )
    const refused = batch.filter((invite) => said(invite) === 486)
    await Promise.all(refused.map((invite) => carrier.final(invite)))
    busy += refused.length
  }
  return busy
}
