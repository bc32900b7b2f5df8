import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Phone } from '../../rig/baresip.js'
import type { System } from '../../rig/system.js'
import { hears } from '../../rig/tone.js'
import { until } from '../../rig/until.js'

/** What the carrier of these tests says: a tone, found again in what is recorded. */
export const SPEAKS_HZ = 1300

/** The end of the beep after which one speaks. */
export const BEEP_HZ = 700

/** The number of a line, as a carrier dials it. */
export function dialIn(system: System, number: string): string {
  return `sip:+${number.slice(2)}@${system.network.system}`
}

/** Calls, waits for the beep, speaks for two seconds, and hangs up. */
export async function leaveMessage(
  system: System,
  caller: Phone,
  number: string,
): Promise<{ readonly greetingSeconds: number }> {
  const box = messagesIn(system, number).length
  await caller.dial(dialIn(system, number))
  const call = await caller.talking()
  const since = Date.now()
  await until('the beep is heard', () => hears(caller.heard(since), BEEP_HZ), {
    limitSeconds: 20,
  })
  const greetingSeconds = (Date.now() - since) / 1000
  await pause(2_500)
  await caller.hangup(call)
  await until('the message is in the box', () => {
    return messagesIn(system, number).length > box
  })
  return { greetingSeconds }
}

/** The recordings in a folder of a box. */
export function messagesIn(system: System, number: string, folder = 'INBOX'): string[] {
  const place = join(boxOf(system, number), folder)
  if (!existsSync(place)) return []
  return readdirSync(place).filter((name) => /^msg\d{4}\.wav$/.test(name))
}

export function boxOf(system: System, number: string): string {
  return join(system.state, 'spool/voicemail/default', number)
}

/** In a box that is open: presses 1, and hears the first message. */
export async function expectFirstMessage(phone: Phone): Promise<void> {
  const call = await phone.talking()
  const since = Date.now()
  await pause(4_000)
  await phone.dtmf('1', call)
  await until(
    'the message is heard',
    () => hears(phone.heard(since), SPEAKS_HZ, { seconds: 1 }),
    { limitSeconds: 25 },
  )
}

/** Sends a greeting of a line over the API. */
export async function sendGreeting(
  system: System,
  line: string,
  kind: string,
  wav: Buffer,
): Promise<{ readonly status: number; readonly body: unknown }> {
  const path = `/api/v1/lines/${line}/greetings/${kind}`
  const response = await fetch(`http://${system.network.system}:8080${path}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${system.token()}`, 'content-type': 'audio/wav' },
    body: new Uint8Array(wav),
  })
  return { status: response.status, body: await response.json() }
}
