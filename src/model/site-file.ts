import { z } from 'zod'
import { Address, PortRange } from './address.js'
import { DisplayName } from './display-name.js'
import { breaks } from './finding-codes.js'
import { HarmSection } from './harm-terms.js'
import { GroupName, Ident, Slug } from './ident.js'
import { Language, LineEntry } from './line.js'
import { MailSection } from './mail.js'
import { OrderTerms } from './order-terms.js'
import { isKnownCountry, PhoneNumber } from './phone-number.js'
import { Plan } from './plan.js'

/** The version of the file's own format; a newer one is not ours to read (row Y38). */
export const schemaVersion = 1

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).format(0) !== ''
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

export const SiteSection = z
  .strictObject({
    name: Slug.meta({ description: 'Name of the deployment' }),
    country: z
      .string(breaks('country.unknown'))
      .refine(isKnownCountry, breaks('country.unknown'))
      .meta({
        description: 'ISO 3166 code: how national numbers are read',
        examples: ['FR'],
      }),
    timeZone: z
      .string(breaks('timeZone.unknown'))
      .regex(/^[A-Za-z]/, { ...breaks('timeZone.unknown'), abort: true })
      .refine(isTimeZone, breaks('timeZone.unknown'))
      .meta({
        description: 'IANA name, of renewals, months, limits by the hour and voicemail',
        examples: ['Europe/Paris'],
      }),
    language: Language.default('fr').meta({
      description: 'Prompts, unless a line says otherwise',
    }),
    dtmfTransfers: z.boolean().exactOptional().meta({
      description: 'Lines transfer with ## (blind) and *2 (attended) during a call',
    }),
    interdigitMs: z
      .int(breaks('interdigit.range'))
      .min(0, breaks('interdigit.range'))
      .max(10_000, breaks('interdigit.range'))
      .exactOptional()
      .meta({
        description: 'How long three digits of a short number wait for a fourth; 3000',
      }),
    featureCodesCount: z.boolean().exactOptional().meta({
      description: 'Whether dialling a feature code takes a call slot of its line; true',
    }),
    webNames: z
      .array(
        z
          .string(breaks('webName.format'))
          .max(253, breaks('webName.format'))
          .regex(/^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z][a-z0-9-]{0,62}$/, {
            ...breaks('webName.format'),
          }),
      )
      .max(20, breaks('webName.format'))
      .exactOptional()
      .meta({
        description:
          'Names under which browsers reach API and portal, by a proxy perhaps',
        examples: [['phones.example.org']],
      }),
  })
  .meta({ description: 'The deployment: its name, country, time zone and language' })

export const AsteriskSection = z
  .strictObject({
    sip: Address.meta({
      description: 'Where phones and carriers reach us: IPv4 address and port',
    }),
    rtp: PortRange,
    ari: Address.meta({
      description: "Asterisk's REST interface: a loopback address and port",
    }),
    ami: Address.meta({ description: "Asterisk's manager: a loopback address and port" }),
    realm: z
      .string(breaks('realm.format'))
      .regex(/^[A-Za-z0-9.-]{1,64}$/, breaks('realm.format'))
      .default('linekeeper')
      .meta({ description: 'Realm of SIP authentication' }),
  })
  .meta({ description: 'Addresses and ports of Asterisk' })

const EmergencyNumber = z
  .string(breaks('emergency.format'))
  .regex(/^(?!00)\d{2,6}$/, breaks('emergency.format'))

/** Additions to the country's numbers, or a whole list that contains them. */
export const EmergencySection = z.strictObject({
  add: z
    .array(EmergencyNumber)
    .default([])
    .meta({ description: "Numbers beside the country's, in quotes" }),
  numbers: z.array(EmergencyNumber).exactOptional().meta({
    description: "A list instead of the country's; it must contain all of the country's",
  }),
})

export const AliasEntry = z
  .strictObject({
    number: PhoneNumber,
    redirect: z
      .strictObject({
        line: PhoneNumber,
        present: z.boolean().default(false).meta({
          description: 'The line shows this number on its outgoing calls',
        }),
      })
      .exactOptional()
      .meta({
        description: 'The line it rings; without it, the number is not in service',
      }),
  })
  .meta({ id: 'Alias', description: 'A number that never registers and rings a line' })
export type AliasEntry = z.infer<typeof AliasEntry>

export const ShortNumberEntry = z
  .strictObject({
    number: z
      .string(breaks('short.format'))
      .regex(/^[27]\d{2,3}$/, breaks('short.format'))
      .meta({ description: '3 or 4 digits: 2… belongs to a line, 7… to a group' }),
    line: PhoneNumber.exactOptional().meta({
      description: 'The line that dials it, of a 2… number',
    }),
    group: GroupName.exactOptional().meta({
      description: 'The group whose lines dial it, of a 7… number; absent: every line',
    }),
    to: PhoneNumber.meta({ description: 'Where it leads: a full telephone number' }),
    name: DisplayName.exactOptional(),
  })
  .meta({ id: 'ShortNumber', description: 'An abbreviated number' })
export type ShortNumberEntry = z.infer<typeof ShortNumberEntry>

/** Well formed, and refused by a check that says why: nobody's address in particular. */
const WideAddress = z
  .string(breaks('address.format'))
  .regex(/^[\d.]+\/\d+$/, breaks('address.format'))

export const TrunkEntry = z
  .strictObject({
    name: Ident.meta({ description: '1 to 20 of a-z, 0-9 and _, a letter first' }),
    // Its absence is a matter of policy, not of form: it would match everyone (row Y36).
    address: z
      .union([Address, WideAddress], breaks('address.format'))
      .exactOptional()
      .meta({ description: 'Where the carrier is: IPv4 address and port' }),
    format: z.enum(['e164', '00']).default('e164').meta({
      description: 'How numbers are written to the carrier: +33… or 0033…',
    }),
  })
  .meta({ id: 'Trunk', description: 'A connection to a carrier' })
export type TrunkEntry = z.infer<typeof TrunkEntry>

/** The whole document, as it is written; `buildSite` makes a `Site` of it. */
export const SiteFile = z
  .strictObject({
    version: z.literal(schemaVersion).exactOptional().meta({
      description: 'Version of the format of this file',
    }),
    site: SiteSection,
    asterisk: AsteriskSection,
    http: Address.meta({ description: 'Where API and portal listen' }),
    voicemail: z
      .strictObject({
        access: PhoneNumber.meta({
          description:
            'Opens a voicemail by the number of its line and its remote password',
        }),
      })
      .exactOptional()
      .meta({ description: 'Remote access to voicemail; without it, there is none' }),
    mail: MailSection.exactOptional(),
    emergency: EmergencySection.prefault({}).meta({
      description: "Emergency numbers beside the country's own; none can be taken away",
    }),
    orders: OrderTerms.prefault({}),
    limits: HarmSection.prefault({}),
    plans: z.record(Slug, Plan).meta({
      description: 'What lines pay for, by a name that lines refer to',
    }),
    lines: z.array(LineEntry).meta({ description: 'SIP accounts, one for each phone' }),
    aliases: z.array(AliasEntry).default([]).meta({
      description: 'Numbers that never register and ring a line',
    }),
    shortNumbers: z.array(ShortNumberEntry).default([]).meta({
      description: 'Abbreviated numbers of lines, groups or everyone',
    }),
    trunks: z
      .array(TrunkEntry)
      .default([])
      .meta({ description: 'In the order in which calls try them' }),
  })
  .meta({ title: 'linekeeper site file' })
export type SiteFile = z.infer<typeof SiteFile>
