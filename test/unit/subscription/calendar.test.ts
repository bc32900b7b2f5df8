import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { daysAfter, localDate, renewalAfter } from '../../../src/subscription/calendar.js'
import { instant } from './site.js'

const paris = 'Europe/Paris'

describe('the renewal after a request', () => {
  it.each([
    // The worked examples of spec A5.
    ['2026-01-01 00:00:00', '2026-02-01'],
    ['2026-01-31 23:59:59', '2026-02-01'],
    ['2026-02-01 00:00:00', '2026-03-01'],
    ['2026-02-28 12:00', '2026-03-01'],
    ['2024-02-29 12:00', '2024-03-01'],
    ['2026-12-15', '2027-01-01'],
    ['2025-12-31 23:59:59', '2026-01-01'],
    ['2025-12-31 22:59:59Z', '2026-01-01'],
    ['2025-12-31 23:00:00Z', '2026-02-01'],
    ['2026-03-31 22:30Z', '2026-05-01'],
    // The last instant of a month, and both changes of the clock.
    ['2026-03-31 21:59:59.999Z', '2026-04-01'],
    ['2026-03-31 22:00Z', '2026-05-01'],
    ['2026-03-29 02:59', '2026-04-01'],
    ['2026-10-25 02:30', '2026-11-01'],
    ['2026-10-31 22:59:59Z', '2026-11-01'],
    ['2026-10-31 23:00Z', '2026-12-01'],
    ['2028-01-31 12:00', '2028-02-01'],
    ['2100-02-28 23:59:59', '2100-03-01'],
  ])('of %s is on %s', (asked, due) => {
    expect(renewalAfter(instant(asked), paris)).toBe(instant(due))
  })

  it.each([
    ['Pacific/Kiritimati', '2026-01-31T10:00:00Z', '2026-02-28T10:00:00Z'],
    ['Pacific/Kiritimati', '2026-01-31T09:59:59Z', '2026-01-31T10:00:00Z'],
    ['Pacific/Pago_Pago', '2026-02-01T10:59:59Z', '2026-02-01T11:00:00Z'],
    ['Pacific/Pago_Pago', '2026-02-01T11:00:00Z', '2026-03-01T11:00:00Z'],
    // Samoa had no 30 December 2011: its December is a day shorter.
    ['Pacific/Apia', '2011-12-15T00:00:00Z', '2011-12-31T10:00:00Z'],
    // Cuba has midnight twice on 1 November 2026: the month begins with the first.
    ['America/Havana', '2026-10-15T00:00:00Z', '2026-11-01T04:00:00Z'],
    ['America/Havana', '2026-11-01T04:30:00Z', '2026-12-01T05:00:00Z'],
    // Paraguay had no midnight on 1 October 2023: October began at one.
    ['America/Asuncion', '2023-09-15T00:00:00Z', '2023-10-01T04:00:00Z'],
    ['America/Asuncion', '2023-10-01T04:00:00Z', '2023-11-01T03:00:00Z'],
    ['UTC', '2026-01-31T23:59:59.999Z', '2026-02-01T00:00:00Z'],
  ])('in %s of %s is %s', (zone, asked, due) => {
    expect(new Date(renewalAfter(Date.parse(asked), zone)).toISOString()).toBe(
      new Date(due).toISOString(),
    )
  })

  it('is the first instant of the next month, wherever one lives', () => {
    const zone = fc.constantFrom(
      ...['Pacific/Kiritimati', 'Pacific/Pago_Pago', 'Europe/Paris', 'Asia/Kolkata'],
      ...['America/St_Johns', 'Australia/Lord_Howe', 'Pacific/Chatham', 'UTC'],
      ...Intl.supportedValuesOf('timeZone'),
    )
    const at = fc.integer({
      min: Date.parse('2005-01-01T00:00:00Z'),
      max: Date.parse('2060-01-01T00:00:00Z'),
    })
    fc.assert(
      fc.property(zone, at, (timeZone, asked) => {
        const due = renewalAfter(asked, timeZone)
        expect(due).toBeGreaterThan(asked)
        const [year = 0, month = 0] = localDate(asked, timeZone).split('-').map(Number)
        const next = month === 12 ? [year + 1, 1, 1] : [year, month + 1, 1]
        expect(localDate(due, timeZone).split('-').map(Number)).toEqual(next)
        // One instant earlier it was not yet, unless the clock goes back right there.
        expect(renewalAfter(due, timeZone)).toBeGreaterThan(due)
        expect(localDate(due - 1, timeZone) < localDate(due, timeZone)).toBe(true)
      }),
      { numRuns: 400 },
    )
  })

  it('is the same for every request of a month', () => {
    const at = fc.integer({
      min: instant('2026-10-01'),
      max: instant('2026-11-01') - 1,
    })
    fc.assert(
      fc.property(at, (asked) => {
        expect(renewalAfter(asked, paris)).toBe(instant('2026-11-01'))
      }),
    )
  })
})

describe('days', () => {
  it.each([
    ['2026-01-15 10:00', 30, '2026-02-14 10:00'],
    ['2026-03-28 10:00', 1, '2026-03-29 10:00'],
    ['2026-10-24 10:00', 1, '2026-10-25 10:00'],
    ['2024-02-28 10:00', 1, '2024-02-29 10:00'],
  ])('%s and %i days is %s by the clock on the wall', (from, days, to) => {
    expect(daysAfter(instant(from), days, paris)).toBe(instant(to))
  })
})
