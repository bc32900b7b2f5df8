import { z } from 'zod'
import { withoutPin } from '../call/codes.js'
import { isLikeCode } from '../call/coding.js'
import { DIAL_STATUSES, type Event, type LiveLeg } from '../call/event.js'
import { Secret } from '../model/secret.js'
import { beepingInto } from './beep-id.js'
import { APPLICATION } from './connect.js'
import { attemptOf } from './dialplan.js'

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

const instant = (at: unknown): number => Date.parse(String(at)) || 0
const Listed = Channel.extend({ creationtime: z.unknown().transform(instant) })

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
  return {
    legs: channels.flatMap((channel) => legOf(channel) ?? []),
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
  if (line === undefined || !isLine(line)) return undefined
  const answered = channel.state === 'Up'
  const direction = directionOf(channel)
  const { context, exten } = channel.dialplan
  // On its way to the answer, or hearing it (templates/extensions/answers.conf.hbs).
  const code = direction === 'out' && (context === 'code' || isLikeCode(exten))
  return { leg: channel.id, line, direction, answered, ...(code && { code }) }
}

function isLine(endpoint: string): boolean {
  return /^\d+$/.test(endpoint)
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
  // Our own beep enters Stasis too, and asks nothing.
  if (beepingInto(leg) !== undefined) return NOTHING
  const [asked, ...more] = args
  if (asked === 'transfer') {
    const [transferor = '', consulting = ''] = more
    const { exten: dialled } = dialplan
    return consulting === ''
      ? told({ kind: 'transfer', leg, transferor, dialled })
      : told({ kind: 'transfer', leg, transferor: consulting, consults: true, dialled })
  }
  const endpoint = endpointOf(channel.name)
  if (asked === 'outcome') return outcome(leg, dialplan.exten, more)
  if (endpoint === undefined) return unanswerable(leg, `${channel.name} is no SIP leg`)
  switch (asked) {
    case 'departure':
      return told({
        ...{ kind: 'departure', leg, line: endpoint, dialled: dialplan.exten },
        ...(more[0] === 'waited' && { waited: true }),
      })
    // Its extension is a digit, the try, and what had been dialled.
    case 'pin': {
      const { exten } = dialplan
      const asked = { line: endpoint, dialled: exten.slice(1), nthTry: Number(exten[0]) }
      const digits = new Secret(more[0] ?? '')
      return told({ kind: 'pin', leg, ...asked, digits })
    }
    case 'arrival': {
      const caller = callerShown(channel.caller.number, more[0])
      return told({
        kind: 'arrival',
        leg,
        trunk: endpoint,
        dialled: dialplan.exten,
        caller,
      })
    }
    default:
      return unanswerable(leg, `no question is called ${JSON.stringify(asked)}`)
  }
}

/**
 * The caller as shown to the called line; empty when he hides, by an anonymous
 * From or by asking for privacy (RFC 3323), which Asterisk keeps as presentation.
 */
function callerShown(number: string, presentation: string | undefined): string {
  if (presentation?.startsWith('prohib')) return ''
  return /^\+?\d+$/.test(number) ? number : ''
}

function outcome(leg: string, extension: string, args: readonly string[]): Meaning {
  const [kind = '', dialStatus = '', cause, transferor = ''] = args
  const attempt = attemptOf(kind, extension)
  const status = DIAL_STATUSES.find((known) => known === dialStatus)
  if (!attempt || !status) {
    return unanswerable(
      leg,
      `outcome ${dialStatus} of ${kind} ${JSON.stringify(extension)}`,
    )
  }
  return told({
    kind: 'outcome',
    leg,
    attempt,
    status,
    cause: Number(cause) || 0,
    transferor: transferor === '' ? undefined : transferor,
  })
}

function told(event: Event): Meaning {
  return { kind: 'event', event }
}

function unanswerable(leg: string, why: string): Meaning {
  return { kind: 'unanswerable', leg, why }
}
