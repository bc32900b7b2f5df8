import { DIAL_STATUSES, type Event } from '../call/event.js'
import { callerOnRecord } from '../model/on-record.js'
import { Secret } from '../model/secret.js'
import { beepingInto } from './beep-id.js'
import { type Channel, endpointOf } from './channel.js'
import { attemptOf } from './dialplan.js'

/** What an event of Asterisk means to us. */
export type Meaning =
  | { readonly kind: 'event'; readonly event: Event }
  /** Another controller took our place (L5). */
  | { readonly kind: 'replaced' }
  /** A leg asks something we do not understand: it must not wait in vain. */
  | { readonly kind: 'unanswerable'; readonly leg: string; readonly why: string }
  | { readonly kind: 'nothing' }

export const NOTHING: Meaning = { kind: 'nothing' }

export function question(channel: Channel, args: readonly string[]): Meaning {
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
  return callerOnRecord(number)
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

export function told(event: Event): Meaning {
  return { kind: 'event', event }
}

function unanswerable(leg: string, why: string): Meaning {
  return { kind: 'unanswerable', leg, why }
}
