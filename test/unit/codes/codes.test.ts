import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CODES, NUMBERS } from '../../../src/call/code-table.js'
import { type CodeCommand, operandsOf, parseCode } from '../../../src/call/codes.js'
import { parseNumber } from '../../../src/model/phone-number.js'

/** A command as one line: the PIN shown, which no log ever does. */
function said(dialled: string): string {
  const parsed = parseCode(dialled, 'FR')
  if (parsed.kind === 'fault') return `fault ${parsed.fault}`
  const { service, does, to, seconds, pin } = parsed.command
  const target = to && (to.kind === 'voicemail' ? `box ${to.line}` : to.number)
  return [service, does, target, seconds, pin?.reveal()]
    .filter((word) => word !== undefined)
    .join(' ')
}

const mobile = '0033612345678'
const line = '0033972100001'

describe('a dialled string is one command', () => {
  it.each([
    ['*21*0612345678#', `unconditional on ${mobile}`],
    ['*21*0612345678', `unconditional on ${mobile}`],
    ['*21*0033612345678#', `unconditional on ${mobile}`],
    ['*21*+33612345678#', `unconditional on ${mobile}`],
    ['*21*33612345678#', `unconditional on ${mobile}`],
    ['*21*7001#', 'unconditional on 7001'],
    ['*21*200#', 'unconditional on 200'],
    ['*21*920972100001#', `unconditional on box ${line}`],
    ['*21*920033972100001#', `unconditional on box ${line}`],
    ['*21*92+33972100001#', `unconditional on box ${line}`],
    ['*21#', 'unconditional on'],
    ['*21', 'unconditional on'],
    ['#21#', 'unconditional off'],
    ['#21', 'unconditional off'],
    ['*#21#', 'unconditional query'],
    ['**21#', 'unconditional toggle'],
    ['*69*0612345678#', `busy on ${mobile}`],
    ['**69', 'busy toggle'],
    ['*61*0612345678#', `noAnswer on ${mobile}`],
    ['*61*0612345678*8#', `noAnswer on ${mobile} 8`],
    ['*61*0612345678*5', `noAnswer on ${mobile} 5`],
    ['*61*0612345678*60#', `noAnswer on ${mobile} 60`],
    ['*61*0612345678*00020#', `noAnswer on ${mobile} 20`],
    ['#002', 'allForwards off'],
    ['#002#', 'allForwards off'],
    ['*24#', 'absent on'],
    ['#26#', 'doNotDisturb off'],
    ['*#82#', 'rejectAnonymous query'],
    ['**31#', 'hideNumber toggle'],
    ['*33#', 'lock on'],
    ['*33*1234#', 'lock on 1234'],
    ['#33*0000#', 'lock off 0000'],
    ['*#33#', 'lock query'],
    ['*#33*1234', 'lock query 1234'],
    ['*11#', 'pickup on'],
    ['*11', 'pickup on'],
    ['*11*0972100001', `pickup on ${line}`],
    ['*11*7001#', 'pickup on 7001'],
  ])('%s is %s', (dialled, expected) => {
    expect(said(dialled)).toBe(expected)
  })
})

describe('what is no command is a fault', () => {
  it.each([
    // F02, F03, F06
    ['*21**#', 'form'],
    ['*21*#', 'number'],
    ['*21*abc#', 'number'],
    ['*21*06 12#', 'number'],
    [`*21*${'1'.repeat(40)}#`, 'number'],
    ['*21*36910972100001#', 'number'],
    ['*21*36510612345678#', 'number'],
    ['*21*123#', 'number'],
    ['*21**61#', 'form'],
    ['*21*#21##', 'form'],
    ['*21*92#', 'number'],
    ['*21*92123#', 'number'],
    // F08
    ['*61*0612345678*4#', 'delay'],
    ['*61*0612345678*61#', 'delay'],
    ['*61*0612345678*-1#', 'delay'],
    ['*61*0612345678*#', 'delay'],
    ['*69*0612345678*20#', 'form'],
    // F10
    ['#33#', 'pin'],
    ['#33', 'pin'],
    ['#33*#', 'pin'],
    ['#33*123#', 'pin'],
    ['#33*12345#', 'pin'],
    ['**33#', 'form'],
    // F17, F18
    ['##002#', 'form'],
    ['#0021#', 'unknownCode'],
    ['*002#', 'form'],
    ['#002*1#', 'form'],
    ['#31#0612345678', 'form'],
    ['*31#0612345678', 'form'],
    ['##21#', 'form'],
    ['*21##', 'form'],
    ['#21*0612345678#', 'form'],
    ['*99#', 'unknownCode'],
    // In 3GPP busy is 67 and unreachable 62; neither is a code here.
    ['*67*0612345678#', 'unknownCode'],
    ['*62*0612345678#', 'unknownCode'],
    ['#11#', 'form'],
    ['*', 'form'],
    ['#', 'form'],
    ['', 'form'],
    ['0612345678', 'form'],
    ['***21#', 'form'],
    ['*21*0612345678#\n', 'form'],
  ])('%j: %s', (dialled, fault) => {
    expect(said(dialled)).toBe(`fault ${fault}`)
  })
})

/** A command, and the string that its form in the table makes of it. */
const forms = CODES.flatMap(({ service, forms: each }) =>
  each.map((form) => ({ service, form })),
)
const digits = (count: number) =>
  fc
    .array(fc.integer({ min: 0, max: 9 }), { minLength: count, maxLength: count })
    .map((all) => all.join(''))
const values = fc.record({
  N: digits(8).map((rest) => `01${rest}`),
  S: fc.integer({ min: 5, max: 60 }).map(String),
  PIN: digits(4),
})

describe('whatever is dialled', () => {
  const keys = fc.string({ unit: fc.constantFrom(...'0123456789*#+') })

  it.each([
    ['keys of a handset', keys],
    ['any text', fc.string({ unit: 'binary', maxLength: 200 })],
  ])('is a command or a fault, and never throws: %s', (_what, text) => {
    fc.assert(
      fc.property(text, (dialled) => {
        const { kind } = parseCode(dialled, 'FR')
        expect(['command', 'fault']).toContain(kind)
      }),
      { numRuns: 2_000 },
    )
  })

  it('as a form of the table, is that command, with the final # or without', () => {
    fc.assert(
      fc.property(fc.constantFrom(...forms), values, ({ service, form }, given) => {
        const dialled = form.dial
          .replace('PIN', given.PIN)
          .replace('N', given.N)
          .replace('S', given.S)
        const wanted: CodeCommand = { service, does: form.does }
        for (const text of [dialled, dialled.replace(/#$/, '')]) {
          const parsed = parseCode(text, 'FR')
          if (parsed.kind !== 'command') throw new Error(`${text}: ${parsed.fault}`)
          expect(parsed.command).toMatchObject(wanted)
          const { to, seconds, pin } = parsed.command
          const has = { N: to, S: seconds, PIN: pin }
          const there = Object.entries(has).filter(([, value]) => value !== undefined)
          expect(there.map(([letter]) => letter)).toEqual([...operandsOf(form)])
          if (seconds !== undefined) expect(seconds).toBe(Number(given.S))
          if (pin) expect(pin.reveal()).toBe(given.PIN)
          if (to?.kind === 'number') expect(to.number).toBe(`0033${given.N.slice(1)}`)
        }
      }),
      { numRuns: 500 },
    )
  })

  it('no PIN is printed with it', () => {
    const parsed = parseCode('#33*4711#', 'FR')
    expect(JSON.stringify(parsed)).not.toContain('4711')
  })
})

describe('the table', () => {
  it('has no two forms with one meaning of the same keys', () => {
    const dials = forms.map(({ form }) => form.dial.replace(/#$/, ''))
    const shapes = dials.map((dial) => dial.replaceAll(/[A-Z]+/g, '?'))
    expect(new Set(shapes).size).toBe(shapes.length)
  })

  it('names numbers that parseNumber reads as what they are called', () => {
    const kinds = NUMBERS.map(({ dial }) => [
      dial,
      parseNumber(dial.replace('N', '0972100001'), 'FR').kind,
    ])
    expect(Object.fromEntries(kinds)).toEqual({
      '123': 'voicemail',
      '3651N': 'perCall',
      '3652N': 'perCall',
      '3691N': 'intercom',
    })
  })
})
