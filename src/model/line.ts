import { z } from 'zod'
import type { CostlyClass } from './costly.js'
import { DisplayName } from './display-name.js'
import { type Filters, FiltersEntry } from './filter.js'
import { breaks } from './finding-codes.js'
import { type Forwarding, ForwardingEntry } from './forwarding.js'
import { GroupName, Slug } from './ident.js'
import { Network } from './network.js'
import { PhoneNumber } from './phone-number.js'
import { CallLimit } from './plan.js'
import { LockPin, Password, type Secret } from './secret.js'
import { type Voicemail, VoicemailEntry } from './voicemail.js'

export const Language = z
  .enum(['fr', 'en'])
  .meta({ id: 'Language', description: 'Language of the prompts' })
export type Language = z.infer<typeof Language>

/** Audio codecs of a stock Asterisk; an unknown name makes the whole line vanish (L13). */
export const codecs = ['alaw', 'ulaw', 'g722', 'gsm', 'g726', 'ilbc', 'opus'] as const

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
  readonly voicemail?: Voicemail
  /** The line whose box `123` opens (spec B8). Absent: its own. */
  readonly defaultVoicemail?: string
  readonly forwarding: Forwarding
  /** Forwards that are off and keep their target for `*21#` (spec B1.4). Absent: none. */
  readonly rememberedForwards?: Forwarding
  /** Which classes of outside numbers the line may dial (reliability §3.8). */
  readonly outgoing: { readonly special: boolean; readonly international: boolean }
  /** Closed by the limits on harm until an administrator reopens them (reliability §3.8). */
  readonly closedClasses?: readonly CostlyClass[]
  /** Networks the phone may register from, as CIDR; empty: everywhere. */
  readonly allowedNetworks: readonly string[]
  readonly codecs: readonly string[]
  /** Refuse every call, with a message (spec B1.6, code 26). Absent: off. */
  readonly doNotDisturb?: boolean
  /** Refuse every call, with another message (spec B1.6, code 24). Absent: off. */
  readonly absent?: boolean
  /** Refuse callers who hide their number (ACR, code 82). Absent: off. */
  readonly rejectAnonymous?: boolean
  /** Hide the line's number on its calls (CLIR, code 31). Absent: off. */
  readonly hideNumber?: boolean
  /** What its calls outside show: a number of its group (spec C3). Absent: its alias, or its own. */
  readonly shownNumber?: string
  /** White and black lists (spec C5). Absent: none. */
  readonly filters?: Filters
  /** Bars outgoing calls without the PIN (code 33). Absent: not locked, default PIN. */
  readonly lock?: { readonly pin: Secret; readonly active: boolean }
  /** What the phone can do. Absent: everything. */
  readonly phone?: { readonly intercom: boolean }
}

const callWaiting = z
  .strictObject({
    beep: z.enum(['server', 'phone', 'off']).default('server').meta({
      description: 'Who plays the call-waiting beep: server, phone, or nobody (off)',
    }),
  })
  .prefault({})
  .meta({ description: 'What a line in conversation hears of a second call' })

const outgoing = z
  .strictObject({
    special: z
      .boolean()
      .default(false)
      .meta({ description: 'Surcharged numbers: 08…, 3…' }),
    international: z.boolean().default(false).meta({ description: 'The EU and the EEA' }),
  })
  .prefault({})
  .meta({ description: 'Classes of numbers that are closed unless opened here' })

/** A line as the site file writes it. */
export const LineEntry = z
  .strictObject({
    number: PhoneNumber,
    name: DisplayName,
    password: Password,
    plan: Slug.meta({ description: 'A key of `plans`' }),
    calls: CallLimit.meta({
      description: "Simultaneous calls, both directions together; default: the plan's",
    }).exactOptional(),
    group: GroupName.meta({
      description: 'Billing group: pickup, intercom and short numbers stay inside it',
    }).exactOptional(),
    language: Language.exactOptional(),
    callWaiting,
    intercom: z.boolean().default(false).meta({ description: 'Answers 3691… by itself' }),
    voicemail: VoicemailEntry.exactOptional(),
    defaultVoicemail: PhoneNumber.exactOptional().meta({
      description:
        'The line of the same group whose voicemail 123 opens; default: its own',
    }),
    forwarding: ForwardingEntry.prefault({}),
    outgoing,
    allowedNetworks: z
      .array(Network)
      .max(6, breaks('acl.max6'))
      .default([])
      .meta({ description: 'Where the phone may register from; empty: everywhere' }),
    codecs: z
      .array(z.enum(codecs, breaks('codec.unknown')))
      .min(1, breaks('codec.none'))
      .default(['alaw', 'ulaw'])
      .meta({ description: 'Audio codecs, the preferred one first' }),
    doNotDisturb: z.boolean().exactOptional().meta({
      description: 'Refuse every call, with a message (code 26)',
    }),
    absent: z.boolean().exactOptional().meta({
      description: 'Refuse every call: the subscriber is absent (code 24)',
    }),
    rejectAnonymous: z.boolean().exactOptional().meta({
      description: 'Refuse callers who hide their number (code 82)',
    }),
    hideNumber: z.boolean().exactOptional().meta({
      description: "Hide the line's number on its calls (code 31)",
    }),
    shownNumber: PhoneNumber.exactOptional().meta({
      description: 'What its calls outside show: a line or an alias of its own group',
    }),
    filters: FiltersEntry.exactOptional(),
    lock: z
      .strictObject({
        pin: LockPin,
        active: z.boolean().default(false).meta({
          description: 'Locked from the start',
        }),
      })
      .exactOptional()
      .meta({ description: 'Outgoing calls need a PIN while locked (code 33)' }),
    phone: z
      .strictObject({
        intercom: z
          .boolean()
          .meta({ description: 'Obeys the headers of an intercom call' }),
      })
      .exactOptional()
      .meta({ description: 'What the phone can do; absent: everything' }),
  })
  .meta({ id: 'Line', description: 'A SIP account of one phone, and its services' })
export type LineEntry = z.infer<typeof LineEntry>
