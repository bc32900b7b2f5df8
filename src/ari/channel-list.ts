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
} {
  const channels = z
    .array(Listed)
    .parse(body)
    .sort((a, b) => a.creationtime - b.creationtime)
  const otherParty = otherParties(channels)
  return {
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
      const age = now - channel.creationtime
      if (age >= TAKEN_BACK_MS.from && age <= TAKEN_BACK_MS.to) return []
      const [application, ...args] = (channel.dialplan.app_data ?? '').split(',')
      // Others may have applications of their own, in a dialplan of their own.
      return application === APPLICATION ? [question(channel, args)] : []
    }),
  }
}
