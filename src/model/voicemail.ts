import { z } from 'zod'
import { breaks } from './finding-codes.js'
import { type Secret, VoicemailPin } from './secret.js'

/** Who is told of a message by mail, and whether the mail carries the recording (spec B8). */
export interface MailRecipient {
  readonly to: string
  readonly attach: boolean
}

/** The voicemail of a line. */
export interface Voicemail {
  /** What 123 asks for in other people's menus; its user changes it there. */
  readonly pin: Secret
  /** Absent: nobody is told. */
  readonly mail?: readonly MailRecipient[]
  /** Opens the box from another line (spec B8). Absent: closed from there. */
  readonly remotePassword?: Secret
}

// A leading hyphen would be an option of a mail command (T27).
const Email = z
  .email({
    ...breaks('email.format'),
    pattern: /^[A-Za-z0-9_][A-Za-z0-9._+-]{0,63}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+$/,
  })
  .max(254, breaks('email.format'))

/** Addresses of one line. */
const MAX_RECIPIENTS = 5

export const MailRecipients = z
  .array(
    z.strictObject({
      to: Email.meta({ description: 'An address that is told of messages and faxes' }),
      attach: z.boolean().default(true).meta({
        description: 'true: the recording is attached; false: the notification alone',
      }),
    }),
  )
  .max(MAX_RECIPIENTS, breaks('email.tooMany'))

export const RemotePassword = VoicemailPin.meta({
  description: 'Opens the box from another line; 6 to 8 digits in quotes',
})

/** As the site file writes it; `email` is one address that gets recordings. */
export const VoicemailEntry = z
  .strictObject({
    pin: VoicemailPin,
    email: Email.exactOptional().meta({
      description: 'Where messages and faxes are sent to',
    }),
    mail: MailRecipients.exactOptional().meta({
      description: 'Several addresses, with the recording or without',
    }),
    remotePassword: RemotePassword.exactOptional(),
  })
  .transform(({ email, mail = [], ...rest }): Voicemail => {
    const all = email === undefined ? mail : [{ to: email, attach: true }, ...mail]
    return all.length === 0 ? rest : { ...rest, mail: all }
  })
  .meta({ description: "The line's voicemail; without it, it has none" })
