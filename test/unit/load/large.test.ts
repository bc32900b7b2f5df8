import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { readText } from '../../../src/config/load-large.js'
import { partsOf } from '../../../src/config/load-parts.js'
import { readYaml } from '../../../src/config/load-yaml.js'
import { arbitrarySite } from '../../rig/random-site.js'

/** More than 2 MB, so that the text is read in parts. */
const padding = `# ${'x'.repeat(2_100_000)}\n`

const styles = fc.record({
  indent: fc.constantFrom(2, 4),
  indentSeq: fc.boolean(),
  lineWidth: fc.constantFrom(0, 30, 80),
  collectionStyle: fc.constantFrom('any' as const, 'block' as const),
  defaultStringType: fc.constantFrom('QUOTE_DOUBLE' as const, 'QUOTE_SINGLE' as const),
  // A key of the root in quotes is not looked for: such a text is read in one piece.
  defaultKeyType: fc.constant('PLAIN' as const),
})

/** Styles without indentation write an empty list as `[]` at the margin: no key, no cut. */
function withoutEmptyLists(raw: object): object {
  const kept = ([, value]: [string, unknown]) => !Array.isArray(value) || value.length > 0
  return Object.fromEntries(Object.entries(raw).filter(kept))
}

describe('a text that is cut at its keys and items', () => {
  it('says the same as in one piece, in every style of writing', () => {
    fc.assert(
      fc.property(arbitrarySite(), styles, (raw, style) => {
        const text = padding + stringify(withoutEmptyLists(raw), style)
        expect(
          partsOf(text)
            ?.parts.map((part) => part.text)
            .join(''),
        ).toBe(text)
        expect(readText(text).document).toEqual(readYaml(text).document)
      }),
      { numRuns: 60, seed: 1 },
    )
  })

  it.each([
    ['an item at the margin', 'lines:\n- a: 1\n- a: 2\nhttp: x\n'],
    [
      'comments and empty lines between',
      'lines: # ours\n\n# one\n  - a: 1\n\n# two\n  - a: 2\n',
    ],
    ['Windows line ends', 'lines:\r\n  - a: 1\r\n  - a: 2\r\nhttp: x\r\n'],
    [
      'a text over several lines',
      'lines:\n  - a: |\n      - x\n      - y\n  - a: >-\n     z\n',
    ],
    ['an item that is a list', 'lines:\n  - - 1\n    - 2\n  - - 3\n'],
    ['an item alone on its line', 'lines:\n  -\n    a: 1\n  -\n    a: 2\n'],
    ['a list below another list', 'a:\n  b:\n    - 1\n    - 2\nc:\n  - 3\n'],
    ['an alias in another part', 'plans: &p { x: 1 }\nlines:\n  - *p\n  - *p\n'],
    ['a key twice', 'http: x\nlines:\n  - 1\nhttp: y\n'],
    ['a value over several lines at the wrong place', 'a: "x\n- y"\nb: 1\n'],
  ])('%s', (_what, text) => {
    const large = readText(padding + text)
    const whole = readYaml(padding + text)
    expect(large.document).toEqual(whole.document)
    expect(large.findings).toEqual(whole.findings)
  })

  it.each([
    ['a value', ['lines', 1, 'a'], false],
    ['a key', ['lines', 1, 'a'], true],
    ['an item', ['lines', 0], false],
    ['what is missing in an item', ['lines', 1, 'z'], false],
    ['a key of the root', ['http'], true],
    ['a value of the root', ['http'], false],
  ])('finds %s again', (_what, path, ofKey) => {
    const text = `${padding}http: x\nlines:\n  - a: 1\n    b: 2\n  - b: 3\n    a: 0612\n`
    const [large, whole] = [readText(text), readYaml(text)]
    const offsets = [large, whole].map((each) => each.map?.offsetOf(path, ofKey) ?? -1)
    expect(offsets[0]).toBe(offsets[1])
    expect(large.positionOf(offsets[0] ?? 0)).toEqual(whole.positionOf(offsets[1] ?? 0))
    expect(large.map?.writtenNumber(path)).toBe(whole.map?.writtenNumber(path))
  })
})

describe('a text that cannot be cut', () => {
  it.each([
    ['JSON', `{ "a": "${'x'.repeat(2_100_000)}" }`],
    ['a list', `${padding}- 1\n- 2\n`],
    ['two documents', `${padding}a: 1\n---\nb: 2\n`],
  ])('is read in one piece: %s', (_what, text) => {
    expect(partsOf(text)).toBeUndefined()
    expect(readText(text).findings).toEqual(readYaml(text).findings)
  })

  it('is refused when it is longer than 16 MB', () => {
    const yaml = readText(`{ "a": "${'x'.repeat(17_000_000)}" }`)
    expect(yaml.findings.map(({ finding }) => finding.code)).toEqual(['yaml.limits'])
  })
})
