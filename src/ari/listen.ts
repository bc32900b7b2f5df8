import { z } from 'zod'
import { DIAL_STATUSES, type Event, type LiveLeg } from '../call/event.js'
import { attemptOf } from './dialplan.js'

/**
 * The events we ask Asterisk for: what the questions and the ledger need, and
 * no other, since their number is what a call costs (performance §5). The
 * filter would also drop the answers to our own requests.
 */
export const WANTED_EVENTS = [
  'StasisStart',
  'ChannelCreated',
  'ChannelDestroyed',
  'ApplicationReplaced',
  'RESTResponse',
] as const

/** Of a channel, only what we read: Asterisk may add fields as it likes. */
const Channel = z.object({
  id: z.string(),
  name: z.string(),
  state: z.string(),
  caller: z.object({ number: z.string() }),
  dialplan: z.object({
    context: z.string(),
    exten: z.string(),
    app_name: z.string().optional(),
    app_data: z.string().optional(),
  }),
})
type Channel = z.infer<typeof Channel>

const Heard = z.discriminatedUnion('type', [
  z.object({ type: z.literal('StasisStart'), args: z.array(z.string()), channel: Channel }),
  z.object({ type: z.literal('ChannelCreated'), channel: Channel }),
  z.object({
    type: z.literal('ChannelDestroyed'),
    channel: Channel,
    cause: z.number(),
  }),
  z.object({ type: z.literal('ApplicationReplaced') }),
])

/** What an event of Asterisk means to us. */
export type Meaning =
  | { readonly kind: 'event'; readonly event: Event }
  /** Another controller took our place (L5). */
  | { readonly kind: 'replaced' }
  /** A leg asks something we do not understand: it must not wait in vain. */
  | { readonly kind: 'unanswerable'; readonly leg: string; readonly why: string }
  | { readonly kind: 'nothing' }

const NOTHING: Meaning = { kind: 'nothing' }

/** Reads one event, as parsed from JSON; what we do not use means nothing. */
export function meaningOf(raw: unknown): Meaning {
  const heard = Heard.safeParse(raw)
  if (!heard.success) return NOTHING
  switch (heard.data.type) {
    case 'StasisStart':
      return question(heard.data.channel, heard.data.args)
    case 'ChannelCreated': {
      const leg = legOf(heard.data.channel)
      return leg ? { kind: 'event', event: { kind: 'created', ...leg } } : NOTHING
    }
    case 'ChannelDestroyed':
      return {
        kind: 'event',
        event: { kind: 'gone', leg: heard.data.channel.id, cause: heard.data.cause },
      }
    case 'ApplicationReplaced':
      return { kind: 'replaced' }
  }
}

/** `GET /channels`, read as the core's snapshot and the questions still waiting. */
export function readSnapshot(body: unknown): {
  readonly legs: readonly LiveLeg[]
  readonly calling: readonly string[]
  readonly waiting: readonly Meaning[]
} {
  const channels = z.array(Channel).parse(body)
  return {
    legs: channels.flatMap((channel) => legOf(channel) ?? []),
    calling: channels.map((channel) => channel.id),
    waiting: channels.flatMap((channel) => {
      if (channel.dialplan.app_name !== 'Stasis') return []
      const [, ...args] = (channel.dialplan.app_data ?? '').split(',')
      return [question(channel, args)]
    }),
  }
}

/**
 * The endpoint of a SIP channel: `PJSIP/0033972100001-00000007`. Local, Snoop
 * and Announcer channels are Asterisk's own and no leg of anybody.
 */
export function endpointOf(name: string): string | undefined {
  return /^PJSIP\/(.+)-[0-9a-f]{8}$/.exec(name)?.[1]
}

/** Lines are named by their digits, trunks by a word. */
function legOf(channel: Channel): LiveLeg | undefined {
  const line = endpointOf(channel.name)
  if (line === undefined || !/^\d+$/.test(line)) return undefined
  return { leg: channel.id, line, direction: directionOf(channel) }
}

/**
 * A phone's own INVITE makes a channel in state Ring; a leg that we dial begins
 * Down. Once up, only a channel that we dialled has no place in the dialplan.
 */
function directionOf({ state, dialplan }: Channel): 'in' | 'out' {
  if (state === 'Ring') return 'out'
  if (state === 'Down' || state === 'Ringing') return 'in'
  return dialplan.app_name === 'AppDial' ? 'in' : 'out'
}

function question(channel: Channel, args: readonly string[]): Meaning {
  const { id: leg, dialplan } = channel
  const endpoint = endpointOf(channel.name)
  if (endpoint === undefined) return unanswerable(leg, `${channel.name} is no SIP leg`)
  switch (args[0]) {
    case 'departure':
      return asked({ kind: 'departure', leg, line: endpoint, dialled: dialplan.exten })
    case 'arrival':
      return asked({
        kind: 'arrival',
        leg,
        trunk: endpoint,
        dialled: dialplan.exten,
        caller: channel.caller.number,
      })
    case 'outcome':
      return outcome(leg, dialplan.exten, args)
    default:
      return unanswerable(leg, `no question is called ${JSON.stringify(args[0])}`)
  }
}

function outcome(leg: string, extension: string, args: readonly string[]): Meaning {
  const attempt = attemptOf(extension)
  const status = DIAL_STATUSES.find((known) => known === args[1])
  if (!attempt || !status) {
    return unanswerable(leg, `outcome ${args[1]} of ${JSON.stringify(extension)}`)
  }
  return asked({ kind: 'outcome', leg, attempt, status, cause: Number(args[2]) || 0 })
}

function asked(event: Event): Meaning {
  return { kind: 'event', event }
}

function unanswerable(leg: string, why: string): Meaning {
  return { kind: 'unanswerable', leg, why }
}
