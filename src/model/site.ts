import type { Address, PortRange } from './address.js'
import type { HarmSection } from './harm-terms.js'
import type { Language, Line } from './line.js'
import type { Mail } from './mail.js'
import type { OrderTerms } from './order-terms.js'
import type { Plan } from './plan.js'

/** A number that never registers and rings a line instead (spec A1, B6). */
export interface Alias {
  readonly number: string
  /** `present`: the line shows the alias on its outgoing calls. Absent: not in service. */
  readonly redirect?: { readonly line: string; readonly present: boolean }
}

export const DEFAULT_INTERDIGIT_MS = 3_000

/** An abbreviated number: 7… for a group, 2… for one line (spec C2). */
export interface ShortNumber {
  readonly number: string
  /** The line that owns a 2… number. */
  readonly line?: string
  /** The group that owns a 7… number; absent: every line of the site. */
  readonly group?: string
  readonly to: string
  readonly name?: string
}

/** A connection to a carrier, known by its address. */
export interface Trunk {
  /** Identifier, `^[a-z][a-z0-9_]{0,19}$`. */
  readonly name: string
  readonly address: Address
  /** How numbers are written to the carrier: `+33…` or `0033…`. */
  readonly format: 'e164' | '00'
}

/** The whole site file, checked: everything the program knows about a deployment. */
export interface Site {
  readonly site: {
    readonly name: string
    /** ISO 3166 code: how national numbers are read and which emergency numbers exist. */
    readonly country: string
    readonly timeZone: string
    readonly language: Language
    /** `##` and `*2` during a call transfer it, for phones without such a key. */
    readonly dtmfTransfers?: boolean
    /** How long a fourth digit of a short number is waited for (spec A12). Absent: 3 s. */
    readonly interdigitMs?: number
    /** A feature code takes a call slot while it is answered (spec D1). Absent: it does. */
    readonly featureCodesCount?: boolean
    /** Names of the API and the portal, beside addresses and localhost. Absent: none. */
    readonly webNames?: readonly string[]
  }
  readonly asterisk: {
    readonly sip: Address
    readonly rtp: PortRange
    readonly ari: Address
    readonly ami: Address
    readonly realm: string
  }
  readonly http: Address
  /** The number that opens a voicemail from another line or from outside (spec B8). */
  readonly voicemailAccess?: string
  /** Absent: nobody is mailed. */
  readonly mail?: Mail
  readonly orders: OrderTerms
  /** What the site says of its limits on harm. Absent: nothing of its own. */
  readonly limits?: HarmSection
  readonly plans: Readonly<Record<string, Plan>>
  readonly lines: readonly Line[]
  readonly aliases: readonly Alias[]
  readonly shortNumbers: readonly ShortNumber[]
  /** In the order in which calls try them: the first is the main one. */
  readonly trunks: readonly Trunk[]
  /** The country's list and the site's additions (reliability §3.7). */
  readonly emergencyNumbers: readonly string[]
}
