import type { Forwarding } from './forwarding.js'
import type { Secret } from './secret.js'

export type Language = 'fr' | 'en'

/**
 * A subscriber's SIP account: one phone, its services and their initial settings.
 * Numbers are canonical (`0033972100001`).
 */
export interface Line {
  readonly number: string
  readonly name: string
  /** The SIP password; never printed, see `Secret`. */
  readonly password: Secret
  readonly plan: string
  /** Simultaneous calls, incoming and outgoing together. */
  readonly calls: number
  /** Billing group: pickup, intercom and supervision stay inside it. */
  readonly group?: string
  readonly language: Language
  readonly callWaiting: { readonly beep: 'server' | 'phone' | 'off' }
  readonly intercom: boolean
  readonly voicemail?: { readonly pin: Secret; readonly email?: string }
  readonly forwarding: Forwarding
  /** Which classes of outside numbers the line may dial (reliability §3.8). */
  readonly outgoing: { readonly special: boolean; readonly international: boolean }
  /** Networks the phone may register from, as CIDR; empty: everywhere. */
  readonly allowedNetworks: readonly string[]
  readonly codecs: readonly string[]
}
