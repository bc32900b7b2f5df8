import { describe, expect, it } from 'vitest'
import { changeSettings } from '../../../src/call/change-settings.js'
import { directoryOf } from '../../../src/call/directory.js'
import { settingsView } from '../../../src/http/live-view.js'
import type { Line } from '../../../src/model/line.js'
import { Secret } from '../../../src/model/secret.js'
import { settings, withStored } from '../../../src/model/setting-keys.js'
import type { SettingsChange } from '../../../src/model/settings.js'
import { PhoneBook } from '../../scenario/phone-book.js'

const ALICE = '0033972100001'
const CAROL = '0033972100003'
const box = { pin: new Secret('204060') }
const attached = { to: 'a@example.org', attach: true }
const notified = { to: 'b@example.org', attach: false }

function change(wanted: SettingsChange, alice: Partial<Line> = { voicemail: box }) {
  const book = new PhoneBook()
  book.declare('line', 'alice', { group: 'paris', ...alice })
  book.declare('line', 'bob', { group: 'lyon', voicemail: box })
  book.declare('line', 'carol', { group: 'paris', voicemail: box })
  const directory = directoryOf(book.site())
  const line = directory.lines.get(ALICE)
  if (!line) throw new Error('no Alice')
  return { line, changed: changeSettings(line, wanted, directory) }
}

describe('the voicemail of a line', () => {
  it('is told to several addresses, and can be opened from elsewhere', () => {
    const voicemail = {
      mail: [attached, notified],
      remotePassword: new Secret('517934'),
    }
    const { line, changed } = change({ voicemail, defaultVoicemail: CAROL })
    if (changed.kind === 'refused') throw new Error(changed.findings[0]?.message)
    expect(settingsView(changed.line)).toMatchObject({
      voicemail: { mail: [attached, notified], remoteAccess: true },
      defaultVoicemail: CAROL,
    })
    expect(JSON.stringify(settingsView(changed.line))).not.toContain('517934')
    const stored = changed.differences.map(
      ({ setting, after }) => [setting.key, after] as const,
    )
    expect(withStored(line, new Map(stored))).toEqual(changed.line)
  })

  it('is told to nobody and closed again', () => {
    const voicemail = { mail: null, remotePassword: null }
    const alice = { ...box, mail: [attached], remotePassword: new Secret('517934') }
    const { changed } = change({ voicemail }, { voicemail: alice })
    if (changed.kind === 'refused') throw new Error(changed.findings[0]?.message)
    expect(settingsView(changed.line).voicemail).toEqual({
      mail: [],
      remoteAccess: false,
    })
  })

  it.each<[string, SettingsChange, Partial<Line> | undefined, string]>([
    [
      'a box of another group',
      { defaultVoicemail: '0033972100002' },
      undefined,
      'voicemail.foreign',
    ],
    [
      'a line that is none',
      { defaultVoicemail: '0033972199999' },
      undefined,
      'voicemail.foreign',
    ],
    ['no number', { defaultVoicemail: '123' }, undefined, 'number.format'],
    [
      'addresses of a line without box',
      { voicemail: { mail: [attached] } },
      {},
      'ref.missing',
    ],
    [
      "a password out of the line's number",
      { voicemail: { remotePassword: new Secret('972100') } },
      undefined,
      'pin.weak',
    ],
  ])('refuses %s', (_what, wanted, alice, code) => {
    const { changed } = change(wanted, alice)
    if (changed.kind === 'changed') throw new Error('it was accepted')
    expect(changed.findings.map((each) => each.code)).toEqual([code])
  })

  it('keeps its password secret wherever a change is told', () => {
    const secret = settings.filter((each) => each.secret).map(({ key }) => key)
    expect(secret).toContain('voicemail.remotePassword')
  })
})
