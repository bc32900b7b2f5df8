import { type Fields, field, forwardsWanted } from './forward-form.js'

/** A form on one of the pages of a line, and the change of settings that it asks for. */
export interface SettingsForm {
  readonly tab: 'calls' | 'voicemail'
  readonly wanted: (fields: Fields) => object
}

const onCalls: Readonly<Record<string, SettingsForm['wanted']>> = {
  forwarding: forwardsWanted,
  services: (fields) => ({
    doNotDisturb: isTicked(fields, 'doNotDisturb'),
    absent: isTicked(fields, 'absent'),
    rejectAnonymous: isTicked(fields, 'rejectAnonymous'),
    hideNumber: isTicked(fields, 'hideNumber'),
  }),
  presentation: (fields) => ({ shownNumber: field(fields, 'shownNumber') || null }),
  filters: (fields) => ({
    filters: {
      incoming: listWanted(fields, 'incoming'),
      outgoing: listWanted(fields, 'outgoing'),
    },
  }),
  lock: (fields) => {
    const pin = field(fields, 'pin')
    return { lock: { active: isTicked(fields, 'lock'), ...(pin !== '' && { pin }) } }
  },
  intercom: (fields) => ({
    intercom: isTicked(fields, 'intercom'),
    callWaiting: { beep: field(fields, 'beep') },
  }),
}

const onVoicemail: Readonly<Record<string, SettingsForm['wanted']>> = {
  'voicemail-mail': (fields) => ({ voicemail: { mail: recipientsWanted(fields) } }),
  'voicemail-access': (fields) => {
    const password = field(fields, 'remotePassword')
    const isClosed = isTicked(fields, 'closed')
    const remote = isClosed
      ? { remotePassword: null }
      : password !== '' && { remotePassword: password }
    const box = field(fields, 'defaultVoicemail')
    return {
      defaultVoicemail: box === '' ? null : box,
      ...(remote && { voicemail: remote }),
    }
  },
}

/** By the last part of their address. */
export const FORMS: Readonly<Record<string, SettingsForm>> = {
  ...formsOf('calls', onCalls),
  ...formsOf('voicemail', onVoicemail),
}

function formsOf(
  tab: SettingsForm['tab'],
  forms: Readonly<Record<string, SettingsForm['wanted']>>,
): Record<string, SettingsForm> {
  const entries = Object.entries(forms).map(
    ([name, wanted]) => [name, { tab, wanted }] as const,
  )
  return Object.fromEntries(entries)
}

/** How many addresses the form has room for; the API takes five. */
export const RECIPIENTS = 3

function recipientsWanted(fields: Fields): object[] {
  return Array.from({ length: RECIPIENTS }, (_, at) => ({
    to: field(fields, `mail${at}.to`),
    attach: field(fields, `mail${at}.kind`) !== 'notification',
  })).filter(({ to }) => to !== '')
}

/** A list with nothing in it and nothing to do is none. */
function listWanted(fields: Fields, direction: string): object | null {
  const mode = field(fields, `${direction}.mode`)
  const entries = field(fields, `${direction}.entries`)
    .split(/[\n,;]/)
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
  return mode === 'none' && entries.length === 0 ? null : { mode, entries }
}

function isTicked(fields: Fields, name: string): boolean {
  return field(fields, name) !== ''
}
