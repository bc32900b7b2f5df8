import { expect, it } from 'vitest'
import { callerOnRecord, dialledOnRecord } from '../../../src/model/on-record.js'

it.each([
  ['a number of a carrier', '+33612345678', '+33612345678'],
  ['a number of a line', '0033972100001', '0033972100001'],
  ['forty digits', '1'.repeat(40), '1'.repeat(20)],
  ['forty digits behind a plus', `+${'1'.repeat(40)}`, `+${'1'.repeat(20)}`],
  ['letters', 'anonymous', ''],
  ['what would be dialled', '06&PJSIP/carrier/0899123456', ''],
  ['a line break', '0612345678\nfrom=admin', ''],
  ['nothing', '', ''],
])('a caller who shows %s', (_what, shown, expected) => {
  expect(callerOnRecord(shown)).toBe(expected)
})

it.each([
  ['a number', '0612345678', '0612345678'],
  ['a code', '*21*0033612345678*30#', '*21*0033612345678*30#'],
  ['a code with its PIN taken out', '*34*····', '*34*····'],
  ['seventy-nine digits', '1'.repeat(79), `${'1'.repeat(39)}…`],
  ['a name', 'bob', 'bob'],
  ['a line break and a colour', '12\n\u001b[31m3', '12?31m3'],
  ['nothing', '', ''],
])('who dials %s', (_what, dialled, expected) => {
  expect(dialledOnRecord(dialled)).toBe(expected)
})
