import type { Finding } from '../model/finding.js'

/** What the API asks of the running controller. Instants are ISO 8601 in UTC. */
export interface Controller {
  status(): Status
  /** Rejects with AsteriskUnreachable while there is no connection. */
  lines(): Promise<LineView[]>
  calls(): Promise<CallView[]>
  /** Reads the site file again; what is wrong with it changes nothing. */
  reload(): Promise<Reloaded>
}

export interface Status {
  readonly version: string
  readonly pid: number
  readonly asterisk: {
    readonly version: string | null
    readonly connected: boolean
    readonly since: string
  }
  /** Whether the phones are served by the dialplan alone. */
  readonly degraded: boolean
  readonly site: string
  readonly generation: string | null
  /** The calendar's instant, and whether it is a rehearsed one. */
  readonly clock: { readonly now: string; readonly rehearsed: boolean }
}

export interface LineView {
  readonly number: string
  readonly name: string
  readonly plan: string
  readonly registered: boolean
  readonly calls: {
    readonly limit: number
    readonly inUse: number
    readonly holdings: readonly HoldingView[]
  }
  readonly settings: {
    readonly forwarding: Readonly<Record<string, unknown>>
    readonly intercom: boolean
    readonly callWaiting: { readonly beep: 'server' | 'phone' | 'off' }
  }
}

export interface HoldingView {
  readonly id: string
  readonly kind: 'incoming' | 'outgoing' | 'reservation'
  /** What the leg does: `ringing`, `up`, `setup`; a reservation is `reserved`. */
  readonly state: string
  readonly with: string | null
  readonly since: string
}

/** A conversation or an attempt at one, with all its legs. */
export interface CallView {
  readonly id: string
  readonly since: string
  readonly legs: readonly LegView[]
}

export interface LegView {
  readonly id: string
  readonly endpoint: string
  readonly state: string
  readonly with: string | null
}

export type Reloaded =
  | { readonly kind: 'reloaded'; readonly lines: number }
  | { readonly kind: 'refused'; readonly findings: readonly Finding[] }

/** Asked for something that only Asterisk knows, while it does not answer. */
export class AsteriskUnreachable extends Error {
  override name = 'AsteriskUnreachable'
}
