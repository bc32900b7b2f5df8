import type { LiveLeg } from '../call/event.js'
import { callerOnRecord } from '../model/on-record.js'
import { type Channel, dialOf } from './channel.js'
import { attemptOf } from './dialplan.js'

interface Connected extends Channel {
  readonly connected: { readonly number: string }
}

interface Caller {
  readonly number: string
  readonly hides: boolean
}

/**
 * The other party of a leg in a list of all channels, undefined where it is not known: of
 * a leg that calls, what it dials now; of one that is called, who dials it. Asterisk tells
 * a caller's number and not whether he hides it. The dialplan does, where it dials.
 */
export function otherParties(
  channels: readonly Connected[],
): (channel: Connected, leg: LiveLeg) => string | undefined {
  const callersOf = new Map<string, Caller[]>()
  for (const { caller, dialplan } of channels) {
    const endpoint = dialOf(dialplan)?.endpoint
    if (endpoint === undefined) continue
    const calling = { number: caller.number, hides: hides(dialplan) }
    const others = callersOf.get(endpoint)
    if (others) others.push(calling)
    else callersOf.set(endpoint, [calling])
  }
  return ({ connected: { number }, dialplan }, { line, direction }) => {
    if (direction === 'out') return dialOf(dialplan)?.number
    const callers = (callersOf.get(line) ?? []).filter((each) => each.number === number)
    const shown = callers.length > 0 && !callers.some((caller) => caller.hides)
    return (shown && callerOnRecord(number)) || undefined
  }
}

/** As its answer says, or the options of its dial (templates/extensions). */
function hides({ context, exten, app_data = '' }: Channel['dialplan']): boolean {
  const attempt = attemptOf(context, exten)
  // Who is given back to the line that has transferred him is not said there.
  if (attempt?.kind === 'recall') return true
  return /b\(called\^\dh\^/.test(app_data) || (attempt?.hidden ?? false)
}
