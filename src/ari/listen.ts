import { z } from 'zod'
import { withoutPin } from '../call/codes.js'
import type { Event } from '../call/event.js'
import { Channel, endpointOf, isLine, legOf } from './channel.js'
import { APPLICATION } from './connect.js'
import { type Meaning, NOTHING, question, told } from './question.js'

/**
 * The events we ask Asterisk for: what the questions and the ledger need, and
 * no other, since their number is what a call costs (performance §5). The
 * filter would also drop the answers to our own requests.
 */
export const WANTED_EVENTS = [
  'StasisStart',
  'ChannelCreated',
  'ChannelStateChange',
  'ChannelHold',
  'ChannelUnhold',
  'ChannelUserevent',
  'ChannelDestroyed',
  'PeerStatusChange',
  'ApplicationReplaced',
  'RESTResponse',
] as const

/**
 * All channels and all endpoints. `subscribeAll` would add bridges and device states: 14
 * messages a call, each written as JSON before the filter drops it.
 */
export const WANTED_SOURCES = ['channel:', 'endpoint:'] as const

// An event that only tells of a leg is read no further than that: it comes with every call.
const Leg = Channel.pick({ id: true })
const NamedLeg = Channel.pick({ id: true, name: true, state: true })

const Heard = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('StasisStart'),
    application: z.literal(APPLICATION),
    args: z.array(z.string()),
    channel: Channel,
  }),
  z.object({ type: z.literal('ChannelCreated'), channel: Channel }),
  z.object({ type: z.literal('ChannelStateChange'), channel: NamedLeg }),
  z.object({ type: z.literal(['ChannelHold', 'ChannelUnhold']), channel: Leg }),
  z.object({
    type: z.literal('ChannelUserevent'),
    eventname: z.literal('LkTransferred'),
    userevent: z.object({ leg: z.string() }),
  }),
  z.object({
    type: z.literal('PeerStatusChange'),
    endpoint: z.object({ resource: z.string() }),
    peer: z.object({ peer_status: z.string() }),
  }),
  z.object({
    type: z.literal('ChannelDestroyed'),
    channel: Leg,
    cause: z.number(),
  }),
  z.object({ type: z.literal('ApplicationReplaced') }),
])

/** Reads one event, as parsed from JSON; what we do not use means nothing. */
export function meaningOf(raw: unknown): Meaning {
  const heard = Heard.safeParse(raw)
  if (!heard.success) return NOTHING
  switch (heard.data.type) {
    case 'StasisStart':
      return question(heard.data.channel, heard.data.args)
    case 'ChannelCreated':
      return created(heard.data.channel)
    case 'ChannelStateChange':
      if (heard.data.channel.state !== 'Up') return NOTHING
      return told(answered(heard.data.channel))
    case 'ChannelHold':
      return told({ kind: 'held', leg: heard.data.channel.id })
    case 'ChannelUnhold':
      return told({ kind: 'resumed', leg: heard.data.channel.id })
    case 'ChannelUserevent':
      return told({ kind: 'transferred', leg: heard.data.userevent.leg })
    case 'PeerStatusChange':
      return reachability(heard.data.endpoint.resource, heard.data.peer.peer_status)
    case 'ChannelDestroyed':
      return told({
        kind: 'gone',
        leg: heard.data.channel.id,
        cause: heard.data.cause,
      })
    case 'ApplicationReplaced':
      return { kind: 'replaced' }
  }
}

function created(channel: Channel): Meaning {
  const leg = legOf(channel)
  if (!leg) return NOTHING
  const { line, direction } = leg
  const dialled = direction === 'out' ? withoutPin(channel.dialplan.exten) : ''
  return told({ kind: 'created', leg: leg.leg, line, direction, dialled })
}

/** A call that was picked up goes on in the same channel, with another phone's name. */
function answered({ id: leg, name }: z.infer<typeof NamedLeg>): Event {
  const line = endpointOf(name)
  return line !== undefined && isLine(line)
    ? { kind: 'answered', leg, line }
    : { kind: 'answered', leg }
}

/** Asterisk's words for a phone that came or went; others say nothing of it. */
function reachability(endpoint: string, status: string): Meaning {
  if (!isLine(endpoint)) return NOTHING
  const reachable = status === 'Reachable' || status === 'Registered'
  const unreachable = status === 'Unreachable' || status === 'Unregistered'
  if (reachable === unreachable) return NOTHING
  return told({ kind: 'reachable', line: endpoint, reachable })
}
