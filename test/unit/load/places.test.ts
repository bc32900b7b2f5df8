import { describe, expect, it } from 'vitest'
import { type Located, readSite } from '../../../src/config/load.js'

const lines = [
  'site: { name: demo, country: FR, timeZone: Europe/Paris }',
  'asterisk: { sip: "127.0.0.1:5060", rtp: 10000-10999, ari: "127.0.0.1:8088", ami: "127.0.0.1:5038" }',
  'http: 127.0.0.1:8080',
  'plans:',
  '  entreprise: { label: Entreprise, calls: { included: 2, maximum: 99 } }',
  'trunks: [{ name: carrier, address: "127.0.0.5:5080" }]',
  'lines:',
  '  - number: "0972100001"',
  '    name: Accueil',
  '    password: k7Vw2mXq9sLd4RtY',
  '    plan: entreprise',
  '  - number: "0972100002"',
  '    name: Atelier',
  '    password: Zt5nB8uHc3JpW6eA',
  '    plan: entreprise',
]

/** The site with one line of it changed; an empty line takes it away. */
function changed(at: number, by: string): string {
  const all = lines.map((line, index) => (index + 1 === at ? by : line))
  return `${all.filter((line) => line !== '').join('\n')}\n`
}

function found(text: string): readonly Located[] {
  const loaded = readSite(text, 'site.yaml')
  return loaded.kind === 'site' ? loaded.warnings : loaded.findings
}

function inWords({ file, line, column, code }: Located): string {
  return `${file}:${line}:${column} ${code}`
}

describe('a finding is at', () => {
  it('nothing, when the site is right', () => {
    expect(found(lines.join('\n'))).toEqual([])
  })

  it.each([
    ['the value that is wrong', 9, '    name: "A;B"', 'site.yaml:9:11 name.chars'],
    ['the key that is unknown', 9, '    nam: Accueil', 'site.yaml:9:5 key.unknown'],
    ['the entry that lacks a key', 9, '', 'site.yaml:8:5 key.missing'],
    [
      'the member of a list',
      6,
      'trunks: [{ name: carrier, address: 127.0.0.5 }]',
      'site.yaml:6:36 address.format',
    ],
    [
      'the second of two',
      12,
      '  - number: "+33972100001"',
      'site.yaml:12:13 number.duplicate',
    ],
    ['the reference', 11, '    plan: enterprise', 'site.yaml:11:11 ref.missing'],
    ['the quote that is missing', 9, '    name: "Accueil', 'site.yaml:'],
    ['the tab', 9, '\tname: Accueil', 'site.yaml:9:1 yaml.syntax'],
  ])('%s', (_place, at, by, expected) => {
    const words = found(changed(at, by)).map(inWords)
    expect(words.some((each) => each.startsWith(expected))).toBe(true)
  })

  it('both places, when it is about two', () => {
    const [twice] = found(changed(12, '  - number: "0033972100001"'))
    expect(twice?.message).toContain('(the other is at 8:13)')
    expect(twice).toMatchObject({ line: 12, column: 13, alsoAt: { line: 8, column: 13 } })
  })
})

describe('a message', () => {
  it('shows a number as it was written, with its zero', () => {
    const [unquoted] = found(changed(8, '  - number: 0972100001'))
    expect(unquoted).toMatchObject({ code: 'number.unquoted', line: 8, column: 13 })
    expect(unquoted?.message).toContain('0972100001 without quotes')
    expect(unquoted?.remedy).toContain('"0972100001"')
  })

  it.each([
    ['too short', '    password: geheim'],
    ['of the wrong characters', '    password: "geheim;geheim"'],
    ['of digits without quotes', '    password: 4711081500001'],
    ['that looks like an alias', '    password: *geheim'],
    ['with something behind its quote', '    password: "geheim" geheim'],
  ])('never shows a password %s', (_what, by) => {
    const all = found(changed(10, by))
    expect(all.length).toBeGreaterThan(0)
    expect(JSON.stringify(all)).not.toMatch(/geheim|4711/)
  })

  it('shows nothing that a terminal obeys', () => {
    const all = found(changed(9, '    name: "\\e[31mred"\n    "\\e[2Jx": 1'))
    expect(all.map(({ code }) => code).sort()).toEqual(['key.unknown', 'name.chars'])
    expect(all.map(({ message }) => message).join()).not.toMatch(/\p{Cc}/u)
  })
})

it('one mistake does not hide another', () => {
  const text = changed(9, '    name: ""')
    .replace('"0972100002"', '"0972100001"')
    .replace('5080', '99999')
  expect(found(text).map(({ code }) => code)).toEqual([
    'address.format',
    'name.length',
    'number.duplicate',
  ])
})
