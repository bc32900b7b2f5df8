import { z } from 'zod'
import { breaks } from './finding-codes.js'
import { Secret } from './secret.js'

/** The mail server that takes what linekeeper sends. */
export const MailSection = z
  .strictObject({
    host: z
      .string(breaks('mail.host'))
      .regex(/^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/, breaks('mail.host'))
      .meta({ description: 'Name or IPv4 address of the server' }),
    port: z
      .int(breaks('mail.port'))
      .min(1, breaks('mail.port'))
      .max(65535, breaks('mail.port'))
      .default(587)
      .meta({ description: 'Its port: 587, 465 or 25' }),
    from: z
      .email({
        ...breaks('email.format'),
        pattern: /^[A-Za-z0-9_][A-Za-z0-9._+-]{0,63}@[A-Za-z0-9.-]+$/,
      })
      .meta({ description: 'Sender of the mails' }),
    user: z.string().min(1).max(254).exactOptional().meta({
      description: 'Who logs in there; without it, nobody does',
    }),
    password: z
      .string()
      .min(1)
      .max(254)
      .transform((text) => new Secret(text))
      .exactOptional()
      .meta({ description: 'Password of the user' }),
    tls: z.enum(['always', 'starttls', 'none']).default('starttls').meta({
      description:
        'always: from the first byte (port 465); none: a server of our own host',
    }),
  })
  .meta({ description: 'The mail server that takes notifications of voicemail and fax' })
export type Mail = z.infer<typeof MailSection>
