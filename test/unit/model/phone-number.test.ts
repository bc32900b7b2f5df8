import fc from 'fast-check'
import { getCountries, getExampleNumber } from 'libphonenumber-js/max'
import examples from 'libphonenumber-js/mobile/examples'
import { describe, expect, it } from 'vitest'
import { classify, parseNumber, toCarrier } from '../../../src/model/phone-number.js'

/** A parsed number in few words: the number itself, or what it is instead. */
function read(text: string, country = 'FR'): string {
  const parsed = parseNumber(text, country)
  switch (parsed.kind) {
    case 'number':
      return parsed.number
    case 'short':
      return `short ${parsed.number}`
    case 'intercom':
      return `intercom ${parsed.to}`
    case 'perCall':
      return `${parsed.hideNumber ? 'hide' : 'show'} ${parsed.to}`
    case 'code':
      return `code ${parsed.code}`
    case 'voicemail':
    case 'unparseable':
      return parsed.kind
  }
}

describe('a number in any spelling', () => {
  it.each([
    ['0612345678', '0033612345678'],
    ['06 12 34 56 78', '0033612345678'],
    ['06.12.34.56.78', '0033612345678'],
    ['06-12-34-56-78', '0033612345678'],
    ['06/12/34/56/78', '0033612345678'],
    ['06\u00a012\u202f34 56 78', '0033612345678'],
    ['+33612345678', '0033612345678'],
    ['+33 (0)6 12 34 56 78', '0033612345678'],
    ['0033612345678', '0033612345678'],
    ['00330612345678', '0033612345678'],
    ['33612345678', '0033612345678'],
    ['(06)12345678', '0033612345678'],
    ['0972100001', '0033972100001'],
    ['+4930901820', '004930901820'],
    ['004930901820', '004930901820'],
    // Overseas departments: dialled like home, with a country code of their own.
    ['0262123456', '00262262123456'],
    ['0692123456', '00262692123456'],
    ['0590123456', '00590590123456'],
    ['+33590123456', '00590590123456'],
    ['+590590123456', '00590590123456'],
    ['0508412345', '00508508412345'],
    ['0694123456', '00594694123456'],
    ['0696123456', '00596696123456'],
    ['3631', '3631'],
    ['36 31', '3631'],
    ['118218', '118218'],
    ['1015', '1015'],
  ])('%s is %s', (text, number) => {
    expect(read(text)).toBe(number)
  })

  it.each([
    ['15', '15'],
    ['112', '112'],
    ['+112', '112'],
    ['00112', '112'],
    ['116117', '116117'],
    ['1 5', 'unparseable'],
    ['1 12', 'unparseable'],
    ['0112', 'unparseable'],
    ['112112', 'unparseable'],
    ['+15', 'unparseable'],
    ['0015', 'unparseable'],
  ])('%s is the emergency call, or nothing: %s', (text, meaning) => {
    expect(read(text)).toBe(meaning)
  })

  it.each([
    ['123', 'voicemail'],
    ['7001', 'short 7001'],
    ['700', 'short 700'],
    ['2001', 'short 2001'],
    ['36910972100001', 'intercom 0972100001'],
    ['3691+33972100001', 'intercom +33972100001'],
    ['36510612345678', 'hide 0612345678'],
    ['36520612345678', 'show 0612345678'],
    ['3651112', 'hide 112'],
    ['*21*0612345678#', 'code *21*0612345678#'],
    ['#21#', 'code #21#'],
    ['3691', 'unparseable'],
    ['3651', 'unparseable'],
    ['36 91', 'unparseable'],
    ['36 91 09 72 10 00 01', 'unparseable'],
    ['1 2 3', 'unparseable'],
    ['70 01', 'unparseable'],
  ])('%s is a service: %s', (text, meaning) => {
    expect(read(text)).toBe(meaning)
  })

  it.each([
    ['', 'empty'],
    ['0', 'one digit'],
    ['061234567', 'a digit missing'],
    ['06123456789', 'a digit too many'],
    ['0'.repeat(41), 'forty and more'],
    ['0612345678x12', 'an extension'],
    ['0612345678;ext=1', 'a parameter'],
    ['tel:0612345678', 'a URI'],
    ['0612345678\n', 'a newline'],
    [' 0612345678', 'a space first'],
    ['٠٦١٢٣٤٥٦٧٨', 'digits of another script'],
    ['+', 'a plus alone'],
    ['++33612345678', 'two pluses'],
    ['0800 FLEURS', 'letters'],
    ['8001', 'four digits of nobody'],
  ])('%j is none: %s', (text) => {
    expect(read(text)).toBe('unparseable')
  })

  it.each([
    ['0470123456', 'BE', '0032470123456'],
    ['2125550123', 'US', '0012125550123'],
    ['011 33 6 12 34 56 78', 'US', '0033612345678'],
    ['0033612345678', 'US', '0033612345678'],
    ['110', 'DE', '110'],
    ['15', 'DE', 'unparseable'],
    ['0612345678', 'XX', 'unparseable'],
    ['+33612345678', 'XX', 'unparseable'],
    ['112', 'XX', '112'],
  ])('%s in %s is %s', (text, country, number) => {
    expect(read(text, country)).toBe(number)
  })
})

describe('the class of a number', () => {
  it.each([
    ['15', 'emergency'],
    ['116117', 'emergency'],
    ['0033145678901', 'national'],
    ['0033972100001', 'national'],
    ['0033612345678', 'mobile'],
    ['0033712345678', 'mobile'],
    ['0033800123456', 'freephone'],
    ['0033805123456', 'freephone'],
    ['0033806123456', 'national'],
    ['0033809123456', 'national'],
    ['0033810123456', 'special'],
    ['0033826101010', 'special'],
    ['0033899123456', 'special'],
    ['3000', 'freephone'],
    ['3131', 'freephone'],
    ['3231', 'special'],
    ['1015', 'special'],
    ['118218', 'special'],
    ['116123', 'freephone'],
    ['00262262123456', 'national'],
    ['00262692123456', 'mobile'],
    ['00590590123456', 'national'],
    ['00508412345', 'national'],
    ['004930901820', 'international'],
    ['004915123456789', 'international'],
    ['00352621123456', 'international'],
    ['0035318765432', 'international'],
    // Premium abroad, outside the EEA, satellites: nobody calls these by intent.
    ['00499001234567', 'closed'],
    ['0037799887766', 'closed'],
    ['00442079460000', 'closed'],
    ['0012125550123', 'closed'],
    ['0041446681800', 'closed'],
    ['00252612345678', 'closed'],
    ['00881612345678', 'closed'],
    ['00870773123456', 'closed'],
    ['00979123456789', 'closed'],
    ['0080012345678', 'closed'],
    ['00999123456', 'closed'],
    ['00262', 'closed'],
    ['8001', 'closed'],
  ])('%s is %s in France', (number, kind) => {
    expect(classify(number, 'FR')).toBe(kind)
  })

  it.each([
    ['004930901820', 'DE', 'national'],
    ['004915123456789', 'DE', 'mobile'],
    ['00498001234567', 'DE', 'freephone'],
    ['00499001234567', 'DE', 'special'],
    ['0033612345678', 'DE', 'international'],
    ['110', 'DE', 'emergency'],
    ['3631', 'DE', 'closed'],
    ['112', 'SE', 'emergency'],
    ['0033612345678', 'XX', 'international'],
  ])('%s in %s, which has no table of its own, is %s', (number, country, kind) => {
    expect(classify(number, country)).toBe(kind)
  })
})

describe('what a carrier is sent', () => {
  it.each([
    ['0033612345678', 'e164', '+33612345678'],
    ['0033612345678', '00', '0033612345678'],
    ['3631', 'e164', '3631'],
    ['112', 'e164', '112'],
    ['112', '00', '112'],
  ] as const)('%s as %s: %s', (number, format, sent) => {
    expect(toCarrier(number, format)).toBe(sent)
  })
})

/** Nine digits after the zero, as they are dialled in France. */
const national = fc.stringMatching(/^[1-79]\d{8}$/)

const spellings: ((digits: string) => string)[] = [
  (digits) => `0${digits}`,
  (digits) => `+33${digits}`,
  (digits) => `0033${digits}`,
  (digits) => `+33 (0)${digits}`,
  (digits) => (`0${digits}`.match(/\d\d/g) ?? []).join(' '),
  (digits) => (`0${digits}`.match(/\d\d/g) ?? []).join('.'),
  (digits) => (`0${digits}`.match(/\d\d/g) ?? []).join('-'),
]

describe('for every number', () => {
  it('all spellings have one canonical form and one class', () => {
    fc.assert(
      fc.property(national, (digits) => {
        const forms = spellings.map((spell) => read(spell(digits)))
        expect(new Set(forms).size, forms.join()).toBe(1)
        expect(forms[0]).toMatch(/^00[1-9]\d{6,}$/)
        expect(['national', 'mobile']).toContain(classify(forms[0] ?? '', 'FR'))
      }),
      { numRuns: 500, seed: 1 },
    )
  })

  it.each(getCountries().map((country) => [country]))(
    'of %s, the canonical form is read as itself',
    (country) => {
      const example = getExampleNumber(country, examples)
      if (!example) return
      const canonical = read(example.number)
      expect(read(canonical)).toBe(canonical)
      expect(read(`+${canonical.slice(2)}`)).toBe(canonical)
      expect(read(example.formatInternational())).toBe(canonical)
      expect(classify(canonical, 'FR')).not.toBe('emergency')
    },
  )

  it('any text is read without an exception, and its reading as itself', () => {
    const text = fc.oneof(
      fc.string(),
      fc.stringMatching(/^\+?[\d ().-]{1,20}$/),
      fc.stringMatching(/^(?:00|3691|3651|[127])?\d{1,15}$/),
    )
    fc.assert(
      fc.property(
        text,
        fc.constantFrom('FR', 'US', 'DE', 'IT', 'XX'),
        (each, country) => {
          const parsed = parseNumber(each, country)
          if (parsed.kind !== 'number') return
          expect(parsed.number).toMatch(/^\d+$/)
          expect(parseNumber(parsed.number, country)).toEqual(parsed)
          expect(classify(parsed.number, country)).toBeTypeOf('string')
        },
      ),
      { numRuns: 3_000, seed: 1 },
    )
  })
})
