import { z } from 'zod'
import type { Line } from './line.js'
import { Secret } from './secret.js'
import type { Setting } from './setting-keys.js'
import { MailRecipients, type Voicemail } from './voicemail.js'

const StoredNumber = z
  .string()
  .regex(/^00\d{2,18}$/)
  .nullable()
const StoredPassword = z
  .string()
  .regex(/^\d{6,8}$/)
  .nullable()

/** What a subscriber may change of his voicemail (src/model/setting-keys.ts). */
export const voicemailSettings: readonly Setting[] = [
  {
    key: 'defaultVoicemail',
    secret: false,
    written: ({ defaultVoicemail }) => defaultVoicemail ?? null,
    restored: (line, value) => {
      const read = StoredNumber.safeParse(value)
      return read.success ? withDefaultVoicemail(line, read.data) : undefined
    },
  },
  {
    key: 'voicemail.mail',
    secret: false,
    written: ({ voicemail }) => voicemail?.mail ?? [],
    restored: (line, value) => {
      const read = MailRecipients.safeParse(value)
      return read.success ? withVoicemail(line, { mail: read.data }) : undefined
    },
  },
  {
    key: 'voicemail.remotePassword',
    secret: true,
    written: ({ voicemail }) => voicemail?.remotePassword?.reveal() ?? null,
    restored: (line, value) => {
      const read = StoredPassword.safeParse(value)
      if (!read.success) return undefined
      const password = read.data === null ? null : new Secret(read.data)
      return withRemotePassword(line, password)
    },
  },
]

/** null: its own box. */
export function withDefaultVoicemail(line: Line, box: string | null): Line {
  const { defaultVoicemail: _, ...rest } = line
  return box === null ? rest : { ...rest, defaultVoicemail: box }
}

/** A line without voicemail stays without. */
export function withVoicemail(line: Line, change: Partial<Voicemail>): Line {
  if (!line.voicemail) return line
  return { ...line, voicemail: { ...line.voicemail, ...change } }
}

/** null: the box is closed from other lines. */
export function withRemotePassword(line: Line, password: Secret | null): Line {
  if (!line.voicemail) return line
  const { remotePassword: _, ...rest } = line.voicemail
  return {
    ...line,
    voicemail: { ...rest, ...(password && { remotePassword: password }) },
  }
}
