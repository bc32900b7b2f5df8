import type { LiveChannel } from '../ari/live.js'
import { type Holding, holdingsOf, type Ledger } from '../call/slots.js'
import type { Filter } from '../model/filter.js'
import {
  type Forwarding,
  type ForwardTarget,
  writtenTarget,
} from '../model/forwarding.js'
import type { Line } from '../model/line.js'
import { hasOwnPin } from '../model/setting-keys.js'
import type { ContractView } from './contract-view.js'
import type { CallView, HoldingView, LineView, SettingsView } from './views.js'

/** What is known of the lines at one instant. */
export interface Known {
  readonly ledger: Ledger
  /** Asterisk's state of each channel, by its id. */
  readonly states: ReadonlyMap<string, string>
  readonly online: ReadonlySet<string>
  readonly contract: (line: Line) => ContractView
  /** The same instant on both clocks, in milliseconds. */
  readonly at: { readonly now: number; readonly monotonic: number }
}

/** The views of many lines, each holding looked at once. */
export function lineViews(lines: readonly Line[], known: Known): LineView[] {
  const byLine = new Map<string, Holding[]>()
  for (const held of known.ledger.holdings.values()) {
    const others = byLine.get(held.line)
    if (others) others.push(held)
    else byLine.set(held.line, [held])
  }
  return lines.map((line) => viewOf(line, byLine.get(line.number) ?? [], known))
}

export function lineView(line: Line, known: Known): LineView {
  return viewOf(line, holdingsOf(known.ledger, line.number), known)
}

function viewOf(line: Line, holdings: readonly Holding[], known: Known): LineView {
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
    contract: known.contract(line),
    settings: settingsView(line),
  }
}

/** As the site file would write them; the PIN of a lock is nobody's to read. */
export function settingsView(line: Line): SettingsView {
  return {
    forwarding: forwardsView(line.forwarding),
    rememberedForwards: forwardsView(line.rememberedForwards ?? {}),
    doNotDisturb: line.doNotDisturb ?? false,
    absent: line.absent ?? false,
    rejectAnonymous: line.rejectAnonymous ?? false,
    hideNumber: line.hideNumber ?? false,
    shownNumber: line.shownNumber ?? null,
    filters: {
      incoming: filterView(line.filters?.incoming),
      outgoing: filterView(line.filters?.outgoing),
    },
    intercom: line.intercom,
    defaultVoicemail: line.defaultVoicemail ?? null,
    voicemail: line.voicemail
      ? {
          mail: (line.voicemail.mail ?? []).map((recipient) => ({ ...recipient })),
          remoteAccess: line.voicemail.remotePassword !== undefined,
        }
      : null,
    callWaiting: { beep: line.callWaiting.beep },
    lock: line.lock
      ? { active: line.lock.active, mustChangePin: !hasOwnPin(line) }
      : null,
  }
}

function filterView(filter: Filter | undefined): SettingsView['filters']['incoming'] {
  return filter ? { mode: filter.mode, entries: [...filter.entries] } : null
}

function forwardsView(forwarding: Forwarding): SettingsView['forwarding'] {
  const { unconditional, noAnswer, busy, unreachable } = forwarding
  const sent = (forward: { readonly to: ForwardTarget } | undefined) =>
    forward ? { to: writtenTarget(forward.to) } : null
  return {
    unconditional: sent(unconditional),
    noAnswer: noAnswer ? { after: noAnswer.after, to: writtenTarget(noAnswer.to) } : null,
    busy: sent(busy),
    unreachable: sent(unreachable),
  }
}

function holdingView(holding: Holding, { states, at }: Known): HoldingView {
  const ageMs = at.monotonic - holding.since
  return {
    id: holding.leg,
    kind: kindOf(holding),
    state:
      holding.kind === 'reservation' ? 'reserved' : (states.get(holding.leg) ?? 'setup'),
    with: holding.with ?? null,
    since: new Date(at.now - ageMs).toISOString(),
    ageSeconds: Math.round(ageMs / 100) / 10,
    held: holding.held,
    waitsFor: waitsFor(holding),
  }
}

function kindOf({ kind, direction }: Holding): HoldingView['kind'] {
  if (kind !== 'leg') return kind
  return direction === 'in' ? 'incoming' : 'outgoing'
}

function waitsFor({ kind, direction, answered, held }: Holding): HoldingView['waitsFor'] {
  if (kind === 'reservation') return 'leg'
  if (kind === 'transfer') return 'target'
  if (held) return 'resume'
  if (answered) return 'hangUp'
  return direction === 'in' ? 'phone' : 'otherParty'
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
