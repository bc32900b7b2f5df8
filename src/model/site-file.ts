import { z } from 'zod'
import { Address, PortRange } from './address.js'
import { DisplayName } from './display-name.js'
import { breaks } from './finding-codes.js'
import { GroupName, Ident, Slug } from './ident.js'
import { Language, LineEntry } from './line.js'
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

export const SiteSection = z.strictObject({
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
      description: 'IANA name, of renewals and time slots',
      examples: ['Europe/Paris'],
    }),
  language: Language.default('fr').meta({
    description: 'Prompts, unless a line says otherwise',
  }),
  dtmfTransfers: z.boolean().exactOptional().meta({
    description: 'Lines transfer with ## (blind) and *2 (attended) during a call',
  }),
})

export const AsteriskSection = z.strictObject({
  sip: Address,
  rtp: PortRange,
  ari: Address,
  ami: Address,
  realm: z
    .string(breaks('realm.format'))
    .regex(/^[A-Za-z0-9.-]{1,64}$/, breaks('realm.format'))
    .default('linekeeper')
    .meta({ description: 'Realm of SIP authentication' }),
})

const EmergencyNumber = z
  .string(breaks('emergency.format'))
  .regex(/^(?!00)\d{2,6}$/, breaks('emergency.format'))

/** Additions to the country's numbers, or a whole list that contains them. */
export const EmergencySection = z.strictObject({
  add: z.array(EmergencyNumber).default([]),
  numbers: z.array(EmergencyNumber).exactOptional(),
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
      .exactOptional(),
  })
  .meta({ id: 'Alias' })
export type AliasEntry = z.infer<typeof AliasEntry>

export const ShortNumberEntry = z
  .strictObject({
    number: z
      .string(breaks('short.format'))
      .regex(/^[27]\d{2,3}$/, breaks('short.format'))
      .meta({ description: '3 or 4 digits: 2… belongs to a line, 7… to a group' }),
    line: PhoneNumber.exactOptional(),
    group: GroupName.exactOptional(),
    to: PhoneNumber,
    name: DisplayName.exactOptional(),
  })
  .meta({ id: 'ShortNumber' })
export type ShortNumberEntry = z.infer<typeof ShortNumberEntry>

/** Well formed, and refused by a check that says why: nobody's address in particular. */
const WideAddress = z
  .string(breaks('address.format'))
  .regex(/^[\d.]+\/\d+$/, breaks('address.format'))

export const TrunkEntry = z
  .strictObject({
    name: Ident,
    // Its absence is a matter of policy, not of form: it would match everyone (row Y36).
    address: z
      .union([Address, WideAddress], breaks('address.format'))
      .exactOptional()
      .meta({ description: 'Where the carrier is: IPv4 address and port' }),
    format: z.enum(['e164', '00']).default('e164').meta({
      description: 'How numbers are written to the carrier: +33… or 0033…',
    }),
  })
  .meta({ id: 'Trunk' })
export type TrunkEntry = z.infer<typeof TrunkEntry>

/** The whole document, as it is written; `buildSite` makes a `Site` of it. */
export const SiteFile = z
  .strictObject({
    version: z.literal(schemaVersion).exactOptional(),
    site: SiteSection,
    asterisk: AsteriskSection,
    http: Address.meta({ description: 'Where API and portal listen' }),
    emergency: EmergencySection.prefault({}),
    plans: z.record(Slug, Plan),
    lines: z.array(LineEntry),
    aliases: z.array(AliasEntry).default([]),
    shortNumbers: z.array(ShortNumberEntry).default([]),
    trunks: z
      .array(TrunkEntry)
      .default([])
      .meta({ description: 'In the order in which calls try them' }),
  })
  .meta({ title: 'linekeeper site file' })
export type SiteFile = z.infer<typeof SiteFile>
