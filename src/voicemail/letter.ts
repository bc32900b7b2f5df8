import { createHash } from 'node:crypto'
import type { Language } from '../model/line.js'

/** What arrived for a line, and is told by mail. */
export interface Arrived {
  readonly kind: 'voicemail' | 'fax'
  readonly line: string
  /** null: hidden or unknown. */
  readonly from: string | null
  /** Wall clock, milliseconds. */
  readonly at: number
  readonly seconds?: number
}

export interface Letter {
  readonly subject: string
  readonly text: string
  /** Of the attachment, if there is one. */
  readonly filename: string
}

const words = {
  fr: {
    voicemail: 'Nouveau message vocal',
    fax: 'Nouveau fax',
    from: 'de',
    to: 'pour la ligne',
    unknown: 'numéro inconnu',
    received: 'Reçu le',
    lasts: 'Durée',
    attached: { voicemail: 'Le message est joint.', fax: 'Le fax est joint.' },
    listen: {
      voicemail: 'Composez le 123 pour l’écouter.',
      fax: 'Il est gardé par votre système téléphonique.',
    },
  },
  en: {
    voicemail: 'New voice message',
    fax: 'New fax',
    from: 'from',
    to: 'for line',
    unknown: 'unknown number',
    received: 'Received on',
    lasts: 'Length',
    attached: { voicemail: 'The message is attached.', fax: 'The fax is attached.' },
    listen: {
      voicemail: 'Dial 123 to listen to it.',
      fax: 'It is kept by your telephone system.',
    },
  },
} as const

/** The mail about something that arrived, in the language of its line. */
export function letterOf(
  arrived: Arrived,
  attached: boolean,
  { language, timeZone }: { readonly language: Language; readonly timeZone: string },
): Letter {
  const say = words[language]
  const { kind, line, from, at, seconds } = arrived
  const who = from ?? say.unknown
  const when = new Intl.DateTimeFormat(language === 'fr' ? 'fr-FR' : 'en-GB', {
    dateStyle: 'long',
    timeStyle: 'short',
    timeZone,
  }).format(at)
  const lines = [
    `${say[kind]} ${say.from} ${who} ${say.to} ${line}.`,
    `${say.received} ${when}.`,
    ...(seconds === undefined ? [] : [`${say.lasts} : ${seconds} s.`]),
    '',
    attached ? say.attached[kind] : say.listen[kind],
  ]
  const stamp = new Date(at).toISOString().replaceAll(/[-:]|\..*/g, '')
  return {
    subject: `${say[kind]} ${say.from} ${who}`,
    text: `${lines.join('\n')}\n`,
    filename: kind === 'voicemail' ? `message-${stamp}.wav` : `fax-${stamp}.tif`,
  }
}

/** The same for each try: who gets a mail twice sees that it is one (RFC 5322 §3.6.4). */
export function messageIdOf(item: string, to: string, sender: string): string {
  const hash = createHash('sha256').update(`${item}\n${to}`).digest('hex').slice(0, 32)
  return `<${hash}@${sender.split('@')[1] ?? 'linekeeper'}>`
}
