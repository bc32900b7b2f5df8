import { describe, expect, it } from 'vitest'
import { diffSections } from '../../../src/config/diff-sections.js'
import { diffSites } from '../../../src/config/diff-site.js'
import { filesWith, siteWith } from './site.js'

const renamed = (text: string) => text.replace('Portier', 'Gardien')
const rekeyed = (text: string) => text.replace('q4Gf7yRk2DxN9vMs', 'Wb3nQ8uHc7JpX5eK')
const newPin = (text: string) => text.replace('824613', '975310')
const withoutLine3 = (text: string) =>
  text.replace(/ {2}- \{ number: "0033972100003".*\n/, '')

describe('diffSites', () => {
  it.each<[string, (text: string) => string, object[]]>([
    ['says nothing of a comment', (text) => `# hello\n${text}`, []],
    [
      'names the field that changes',
      renamed,
      [
        {
          what: 'line',
          name: '0033972100003',
          kind: 'change',
          fields: [{ field: 'name', before: 'Portier', after: 'Gardien' }],
        },
      ],
    ],
    [
      'shows that a password changes, and not the password',
      rekeyed,
      [{ fields: [{ field: 'password', before: '***', after: '***' }] }],
    ],
    [
      'tells a line that goes',
      withoutLine3,
      [{ what: 'line', name: '0033972100003', kind: 'delete', fields: [] }],
    ],
    [
      'tells an emergency number that comes',
      (text) => `${text}emergency: { add: ["3114"] }\n`,
      [{ what: 'setting', name: 'emergencyNumbers', kind: 'change' }],
    ],
    [
      'tells an address that moves',
      (text) => text.replace('sip: 127.0.0.1:5060', 'sip: 127.0.0.1:5062'),
      [
        {
          name: 'asterisk',
          fields: [{ field: 'sip.port', before: '5060', after: '5062' }],
        },
      ],
    ],
  ])('%s', (_name, edit, changes) => {
    expect(diffSites(siteWith(), siteWith(edit))).toMatchObject(changes)
  })

  it('calls everything new when nothing is deployed', () => {
    const kinds = diffSites(undefined, siteWith()).map(({ kind }) => kind)
    expect(new Set(kinds)).toEqual(new Set(['add']))
  })
})

describe('diffSections', () => {
  it('says nothing of equal files, nor of comments and blank lines', () => {
    const commented = filesWith().map(({ name, text }) => ({
      name,
      text: `; one more comment\n\n${text}`,
    }))
    expect(diffSections(filesWith(), commented)).toEqual([])
  })

  it('shows one section for one renamed line', () => {
    expect(diffSections(filesWith(), filesWith(renamed))).toMatchObject([
      { file: 'pjsip_lines.conf', section: '0033972100003 (endpoint)', kind: 'change' },
    ])
  })

  it('shows all sections of a line that goes', () => {
    const changes = diffSections(filesWith(), filesWith(withoutLine3))
    expect(changes.map(({ section, kind }) => `${kind} ${section}`).sort()).toEqual([
      'delete 0033972100003 (aor)',
      'delete 0033972100003 (auth)',
      'delete 0033972100003 (endpoint)',
    ])
  })

  it('shows a changed template once, not once per line that inherits it', () => {
    const edited = filesWith().map(({ name, text }) => ({
      name,
      text:
        name === 'pjsip_lines.conf'
          ? text.replace('[line](!)\n', '[line](!)\nx = 1\n')
          : text,
    }))
    expect(diffSections(filesWith(), edited)).toMatchObject([
      { section: expect.stringContaining('line'), kind: 'change' },
    ])
  })

  it.each<[string, (text: string) => string, string]>([
    ['a SIP password', rekeyed, 'Wb3nQ8uHc7JpX5eK'],
    ['the PIN of a mailbox', newPin, '975310'],
  ])('never shows %s', (_name, edit, secret) => {
    const changes = diffSections(filesWith(), filesWith(edit))
    expect(changes.length).toBeGreaterThan(0)
    expect(JSON.stringify(changes)).not.toContain(secret)
    expect(JSON.stringify(changes)).toContain('***')
  })

  it('shows no secret even when everything is new', () => {
    const text = JSON.stringify(diffSections([], filesWith()))
    for (const secret of ['k7Vw2mXq9sLd4RtY', '824613', 'aaaaaaaa', 'bbbbbbbb']) {
      expect(text).not.toContain(secret)
    }
  })
})
