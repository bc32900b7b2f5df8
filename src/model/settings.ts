import { z } from 'zod'
import { FilterEntry } from './filter.js'
import { Delay, ForwardTargetEntry } from './forwarding.js'
import { LineEntry } from './line.js'
import { PhoneNumber } from './phone-number.js'
import { LockPin } from './secret.js'
import { MailRecipients, RemotePassword } from './voicemail.js'

/*
 * What the subscriber of a line may change, by a code, the API, the portal or the
 * command line: the shape of a change. `null` clears, a missing key leaves as it is.
 */

const active = z.boolean().exactOptional().meta({
  description:
    'false: off, the target is kept; true alone: on again, with the target that was kept',
})
const to = ForwardTargetEntry.exactOptional()
const after = Delay.exactOptional().meta({ description: 'Seconds of ringing, 5 to 60' })

const Forward = z.strictObject({ to, active }).nullable().exactOptional()
const Remembered = z.strictObject({ to: ForwardTargetEntry }).nullable().exactOptional()

const { beep } = LineEntry.shape.callWaiting.unwrap().shape

/** A change of settings: null clears (off, and forgotten), a missing key leaves as it is. */
export const SettingsPatch = z
  .strictObject({
    forwarding: z
      .strictObject({
        unconditional: Forward.meta({ description: 'Every call (CFU)' }),
        noAnswer: z
          .strictObject({ to, after, active })
          .nullable()
          .exactOptional()
          .meta({ description: 'Nobody answers in time (CFNR)' }),
        busy: Forward.meta({ description: 'Every simultaneous call is in use (CFB)' }),
        unreachable: Forward.meta({ description: 'The phone is not registered (CFNL)' }),
      })
      .exactOptional(),
    rememberedForwards: z
      .strictObject({
        unconditional: Remembered,
        noAnswer: z
          .strictObject({ to: ForwardTargetEntry, after })
          .nullable()
          .exactOptional(),
        busy: Remembered,
        unreachable: Remembered,
      })
      .exactOptional()
      .meta({ description: 'Targets of forwards that are off, for *21# and the like' }),
    doNotDisturb: z.boolean().nullable().exactOptional(),
    absent: z.boolean().nullable().exactOptional(),
    rejectAnonymous: z.boolean().nullable().exactOptional(),
    hideNumber: z.boolean().nullable().exactOptional(),
    shownNumber: PhoneNumber.nullable().exactOptional().meta({
      description: 'What its calls outside show; null: its alias, or its own number',
    }),
    filters: z
      .strictObject({
        incoming: FilterEntry.nullable().exactOptional(),
        outgoing: FilterEntry.nullable().exactOptional(),
      })
      .exactOptional()
      .meta({ description: 'White and black lists; null: none' }),
    intercom: z.boolean().nullable().exactOptional(),
    defaultVoicemail: PhoneNumber.nullable().exactOptional().meta({
      description: 'The line of the same group whose voicemail 123 opens; null: its own',
    }),
    voicemail: z
      .strictObject({
        mail: MailRecipients.nullable().exactOptional().meta({
          description:
            'Who is told of a message, with the recording or without; null: nobody',
        }),
        remotePassword: RemotePassword.nullable().exactOptional().meta({
          description:
            'Opens the box from another line; null: closed from there. Never given out',
        }),
        remoteAccess: z
          .boolean()
          .exactOptional()
          .meta({ description: 'Only read: what is shown can be sent back' }),
      })
      .nullable()
      .exactOptional()
      .meta({ description: 'null: as the line has it' }),
    callWaiting: z
      .strictObject({ beep: beep.unwrap().exactOptional() })
      .nullable()
      .exactOptional(),
    lock: z
      .strictObject({
        pin: LockPin.exactOptional().meta({ description: 'Never given out' }),
        active: z.boolean().exactOptional(),
        mustChangePin: z
          .boolean()
          .exactOptional()
          .meta({ description: 'Only read: what is shown can be sent back' }),
      })
      .nullable()
      .exactOptional()
      .meta({ description: 'null: unlocked, with the default PIN' }),
  })
  .meta({
    id: 'SettingsPatch',
    description: 'A change of settings: null clears, a missing key leaves as it is',
  })
export type SettingsChange = z.infer<typeof SettingsPatch>
