import type { LiveChannel } from '../ari/live.js'
import { type Holding, holdingsOf, type Ledger } from '../call/slots.js'
import type { Line } from '../model/line.js'
import type { CallView, HoldingView, LineView } from './controller.js'

/** What is known of the lines at one instant. */
export interface Known {
  readonly ledger: Ledger
  /** Asterisk's state of each channel, by its id. */
  readonly states: ReadonlyMap<string, string>
  readonly online: ReadonlySet<string>
  /** The same instant on both clocks, in milliseconds. */
  readonly at: { readonly now: number; readonly monotonic: number }
}

export function lineView(line: Line, known: Known): LineView {
  const holdings = holdingsOf(known.ledger, line.number)
  return {
    number: line.number,
    name: line.name,
    plan: line.plan,
    registered: known.online.has(line.number),
    calls: {
      limit: line.calls,
      inUse: holdings.length,
      holdings: holdings.map((holding) => holdingView(holding, known)),
    },
    settings: {
      forwarding: { ...line.forwarding },
      intercom: line.intercom,
      callWaiting: line.callWaiting,
    },
  }
}

function holdingView(holding: Holding, { states, at }: Known): HoldingView {
  const reserved = holding.kind === 'reservation'
  const direction = holding.direction === 'in' ? 'incoming' : 'outgoing'
  return {
    id: holding.leg,
    kind: reserved ? 'reservation' : direction,
    state: reserved ? 'reserved' : (states.get(holding.leg) ?? 'setup'),
    with: holding.with ?? null,
    since: new Date(at.now - (at.monotonic - holding.since)).toISOString(),
  }
}

/** A call is named after its first leg. */
export function callView(channels: readonly LiveChannel[]): CallView {
  const byAge = [...channels].sort((a, b) => a.since.localeCompare(b.since))
  const [first] = byAge
  if (!first) throw new Error('callView: a call without a channel')
  return {
    id: first.id,
    since: first.since,
    legs: byAge.map(({ id, endpoint, state, with: other }) => ({
      id,
      endpoint,
      state,
      with: other ?? null,
    })),
  }
}
