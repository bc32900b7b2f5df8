import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readSite } from '../../../src/config/load.js'
import { isCode } from '../../../src/model/finding-codes.js'

const example = readFileSync('examples/site.yaml', 'utf8')
const secrets = /k7Vw2mXq9sLd4RtY|Zt5nB8uHc3JpW6eA|q4Gf7yRk2DxN9vMs/

/** What breaks readers: syntax, numbers that are none, keys of objects, control characters. */
const hostile = fc.constantFrom(
  ...[
    '"',
    "'",
    '{',
    '}',
    '[',
    ']',
    ':',
    '- ',
    '&a',
    '*a',
    '!!x',
    '%',
    '|',
    '>',
    '#',
    '\t',
  ],
  ...[
    '\n',
    '\r',
    '---\n',
    '\0',
    '\u001b[2J',
    '\u202e',
    '\ud800',
    '\ufeff',
    '?',
    ',',
    '~',
  ],
  ...['null', '-1', '1e400', '.nan', '0x1F', '0612345678', '99999999999999999999'],
  ...['__proto__:', 'constructor:', '$[1+1]', '112', '*21*', 'voicemail', '3691112'],
)

const edit = fc.record({
  at: fc.nat(example.length),
  gone: fc.integer({ min: 0, max: 60 }),
  by: fc.array(hostile, { maxLength: 3 }).map((pieces) => pieces.join('')),
})

it('a damaged site file is accepted or refused, never more than that (row C13)', () => {
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
      const text = edits.reduce(
        (before, { at, gone, by }) => before.slice(0, at) + by + before.slice(at + gone),
        example,
      )
      const loaded = readSite(text, 'site.yaml')
      const found = loaded.kind === 'site' ? loaded.warnings : loaded.findings
      const words = found.map(({ message, remedy }) => `${message} ${remedy}`).join('\n')

      expect(
        found.every(({ code, line, column }) => isCode(code) && line > 0 && column > 0),
      ).toBe(true)
      expect(loaded.kind === 'site' || found.length > 0).toBe(true)
      expect(words).not.toMatch(/[^\P{Cc}\n]/u)
      expect(Reflect.get({}, 'polluted')).toBeUndefined()
    }),
    { numRuns: 500, seed: 7 },
  )
})

it('a secret at its own place is in no finding, whatever stands around it', () => {
  fc.assert(
    fc.property(edit, ({ at, by }) => {
      const text = example.slice(0, at) + by + example.slice(at)
      const loaded = readSite(text, 'site.yaml')
      expect(JSON.stringify(loaded)).not.toMatch(secrets)
    }),
    { numRuns: 500, seed: 8 },
  )
})
