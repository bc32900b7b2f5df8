import { z } from 'zod'
import { Instant, named, Party } from './api-schemas.js'
import { ContractView } from './contract-view.js'

/*
 * What the API shows of the running system. Fields may be added; those that
 * are here keep their names and meanings.
 */

export const Status = named(
  'Status',
  'The controller and its Asterisk',
  z.object({
    version: z.string(),
    pid: z.int(),
    asterisk: z.object({
      version: z.string().nullable(),
      connected: z.boolean(),
      since: Instant,
    }),
    degraded: z.boolean().meta({
      description: 'Whether the phones are served by the dialplan alone',
    }),
    site: z.string(),
    generation: z.string().nullable().meta({
      description: 'The deployed generation of configuration; null when none is',
    }),
    clock: z
      .object({ now: Instant, rehearsed: z.boolean(), plausible: z.boolean() })
      .meta({
        description:
          'The instant of the calendar, whether it is a rehearsed one, and whether it can be right',
      }),
  }),
)
export type Status = z.infer<typeof Status>

/** Why a call slot is in use. */
export const HoldingView = named(
  'Holding',
  'A call slot in use',
  z.object({
    id: z
      .string()
      .meta({ description: 'The leg that holds it, or for which it is held' }),
    kind: z.enum(['incoming', 'outgoing', 'reservation', 'transfer']).meta({
      description:
        'reservation: a call on its way to the phone; transfer: one that the line has ' +
        'transferred and nobody has answered yet',
    }),
    state: z.string().meta({
      description:
        'Asterisk’s word in lower case: ringing, up …; a reservation is reserved',
    }),
    with: Party,
    since: Instant,
    ageSeconds: z.number(),
    held: z.boolean(),
    waitsFor: z.enum(['leg', 'phone', 'otherParty', 'hangUp', 'resume', 'target']).meta({
      description:
        'What changes or ends it next: leg: Asterisk begins to ring; phone: the phone of ' +
        'the line answers; otherParty: the called party answers; hangUp: somebody hangs ' +
        'up; resume: the line takes the call back from hold; target: the target of the ' +
        'transfer answers',
    }),
  }),
)
export type HoldingView = z.infer<typeof HoldingView>

/** A forward's target as the site file writes it. */
const ForwardTargetView = z.union([
  z.string().meta({ description: 'A number, or: voicemail, fax (of the line itself)' }),
  z.object({ voicemail: z.string() }),
  z.object({ fax: z.string() }),
])
const FilterView = z
  .object({ mode: z.enum(['none', 'black', 'white']), entries: z.array(z.string()) })
  .nullable()
  .meta({ description: 'A white or black list; null: none' })
const ForwardView = z.object({ to: ForwardTargetView }).nullable()

const ForwardsView = z.object({
  unconditional: ForwardView,
  noAnswer: z.object({ after: z.int(), to: ForwardTargetView }).nullable(),
  busy: ForwardView,
  unreachable: ForwardView,
})

export const SettingsView = named(
  'Settings',
  'What the subscriber of a line may change; the same shape as in the site file',
  z.object({
    forwarding: ForwardsView.meta({ description: 'null: off' }),
    rememberedForwards: ForwardsView.meta({
      description: 'What forwards that are off lead to when they are switched on again',
    }),
    doNotDisturb: z.boolean(),
    absent: z.boolean(),
    rejectAnonymous: z.boolean(),
    hideNumber: z.boolean(),
    shownNumber: z.string().nullable().meta({
      description: 'What its calls outside show; null: its alias, or its own number',
    }),
    filters: z.object({ incoming: FilterView, outgoing: FilterView }),
    intercom: z.boolean(),
    defaultVoicemail: z.string().nullable().meta({
      description: 'The line whose voicemail 123 opens; null: its own',
    }),
    voicemail: z
      .object({
        mail: z.array(z.object({ to: z.string(), attach: z.boolean() })),
        remoteAccess: z.boolean(),
      })
      .nullable()
      .meta({ description: 'null: the line has none' }),
    callWaiting: z.object({ beep: z.enum(['server', 'phone', 'off']) }),
    lock: z
      .object({ active: z.boolean(), mustChangePin: z.boolean() })
      .nullable()
      .meta({ description: 'null: unlocked, and nobody has chosen a PIN' }),
  }),
)
export type SettingsView = z.infer<typeof SettingsView>

export const LineView = named(
  'Line',
  'A line with its use and its settings',
  z.object({
    number: z.string(),
    name: z.string(),
    plan: z.string(),
    registered: z.boolean(),
    calls: z.object({
      limit: z.int(),
      inUse: z.int(),
      holdings: z.array(HoldingView),
    }),
    contract: ContractView,
    settings: SettingsView,
  }),
)
export type LineView = z.infer<typeof LineView>

export const CallView = named(
  'Call',
  'A conversation or an attempt at one, with all its legs',
  z.object({
    id: z.string(),
    since: Instant,
    legs: z.array(
      z.object({
        id: z.string(),
        endpoint: z.string().meta({ description: 'A line, or a trunk by its name' }),
        state: z.string(),
        with: Party,
      }),
    ),
  }),
)
export type CallView = z.infer<typeof CallView>
