import { Secret } from '../model/secret.js'

/**
 * The typed helpers of the templates. Each one lets through what Asterisk reads
 * back unchanged and THROWS on the rest (reliability §3.6): cleaning a value up
 * would deploy something the operator never wrote.
 */
export type Print = (value: unknown, ...limits: readonly unknown[]) => string

const IDENT = /^[a-z][a-z0-9_-]{0,39}$/
/** Section names with a meaning of their own in one file or another. */
const RESERVED_IDENTS = new Set([
  'general',
  'globals',
  'default',
  'system',
  'global',
  'anonymous',
])
const DIGITS = /^\+?[0-9]{1,20}$/
/** A dialplan pattern behind its `_`: digits, classes of digits, an open end. */
const PATTERN = /^(?:[0-9X]|\[[0-9-]+\])+!?$/
const PIN = /^[0-9]{4,12}$/
const SECRET = /^[A-Za-z0-9._~-]{12,64}$/
const TEXT_REFUSED = /[;[\]{}$\\"<>|&,()#=\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u
const OCTET = '(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])'
const HOST = new RegExp(`^${OCTET}(?:\\.${OCTET}){3}$`)
const PATH = /^(?:\/[A-Za-z0-9_+@~.-]+)+$/
const REALM = /^[A-Za-z0-9.-]{1,64}$/
const EMAIL = /^[A-Za-z0-9_][A-Za-z0-9._+-]{0,63}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+$/
const ZONE = /^[A-Za-z][A-Za-z0-9]*(?:[/_+-][A-Za-z0-9]+)*$/
const HEX = /^[0-9a-f]{8,64}$/
const KEY = /^[a-z][a-z0-9_]{0,39}$/
const VALUE = /^[A-Za-z0-9_.:/@+!,-]{1,200}$/

function refuse(helper: string, value: unknown): never {
  throw new Error(`${helper}: refused ${JSON.stringify(value) ?? 'a missing value'}`)
}

function matching(helper: string, pattern: RegExp): Print {
  return (value) =>
    typeof value === 'string' && pattern.test(value) ? value : refuse(helper, value)
}

function revealed(helper: string, pattern: RegExp): Print {
  return (value) => {
    const plain = value instanceof Secret ? value.reveal() : ''
    // The refused value stays out of the message: it is a password.
    return pattern.test(plain) ? plain : refuse(helper, '***')
  }
}

function int(value: unknown, ...limits: readonly unknown[]): string {
  const [min = 0, max = Number.MAX_SAFE_INTEGER] = limits
  if (typeof min !== 'number' || typeof max !== 'number') return refuse('int', limits)
  const inBounds =
    typeof value === 'number' &&
    Number.isSafeInteger(value) &&
    value >= min &&
    value <= max
  return inBounds ? String(value) : refuse('int', value)
}

/** Milliseconds as Asterisk's Wait() takes them: seconds, with a fraction. */
function seconds(value: unknown): string {
  return String(Number(int(value, 0, 600_000)) / 1000)
}

/** One of the words the template itself lists: `{{enum beep "yes" "no"}}`. */
function oneOf(value: unknown, ...words: readonly unknown[]): string {
  return typeof value === 'string' && words.includes(value)
    ? value
    : refuse('enum', value)
}

/**
 * A name a person wrote. The characters with a meaning in any file of Asterisk
 * are refused, and so are the invisible ones (L11, L14).
 */
function text(value: unknown): string {
  if (typeof value !== 'string') return refuse('text', value)
  const length = [...value].length
  const fits = length >= 1 && length <= 60 && value.trim() === value
  const clean = value === value.normalize('NFC') && !TEXT_REFUSED.test(value)
  return fits && clean ? value : refuse('text', value)
}

/** A network, printed in the one spelling Asterisk also prints: host bits cleared. */
function cidr(value: unknown): string {
  const [network = '', length = '', extra] = String(value).split('/')
  const bits = Number(length)
  const fits = HOST.test(network) && /^[0-9]{1,2}$/.test(length) && bits <= 32
  if (!fits || extra !== undefined) return refuse('cidr', value)
  const mask = bits === 0 ? 0 : (0xffffffff << (32 - bits)) >>> 0
  const address = network.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0)
  const masked = (address & mask) >>> 0
  const octets = [24, 16, 8, 0].map((shift) => (masked >>> shift) & 255)
  return `${octets.join('.')}/${bits}`
}

function address(value: unknown): string {
  if (typeof value !== 'object' || value === null) return refuse('address', value)
  if (!('host' in value && 'port' in value)) return refuse('address', value)
  return `${host(value.host)}:${int(value.port, 1, 65535)}`
}

const host = matching('host', HOST)

/**
 * An address as SIP URIs write it, as a regular expression: `{ host, port }`, or
 * `{ host }` at any port.
 */
function addressPattern(value: unknown): string {
  if (typeof value !== 'object' || value === null || !('host' in value)) {
    return refuse('addressPattern', value)
  }
  const literal = host(value.host).replaceAll('.', '[.]')
  if (!('port' in value)) return `${literal}(:[0-9]+)?`
  const port = int(value.port, 1, 65535)
  return port === '5060' ? `${literal}(:5060)?` : `${literal}:${port}`
}

/** An absolute path: no white space, nothing a shell or Asterisk would expand, no `..`. */
function path(value: unknown): string {
  if (typeof value !== 'string' || !PATH.test(value)) return refuse('path', value)
  const climbs = value.split('/').some((part) => part === '.' || part === '..')
  return climbs ? refuse('path', value) : value
}

function ident(value: unknown): string {
  const fits =
    typeof value === 'string' && IDENT.test(value) && !RESERVED_IDENTS.has(value)
  return fits ? value : refuse('ident', value)
}

function yesno(value: unknown): string {
  if (typeof value !== 'boolean') return refuse('yesno', value)
  return value ? 'yes' : 'no'
}

/** An ordered list of plain words, as in `allow=alaw,ulaw`. */
function words(value: unknown): string {
  if (!Array.isArray(value) || value.length === 0) return refuse('words', value)
  return value.map(matching('words', /^[a-z][a-z0-9_-]{0,29}$/)).join(',')
}

function optionPart(part: 'key' | 'value', pattern: RegExp): Print {
  return (option) => {
    const fields: Record<string, unknown> =
      typeof option === 'object' ? { ...option } : {}
    return matching(part, pattern)(fields[part])
  }
}

/** The beginning of a User-Agent as a regular expression that knows no case. */
function agentPattern(value: unknown): string {
  if (typeof value !== 'string' || !/^[A-Za-z]{2,20}$/.test(value)) {
    return refuse('agent', value)
  }
  return [...value]
    .map((letter) => `[${letter.toUpperCase()}${letter.toLowerCase()}]`)
    .join('')
}

/** A SIP header of ours; its semicolons would begin a comment (L11). */
function headerValue(value: unknown): string {
  if (typeof value !== 'string' || !/^[A-Za-z0-9<>:/.;= -]{1,120}$/.test(value)) {
    return refuse('headerValue', value)
  }
  return value.replaceAll(';', '\\;')
}

export const prints: Readonly<Record<string, Print>> = {
  ident,
  digits: matching('digits', DIGITS),
  pin: revealed('pin', PIN),
  int,
  seconds,
  enum: oneOf,
  text,
  secret: revealed('secret', SECRET),
  cidr,
  address,
  addressPattern,
  host,
  path,
  yesno,
  words,
  realm: matching('realm', REALM),
  email: matching('email', EMAIL),
  zone: matching('zone', ZONE),
  pattern: matching('pattern', PATTERN),
  behind: (length) => `\${EXTEN:${int(length, 1, 4)}}`,
  hex: matching('hex', HEX),
  agent: agentPattern,
  headerName: matching('headerName', /^[A-Za-z][A-Za-z-]{1,39}$/),
  headerValue,
  key: optionPart('key', KEY),
  value: optionPart('value', VALUE),
}
