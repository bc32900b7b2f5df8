import { describe, expect, it } from 'vitest'
import { built, type Changes, expectFound } from './document.js'

const pin = '824613'
const server = { host: 'smtp.example.org', from: 'pbx@example.org' }
const recipients = (count: number): object[] =>
  Array.from({ length: count }, (_, at) => ({ to: `a${at}@example.org` }))

const rows: [string, Changes, string[]][] = [
  [
    'the box of a line, by 123 of another of the group',
    {
      ...{ 'lines.0.voicemail': { pin }, 'lines.0.group': 'paris' },
      ...{ 'lines.1.group': 'paris', 'lines.1.defaultVoicemail': '0972100001' },
    },
    [],
  ],
  [
    'the box of another group',
    {
      ...{ 'lines.0.voicemail': { pin }, 'lines.0.group': 'paris' },
      ...{ 'lines.1.group': 'lyon', 'lines.1.defaultVoicemail': '0972100001' },
    },
    ['voicemail.foreign at lines.1.defaultVoicemail'],
  ],
  [
    'a box that is not there',
    { 'lines.1.defaultVoicemail': '0033972100001' },
    ['voicemail.foreign at lines.1.defaultVoicemail'],
  ],
  [
    'no number',
    { 'lines.1.defaultVoicemail': '123' },
    ['number.format at lines.1.defaultVoicemail'],
  ],
  ['a number for remote access', { voicemail: { access: '0972550000' } }, []],
  [
    'a number for remote access that is a line',
    { voicemail: { access: '0972100002' } },
    ['number.duplicate at voicemail.access and lines.1.number'],
  ],
  [
    'a remote password out of the number',
    { 'lines.0.voicemail': { pin, remotePassword: '972100' } },
    ['pin.weak at lines.0.voicemail.remotePassword'],
  ],
  [
    'six addresses',
    { 'lines.0.voicemail': { pin, mail: recipients(6) }, mail: server },
    ['email.tooMany at lines.0.voicemail.mail'],
  ],
  [
    'a mail server that is an option',
    { mail: { ...server, host: '-oQueue' } },
    ['mail.host at mail.host'],
  ],
  [
    'a mail server on port 0',
    { mail: { ...server, port: 0 } },
    ['mail.port at mail.port'],
  ],
]

describe('voicemail and mail: what is wrong is named with its place', () => {
  it.each(rows)('%s', (_, changes, findings) => {
    expectFound(changes, findings)
  })
})

describe('the addresses of a voicemail', () => {
  it('are one list, the short form first', () => {
    const mail = [{ to: 'b@example.org', attach: false }]
    const { site } = built({
      'lines.0.voicemail': { pin, email: 'a@example.org', mail },
    })
    expect(site?.lines[0]?.voicemail?.mail).toEqual([
      { to: 'a@example.org', attach: true },
      { to: 'b@example.org', attach: false },
    ])
  })

  it('and the password of the mail server is printed nowhere', () => {
    const { site } = built({ mail: { ...server, user: 'pbx', password: 'canary-7Kq' } })
    expect(JSON.stringify(site)).not.toContain('canary-7Kq')
    expect(site?.mail?.password?.reveal()).toBe('canary-7Kq')
  })
})
