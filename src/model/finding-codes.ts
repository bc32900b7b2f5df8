/** `invalid`: a mistake of form (exit 78). `policy`: well formed, refused by a rule (4). */
export type Severity = 'invalid' | 'policy' | 'warning'

interface Rule {
  readonly severity: Severity
  readonly remedy: string
}

const invalid = (remedy: string): Rule => ({ severity: 'invalid', remedy })
const policy = (remedy: string): Rule => ({ severity: 'policy', remedy })
const warning = (remedy: string): Rule => ({ severity: 'warning', remedy })

/**
 * Every rule a site file can break: its stable slug, how severe it is, and what to
 * do about it. Schemas carry the slug as their message, so that the same rule reads
 * the same in the site file, in the API and in an import.
 */
export const rules = {
  'model.empty': invalid(
    'start from examples/site.yaml; an empty file never deletes lines',
  ),
  'schema.newer': invalid('upgrade linekeeper, or remove `version`'),

  'key.missing': invalid('add the key'),
  'key.unknown': invalid('remove the key, or correct its spelling'),
  'value.type': invalid('see `linekeeper schema` for what is expected here'),

  'number.unquoted': invalid('quote telephone numbers and codes: "0612345678"'),
  'number.format': invalid('write a telephone number: "0612345678", "+33612345678"'),
  'number.duplicate': invalid('give each number to one line, alias or short number'),
  'id.format': invalid(
    'use a-z, 0-9 and _, a letter first; 20 for a trunk, 40 for others',
  ),
  'id.reserved': invalid('choose another name: Asterisk uses this one itself'),
  'id.duplicate': invalid('give each its own name'),
  'name.length': invalid('use 1 to 60 characters'),
  'name.chars': invalid('use letters, digits, spaces and plain punctuation only'),
  'label.format': invalid('use 1 to 60 characters'),
  'secret.format': invalid('use 12 to 64 of A-Z a-z 0-9 . _ ~ -'),
  'secret.weak': invalid('use at least 12 random characters'),
  'pin.format': invalid('use 6 to 8 digits for a voicemail, 4 for a lock'),
  'pin.weak': invalid("avoid repeats, runs and the line's own digits"),
  'email.format': invalid('write an address like accueil@example.org'),
  'email.tooMany': invalid('five addresses are the most; use a list of the mail server'),
  'mail.host': invalid('write the name or the IPv4 address of the mail server'),
  'mail.port': invalid('write a port: 587, 465 or 25'),
  'price.format': invalid('write an amount with cents in quotes, like "1.00"'),
  'orders.days': invalid('use a whole number of days from 1 to 365'),
  'orders.vat': invalid('use a percentage from 0 to 50, with one decimal at most'),

  'limit.range': invalid('use a whole number from 1 to 99'),
  'limit.contact': invalid('99 is the most one line may have; use several lines'),
  'delay.range': invalid('use a whole number of seconds from 5 to 60'),
  'hours.range': invalid('use `unlimited`, or `{ hours: 1 to 744 }`'),
  'codec.unknown': invalid('use alaw, ulaw, g722, gsm, g726, ilbc or opus'),
  'codec.none': invalid('name at least one codec, or leave the key out'),
  cidr: invalid('write an IPv4 network, like 10.0.0.0/8 or 192.0.2.7/32'),
  'acl.max6': invalid('merge networks until six are left'),
  'address.format': invalid('write an IPv4 address and a port, like 127.0.0.1:5060'),
  'address.duplicate': invalid('give each its own address or port'),
  'rtp.range': invalid('write two ports from 1024 up, like 10000-10999'),
  'country.unknown': invalid('use a two-letter ISO 3166 code, like FR'),
  'timeZone.unknown': invalid('use an IANA name, like Europe/Paris'),
  'realm.format': invalid('use 1 to 64 of A-Z a-z 0-9 . -'),
  'emergency.format': invalid('write 2 to 6 digits, like "112"'),
  'forward.target': invalid(
    'use voicemail, { voicemail: "<line>" }, fax, { fax: "<line>" } or a "<number>"',
  ),
  'limits.night': invalid('write two times of the day, like 20:00-07:00, or none'),
  'interdigit.range': invalid('use milliseconds, 0 to 10000'),
  'webName.format': invalid(
    'write at most twenty names in small letters, without port: phones.example.org',
  ),
  'short.format': invalid('use 3 or 4 digits, the first a 2 (line) or a 7 (group)'),
  'short.owner': invalid('give a 2… number a `line`, a 7… number a `group` or neither'),
  'alias.present': invalid('let one alias of the line say `present: true`'),
  'filter.entry': invalid(
    'write a number, a beginning like "0612*", or a kind: mobile, international, services …',
  ),
  'filter.tooMany': invalid('use beginnings like "00336*" until 1000 entries are left'),
  'csv.header': invalid('write the columns that the message names, in this order'),
  'csv.syntax': invalid('correct the row: close its quotes, keep each cell on one line'),
  'csv.tooLong': invalid('split the table: 100000 rows are the limit'),
  'csv.conflict': invalid('keep one of the two rows'),
  'number.mangled': invalid(
    'a spreadsheet has changed it: format the column as text, and write the number again',
  ),
  'sound.format': invalid('save the sound as a WAV file again, and send that'),
  'sound.encoding': invalid(
    'save it as WAV, PCM of 8, 16 or 24 bits, mono or stereo, 8000 to 48000 Hz',
  ),
  'sound.cut': invalid('send the whole file'),
  'sound.length': invalid('let it last from half a second to two minutes'),
  'ref.missing': invalid('declare it, or correct the reference'),

  'plan.calls': invalid('raise `maximum`, or lower `included`'),
  'plan.limit': policy('lower `calls`, or move the line to a plan that allows more'),
  'plan.downgrade': policy('a plan of several calls never goes back to a plan of one'),
  'forward.loop': policy('break the circle: change one of its forwards'),
  'forward.depth': policy('shorten the chain to five forwards at most'),
  'forward.class': policy('choose a line, a landline, a mobile or a voicemail'),
  'forward.fax': policy('only a line whose plan says `fax: true` forwards to a fax'),
  'forward.unknown': policy('give the target: { "to": "<number>" }'),
  'voicemail.foreign': policy('choose a line of the same group that has a voicemail'),
  'shown.foreign': policy('choose a line or an alias of the same group and account'),
  'short.class': policy('point the short number at a number that may be dialled'),
  'emergency.required': policy("keep 112 and all of the country's emergency numbers"),
  'trunk.open': policy("give the carrier's own address; another would let anyone call"),

  'emergency.noTrunk': warning('add a trunk'),
  'lines.none': warning('add the first line'),
  'acl.open': warning('leave the key out, or name the real networks'),
  'intercom.phone': warning('turn `intercom` off, or correct `phone.intercom`'),
  'trunk.shared': warning('give the carrier an address of its own'),
  'listener.exposed': warning('bind it to 127.0.0.1; who reaches it owns the telephones'),
  'sip.public': warning('bind it to a private address, or filter who may reach it'),
  'secret.reused': warning('give each line its own password'),

  'file.missing': invalid('check the path'),
  'file.unreadable': invalid('check the owner and the mode of the file'),
  'file.type': invalid('give the path of a regular file itself, not of a link to it'),
  'file.size': invalid('split the site: 64 MB is the limit'),
  'file.changed': invalid('try again when nothing writes the file'),
  'file.encoding': invalid('save the file as UTF-8'),
  'file.mode': warning('chmod 0640: the file holds passwords'),
  'yaml.syntax': invalid('correct the syntax at this place'),
  'yaml.alias': invalid('quote codes starting with * or &'),
  'yaml.duplicateKey': invalid('keep one of the two'),
  'yaml.tag': invalid('remove the tag; put the value in quotes'),
  'yaml.limits': invalid('write the file out: fewer anchors, aliases and levels'),
} as const satisfies Record<string, Rule>

export type Code = keyof typeof rules

export function isCode(text: string): text is Code {
  return Object.hasOwn(rules, text)
}

/** The slug a schema gives as its message; a name the table does not know is a type error. */
export function breaks(code: Code): { error: Code } {
  return { error: code }
}
