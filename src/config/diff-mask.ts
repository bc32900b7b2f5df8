import type { ConfEntry } from './conf-reader.js'

/** Options whose value is a secret, in whichever file. */
const SECRET = /^(?:.*password|.*passwd|secret|md5_cred|password_digest|.*_secret)$/i

/** How an entry may be shown to people, on a screen or in a log. */
export function maskEntry(
  file: string,
  { name, value, arrow }: Pick<ConfEntry, 'name' | 'value' | 'arrow'>,
): string {
  return `${name} ${arrow ? '=>' : '='} ${masked(file, name, value)}`
}

function masked(file: string, name: string, value: string): string {
  if (SECRET.test(name)) return '***'
  // A mailbox begins with its PIN: `0033… => 824613,Accueil,…`.
  if (file.startsWith('voicemail') && /^\d+$/.test(name)) {
    return value.replace(/^[^,]*/, '***')
  }
  return value
}
