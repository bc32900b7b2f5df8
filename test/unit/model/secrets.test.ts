import { describe, it } from 'vitest'
import { type Changes, expectFound } from './document.js'

const rows: [string, Changes, string[]][] = [
  [
    'a password with the number of the line',
    { 'lines.0.password': 'k972100001xQz7' },
    ['secret.weak at lines.0.password'],
  ],
  [
    'a password of another line',
    { 'lines.1.password': 'k7Vw2mXq9sLd4RtY' },
    ['secret.reused at lines.1.password and lines.0.password'],
  ],
  [
    'a voicemail PIN out of the number',
    { 'lines.0.voicemail': { pin: '972100' } },
    ['pin.weak at lines.0.voicemail.pin'],
  ],
  [
    'a lock PIN out of the number',
    { 'lines.0.lock': { pin: '9721' } },
    ['pin.weak at lines.0.lock.pin'],
  ],
  [
    'a lock PIN that repeats',
    { 'lines.0.lock': { pin: '4242' } },
    ['pin.weak at lines.0.lock.pin'],
  ],
  [
    'an address for messages that is an option',
    { 'lines.0.voicemail': { pin: '824613', email: '-x@example.org' } },
    ['email.format at lines.0.voicemail.email'],
  ],
  [
    'intercom on a phone that cannot',
    { 'lines.0.intercom': true, 'lines.0.phone': { intercom: false } },
    ['intercom.phone at lines.0.intercom'],
  ],
  [
    'a line open to everywhere',
    { 'lines.0.allowedNetworks': ['0.0.0.0/0'] },
    ['acl.open at lines.0.allowedNetworks.0'],
  ],
  ['no line', { lines: [], aliases: [] }, ['lines.none at lines']],
]

describe('Secrets: what is wrong is named with its place', () => {
  it.each(rows)('%s', (_, changes, findings) => {
    expectFound(changes, findings)
  })
})
