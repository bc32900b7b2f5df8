import { z } from 'zod'
import type { LiveLeg } from '../call/event.js'
import { beepingInto } from './beep-id.js'
import { Channel, legOf } from './channel.js'
import { APPLICATION } from './connect.js'
import { otherParties } from './other-party.js'
import { type Meaning, question } from './question.js'

const instant = (at: unknown): number => Date.parse(String(at)) || 0
const Listed = Channel.extend({
  creationtime: z.unknown().transform(instant),
  connected: z.object({ number: z.string() }),
})
type Listed = z.infer<typeof Listed>

/**
 * The dialplan takes back after 2 s a call that was not answered (M2). An answer that
 * crosses that ends the call: no context of an answer has an extension `T`.
 */
const TAKEN_BACK_MS = { from: 1_700, to: 2_200 }

/**
 * `GET /channels`, read as what the core's snapshot needs and the questions still waiting,
 * the oldest first: Asterisk lists its channels in no order. `now` is the wall clock.
 */
export function readSnapshot(
  body: unknown,
  now = Date.now(),
): {
  readonly legs: readonly LiveLeg[]
  readonly channels: readonly string[]
  readonly beeps: readonly string[]
  readonly waiting: readonly Meaning[]
  readonly degraded?: true
} {
  const channels = z
    .array(Listed)
    .parse(body)
    .sort((a, b) => a.creationtime - b.creationtime)
  const otherParty = otherParties(channels)
  const degraded = channels.some((channel) => isDegraded(channel, now))
  return {
    ...(degraded && { degraded }),
    legs: channels.flatMap((channel) => {
      const leg = legOf(channel)
      if (!leg) return []
      const number = otherParty(channel, leg)
      return number === undefined ? [leg] : [{ ...leg, with: number }]
    }),
    channels: channels.map((channel) => channel.id),
    beeps: channels.flatMap(({ id }) => beepingInto(id) ?? []),
    waiting: channels.flatMap((channel) => {
      if (channel.dialplan.app_name !== 'Stasis') return []
      if (isTakenBack(channel, now)) return []
      const [application, ...args] = (channel.dialplan.app_data ?? '').split(',')
      // Others may have applications of their own, in a dialplan of their own.
      return application === APPLICATION ? [question(channel, args)] : []
    }),
  }
}

function isTakenBack({ creationtime, dialplan }: Listed, now: number): boolean {
  const age = now - creationtime
  const { from, to } = TAKEN_BACK_MS
  return dialplan.app_name === 'Stasis' && age >= from && age <= to
}

/** It has not been answered, and the dialplan decides it by itself, or is about to. */
function isDegraded(channel: Listed, now: number): boolean {
  const { context, exten } = channel.dialplan
  const alone = context.startsWith('degraded-') && channel.state !== 'Up'
  return alone || exten === 'T' || isTakenBack(channel, now)
}
