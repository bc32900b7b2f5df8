import { describe, expect, it } from 'vitest'
import {
  ANONYMOUS,
  canonicalEntry,
  type Filter,
  type Party,
  partyOf,
  passes,
  VOICEMAIL,
} from '../../../src/model/filter.js'

const mobile = partyOf('0033612345678', 'FR')

describe('an entry of a list', () => {
  it.each([
    ['0612345678', '0033612345678'],
    ['+33 6 12 34 56 78', '0033612345678'],
    ['06*', '00336*'],
    ['+336 12*', '0033612*'],
    ['0033612*', '0033612*'],
    ['118*', '118*'],
    ['Mobile', 'mobile'],
    [' services ', 'services'],
    ['3631', '3631'],
    ['*21*0612345678#', undefined],
    ['7001', undefined],
    ['123', undefined],
    ['*', undefined],
    ['6,12E+08', undefined],
    ['tout', undefined],
    ['', undefined],
  ])('%j is %j', (text, canonical) => {
    expect(canonicalEntry(text, 'FR')).toBe(canonical)
  })
})

describe('the kind of a number', () => {
  it.each([
    ['0033612345678', 'mobile'],
    ['0033123456789', 'national'],
    ['0033800123456', 'freephone'],
    ['0033899123456', 'special'],
    ['3631', 'special'],
    ['004930123456', 'international'],
    ['00881612345678', 'international'],
    ['00262262123456', 'national'],
  ])('%s is %s', (number, kind) => {
    expect(partyOf(number, 'FR').kinds).toEqual([kind])
  })
})

describe('a list', () => {
  const rows: [string, Filter, Party, boolean][] = [
    ['without a mode', { mode: 'none', entries: ['mobile'] }, mobile, true],
    ['black, the number', { mode: 'black', entries: [mobile.number] }, mobile, false],
    ['black, its beginning', { mode: 'black', entries: ['00336*'] }, mobile, false],
    ['black, its kind', { mode: 'black', entries: ['mobile'] }, mobile, false],
    ['black, another number', { mode: 'black', entries: ['0033611*'] }, mobile, true],
    ['black and empty', { mode: 'black', entries: [] }, mobile, true],
    ['white, the number', { mode: 'white', entries: [mobile.number] }, mobile, true],
    ['white, another kind', { mode: 'white', entries: ['national'] }, mobile, false],
    ['white and empty', { mode: 'white', entries: [] }, mobile, false],
    ['white, a hidden caller', { mode: 'white', entries: ['00*'] }, ANONYMOUS, false],
    [
      'black, hidden callers',
      { mode: 'black', entries: ['anonymous'] },
      ANONYMOUS,
      false,
    ],
    ['white without services', { mode: 'white', entries: ['mobile'] }, VOICEMAIL, false],
    ['white with services', { mode: 'white', entries: ['services'] }, VOICEMAIL, true],
    ['white with voicemail', { mode: 'white', entries: ['voicemail'] }, VOICEMAIL, true],
    ['black with services', { mode: 'black', entries: ['services'] }, VOICEMAIL, false],
  ]
  it.each(rows)('%s', (_what, filter, party, pass) => {
    expect(passes(filter, party)).toBe(pass)
  })
})
