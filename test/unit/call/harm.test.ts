import { describe, expect, it } from 'vitest'
import {
  type Circumstances,
  type Cost,
  type HarmTerms,
  judged,
  noHarmTerms,
  type Tallies,
  tallyKey,
  withTalk,
} from '../../../src/call/harm.js'
import { harmTermsAt } from '../../../src/daemon/harm-clock.js'
import { HarmSection } from '../../../src/model/harm-terms.js'
import { PhoneBook } from '../../scenario/phone-book.js'
import { ALICE } from './told.js'

const MINUTE_MS = 60_000
const abroad: Cost = { line: ALICE, class: 'international', number: '004930123456' }
const premium: Cost = { line: ALICE, class: 'special', number: '0033899123456' }
const prices: HarmTerms = {
  ...noHarmTerms,
  centsAMinute: { special: 80, international: 25 },
}

/** Talks of the line in a class, as minutes from and to. */
function talkedOf(cost: Cost, ...talks: readonly [number, number][]): Tallies {
  const costs = [tallyKey(cost.line, cost.class)]
  return talks.reduce<Tallies>(
    (tallies, [from, to]) =>
      withTalk(tallies, { costs, answeredAt: from * MINUTE_MS }, to * MINUTE_MS),
    new Map(),
  )
}

function at(minute: number, around: Partial<Circumstances> = {}): Circumstances {
  return {
    at: minute * MINUTE_MS,
    terms: noHarmTerms,
    atOnce: 0,
    talking: [],
    ...around,
  }
}

describe('minutes of an hour', () => {
  it.each([
    ['none', [], 60, undefined, undefined],
    ['under the mark', [[0, 47]], 60, undefined, undefined],
    ['at the mark', [[0, 48]], 60, undefined, 'minutesAnHour'],
    ['just the whole hour', [[0, 60]], 60, undefined, 'minutesAnHour'],
    [
      'two talks at once',
      [
        [0, 31],
        [0, 31],
      ],
      60,
      'minutesAnHour',
      'minutesAnHour',
    ],
    [
      'before the hour',
      [
        [0, 50],
        [50, 90],
      ],
      110,
      undefined,
      undefined,
    ],
  ] as const)('%s', (_what, talks, minute, over, near) => {
    const tallies = talkedOf(abroad, ...talks.map(([a, b]): [number, number] => [a, b]))
    const { over: isOver, near: isNear } = judged(tallies, abroad, at(minute))
    expect([isOver, isNear]).toEqual([over, near])
  })

  it('talks that go on count, those of the other class do not', () => {
    const talking = [
      { class: 'international', since: 0 },
      { class: 'international', since: 10 * MINUTE_MS },
    ] as const
    expect(judged(new Map(), abroad, at(34, { talking })).over).toBeUndefined()
    expect(judged(new Map(), abroad, at(36, { talking })).over).toBe('minutesAnHour')
    expect(judged(new Map(), premium, at(36, { talking })).over).toBeUndefined()
  })
})

describe('at night', () => {
  const night = { terms: { ...noHarmTerms, night: true } }

  it('half of the minutes', () => {
    const tallies = talkedOf(abroad, [0, 31])
    expect(judged(tallies, abroad, at(31)).over).toBeUndefined()
    expect(judged(tallies, abroad, at(31, night)).over).toBe('minutesAnHour')
  })

  it('one call at once', () => {
    expect(judged(new Map(), abroad, at(0, { ...night, atOnce: 0 })).over).toBeUndefined()
    expect(judged(new Map(), abroad, at(0, { ...night, atOnce: 1 })).over).toBe('atOnce')
  })

  it.each([
    ['aMinute', 3, (nth: number) => `00${31 + nth}201234567`, 0],
    ['inARow', 5, () => '004930123456', 2],
  ] as const)('half of %s', (limit, most, number, minutesBetween) => {
    let tallies: Tallies = new Map()
    for (let nth = 1; nth <= most + 1; nth += 1) {
      const cost = { ...abroad, number: number(nth) }
      const done = judged(tallies, cost, at(nth * minutesBetween, night))
      expect(done.over).toBe(nth > most ? limit : undefined)
      tallies = done.tallies
    }
  })
})

describe('money of a day', () => {
  const terms: HarmTerms = { ...prices, centsADay: 1_000 }

  it('has no limit where the site names none', () => {
    const tallies = talkedOf(premium, [0, 600])
    expect(judged(tallies, premium, at(900, { terms: prices })).over).toBeUndefined()
  })

  it.each([
    ['under the mark', [0, 31], undefined, undefined],
    ['near: 8.00 of 10.00', [0, 32], undefined, 'moneyADay'],
    ['over', [0, 41], 'moneyADay', 'moneyADay'],
  ] as const)('%s', (_what, [from, to], over, near) => {
    const tallies = talkedOf(abroad, [from, to])
    const { over: isOver, near: isNear } = judged(tallies, abroad, at(120, { terms }))
    expect([isOver, isNear]).toEqual([over, near])
  })

  it('is one sum of both classes, and of talks that go on', () => {
    const talking = [{ class: 'special', since: 110 * MINUTE_MS }] as const
    const tallies = talkedOf(abroad, [0, 10])
    expect(judged(tallies, abroad, at(119, { terms, talking })).over).toBeUndefined()
    expect(judged(tallies, abroad, at(120, { terms, talking })).over).toBe('moneyADay')
  })

  it('is forgotten a day later', () => {
    const tallies = talkedOf(abroad, [0, 41])
    expect(judged(tallies, abroad, at(41 + 1_441, { terms })).over).toBeUndefined()
  })
})

describe('the terms of an hour', () => {
  const site = new PhoneBook().site()
  const summer = (time: string): number => Date.parse(`2026-07-01T${time}:00+02:00`)

  it.each([
    ['19:59', false],
    ['20:00', true],
    ['23:30', true],
    ['06:59', true],
    ['07:00', false],
    ['12:00', false],
  ])('%s in Paris is night: %s', (time, night) => {
    expect(harmTermsAt(site, summer(time)).night).toBe(night)
  })

  it('are what the site says', () => {
    const limits = HarmSection.parse({
      ...{ night: '01:00-05:30', moneyADay: '20.00' },
      prices: { international: '0.10' },
    })
    expect(harmTermsAt({ ...site, limits }, summer('23:00'))).toEqual({
      night: false,
      centsAMinute: { special: 80, international: 10 },
      centsADay: 2_000,
    })
    const none = HarmSection.parse({ night: 'none' })
    expect(harmTermsAt({ ...site, limits: none }, summer('23:00')).night).toBe(false)
  })

  it.each(['25:00-07:00', '20-7', '', '20:00'])('night: %s is refused', (night) => {
    expect(HarmSection.safeParse({ night }).error?.issues[0]?.message).toBe(
      'limits.night',
    )
  })
})
