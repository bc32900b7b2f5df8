import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { plainItem } from '../../../src/config/load-plain.js'
import { readYaml } from '../../../src/config/load-yaml.js'

const item = `  - number: "0033972100003"
    name: Accueil 2e étage
    # since the move
    password: 'Hq7mB2uHc9Jp4TxW'

    calls: 4
    intercom: true
`

describe('an item written in the plainest way', () => {
  it('is read without the library', () => {
    expect(plainItem(item)).toEqual({
      number: '0033972100003',
      name: 'Accueil 2e étage',
      password: 'Hq7mB2uHc9Jp4TxW',
      calls: 4,
      intercom: true,
    })
  })

  it.each([
    ['a number that begins with a zero', '  - number: 0612345678\n'],
    ['a word that is none', '  - name: null\n'],
    ['a number with a point', '  - calls: 1.5\n'],
    ['an escape', '  - name: "a\\tb"\n'],
    ['a quote in quotes', "  - name: 'l''accueil'\n"],
    ['a comment behind a value', '  - name: a # b\n'],
    ['a mapping', '  - forwarding: { busy: voicemail }\n'],
    ['a list below a key', '  - codecs:\n      - alaw\n'],
    ['a text over two lines', '  - name: a\n      b\n'],
    ['a key further to the right', '  - a: 1\n     b: 2\n'],
    ['a key twice', '  - a: 1\n    a: 2\n'],
    ['a key of all objects', '  - constructor: 1\n'],
    ['two items', '  - a: 1\n  - b: 2\n'],
    ['an alias', '  - a: *b\n'],
    ['a tag', '  - a: !!str b\n'],
    ['a tab', '  - a: 1\n\tb: 2\n'],
    ['a space that is none', '  - a: 1\n\u00a0\n'],
    ['a Windows line end', '  - a: 1\r\n'],
    ['nothing', '\n'],
  ])('%s is left to the library', (_what, text) => {
    expect(plainItem(text)).toBeUndefined()
  })

  it('means what the library reads, or is left to it', () => {
    const words = fc.oneof(
      ...[fc.string({ maxLength: 6 }), fc.string({ unit: 'grapheme', maxLength: 6 })],
      fc.stringMatching(/^[0-9exo_.:+-]{1,7}$/),
      fc.constantFrom('yes', 'No', '~', '.inf', '2026-11-21', 'a: b', 'a #b', '- a', ''),
    )
    const written = words.chain((word) =>
      fc.constantFrom(
        word,
        `"${word}"`,
        `'${word}'`,
        `${word} ${word}`,
        `${word}\n      x`,
      ),
    )
    const setting = fc.tuple(fc.constantFrom('a', 'b', 'c_1', 'true', 'É'), written)
    const text = fc
      .array(setting, { minLength: 1, maxLength: 4 })
      .map((settings) => settings.map(([key, value]) => `${key}: ${value}\n`))
      .map((lines) => `  - ${lines.join('    ')}`)
    let plain = 0
    fc.assert(
      fc.property(text, (each) => {
        const read = plainItem(each)
        if (!read) return
        plain += 1
        const { document, findings } = readYaml(each)
        expect(findings).toEqual([])
        expect([read]).toEqual(document)
      }),
      { numRuns: 3_000, seed: 1 },
    )
    expect(plain).toBeGreaterThan(100)
  })
})
