import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dialledForms } from '../../../src/config/extensions.js'
import { emergencyDialled, emergencyNumbersOf } from '../../../src/model/emergency.js'

const french = emergencyNumbersOf('FR')
const added = [...french, '3249', '1999']

describe('an emergency number as it is dialled', () => {
  it.each([
    ['15', '15'],
    ['112', '112'],
    ['+112', '112'],
    ['00112', '112'],
    ['365115', '15'],
    ['3652116117', '116117'],
    ['3249', '3249'],
    ['36513249', '3249'],
    ['0112', undefined],
    ['+15', undefined],
    ['0015', undefined],
    ['112112', undefined],
    ['1 12', undefined],
    ['3651', undefined],
    ['3651+112', undefined],
    ['3691112', undefined],
    ['36513651112', undefined],
    ['', undefined],
  ])('%j means %s', (dialled, number) => {
    expect(emergencyDialled(dialled, added)).toBe(number)
  })

  it('is what the dialplan accepts too, and nothing else', () => {
    const forms = new Map(
      added.flatMap(dialledForms).map(({ dialled, number }) => [dialled, number]),
    )
    for (const [dialled, number] of forms) {
      expect(emergencyDialled(dialled, added)).toBe(number)
    }
    const near = fc
      .tuple(
        fc.constantFrom('', '0', '00', '+', '3651', '3652', '3691', ' '),
        fc.constantFrom(...added),
        fc.constantFrom('', '0', '2', ' ', '#'),
      )
      .map((parts) => parts.join(''))
    fc.assert(
      fc.property(fc.oneof(near, fc.stringMatching(/^\+?\d{1,8}$/)), (dialled) => {
        expect(emergencyDialled(dialled, added)).toBe(forms.get(dialled))
      }),
      { numRuns: 2_000, seed: 1 },
    )
  })
})

describe('the emergency numbers of a country', () => {
  it.each(['FR', 'BE', 'DE', 'GB', 'US', 'SE', 'XX'])('of %s contain 112', (country) => {
    expect(emergencyNumbersOf(country)).toContain('112')
  })
})
