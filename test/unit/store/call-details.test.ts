import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { CallDetail } from '../../../src/model/call-detail.js'
import { AsteriskBook } from '../../../src/store/asterisk-book.js'
import { CALL_DETAIL_TABLES, CallDetails } from '../../../src/store/call-details.js'
import { openStore } from '../../../src/store/database.js'

const LINE = '0033972100001'
const OTHER = '0033972100002'
const THIRD = '0033972100003'
let dir = ''
let details: CallDetails

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'lk-calls-'))
  details = new CallDetails(openStore(join(dir, 'calls.db'), CALL_DETAIL_TABLES))
})
afterEach(() => {
  details.close()
  rmSync(dir, { recursive: true, force: true })
})

function detail(id: string, changes: Partial<CallDetail> = {}): CallDetail {
  return {
    ...{ id, leg: id, direction: 'internal', line: LINE, from: LINE, to: OTHER },
    ...{ destination: 'line', planType: null, legs: [], forwards: [], steps: [] },
    ...{ startedAt: 1_000, answeredAt: null, endedAt: null, cause: null },
    source: 'controller',
    ...changes,
  }
}

const ids = (found: readonly CallDetail[]): string[] => found.map(({ id }) => id)

describe('call records', () => {
  it('are replaced by what became of them', () => {
    details.write([detail('a')])
    expect(ids(details.open())).toEqual(['a'])
    details.write([detail('a', { endedAt: 9_000, cause: 16 })])
    expect(details.open()).toEqual([])
    expect(details.matching({ limit: 9 })).toMatchObject([{ id: 'a', endedAt: 9_000 }])
  })

  it.each([
    ['all, the newest first', {}, ['c', 'b', 'a']],
    ['of a line that was rung', { line: OTHER }, ['b']],
    ['from an instant', { from: 2_000 }, ['c', 'b']],
    ['before an instant', { to: 2_000 }, ['a']],
    ['of a line that was called and not rung', { line: THIRD }, ['c']],
    ['of a direction', { direction: 'incoming' }, ['c']],
    ['no more than asked', { limit: 1, offset: 1 }, ['b']],
  ] as const)('are found: %s', (_which, filter, expected) => {
    const legs = [{ leg: 'b1', endpoint: OTHER, startedAt: 2_000 }]
    details.write([
      detail('a'),
      detail('b', { startedAt: 2_000, legs }),
      detail('c', { startedAt: 3_000, direction: 'incoming', line: null, called: THIRD }),
    ])
    expect(ids(details.matching({ limit: 9, ...filter }))).toEqual(expected)
  })

  it('that are old are counted, then deleted; a call that goes on stays', () => {
    details.write([
      detail('a', { endedAt: 2_000 }),
      detail('b'),
      detail('c', { startedAt: 5_000 }),
    ])
    expect(details.older(3_000, false)).toBe(1)
    expect(ids(details.matching({ limit: 9 }))).toHaveLength(3)
    expect(details.older(3_000, true)).toBe(1)
    expect(ids(details.matching({ limit: 9, line: LINE }))).toEqual(['c', 'b'])
  })
})

describe('what only Asterisk saw', () => {
  const entry = (leg: string, answer: string, end: string): string =>
    `"${leg}",100.500000,${answer},${end},"${LINE}","${OTHER}","PJSIP/${LINE}-00000001","",ANSWERED\n`

  it('is taken from its own book, once, and completes what was left open', () => {
    const file = join(dir, 'calls.csv')
    const book = new AsteriskBook(file, details)
    expect(book.readOn()).toEqual([])
    details.write([
      detail('seen', { endedAt: 5_000, cause: 16 }),
      detail('left', { endedAt: 99_000, cause: null }),
    ])
    appendFileSync(file, entry('seen', '0.000000', '101.0'))
    appendFileSync(file, entry('left', '101.0', '130.0'))
    appendFileSync(file, entry('unseen', '0.000000', '110.0'))
    appendFileSync(file, entry('unseen', '111.0', '120.0'))
    appendFileSync(file, '"half",100.5')
    expect(ids(book.readOn())).toEqual(['left', 'unseen'])
    expect(book.readOn()).toEqual([])
    expect(details.ofLeg('seen')).toMatchObject([{ endedAt: 5_000 }])
    expect(details.ofLeg('left')).toMatchObject([
      { answeredAt: 101_000, endedAt: 130_000 },
    ])
    expect(details.ofLeg('unseen')).toMatchObject([
      {
        ...{ source: 'asterisk', line: LINE, to: OTHER, direction: 'outgoing' },
        ...{ startedAt: 100_500, answeredAt: 111_000, endedAt: 120_000 },
      },
    ])
  })

  it.each([
    ['by the phone that rang', '101.0', 101_000],
    ['by a prompt for the PIN, before a phone rang', '100.6', null],
  ])(
    'adds to a call of ours an answer that nobody heard: %s',
    (_by, answer, answeredAt) => {
      const file = join(dir, 'calls.csv')
      const legs = [{ leg: 'rung', endpoint: OTHER, startedAt: 100_700 }]
      details.write([detail('away', { legs, endedAt: 130_000, cause: 16 })])
      appendFileSync(file, entry('away', answer, '130.0'))
      new AsteriskBook(file, details).readOn()
      expect(details.ofLeg('away')).toMatchObject([{ answeredAt, endedAt: 130_000 }])
    },
  )

  /** As [degraded-forward] and the refusals leave it (cdr_custom.conf). */
  const row = (extension: string, answer: string, ...more: string[]): string =>
    ['one', '100.5', answer, '130.0', LINE, extension, `PJSIP/${LINE}-00000001`, ...more]
      .map((field) => `"${field}"`)
      .join(',')

  it.each([
    [
      'a call that was forwarded outside',
      row(
        '0033612345678',
        '110.0',
        'PJSIP/carrier-00000002',
        'ANSWERED',
        'degraded-trunk',
      ) + `,"0972100002","${OTHER}*cfu*0033612345678/"`,
      {
        ...{ to: '0972100002', cause: 16, answeredAt: 110_000 },
        legs: [{ endpoint: 'carrier', answeredAt: 110_000, endedAt: 130_000 }],
        forwards: [{ by: OTHER, kind: 'cfu', to: '0033612345678' }],
      },
    ],
    [
      'a refused one',
      row('17', '0.0', '', 'BUSY', 'refuse', '0972100002', ''),
      { to: '0972100002', cause: 17, answeredAt: null, legs: [] },
    ],
    [
      'one that heard an announcement',
      row('20*absent*fr', '101.0', '', 'ANSWERED', 'announce', '0972100002', ''),
      { to: '0972100002', cause: 20, answeredAt: null },
    ],
    [
      'an emergency call, which asks nobody',
      row('112', '0.0', 'PJSIP/carrier-00000002', 'NO ANSWER', 'emergency-call', '', ''),
      { to: '112', cause: null },
    ],
    [
      'an emergency number that is also a cause',
      row('17', '0.0', 'PJSIP/carrier-00000002', 'BUSY', 'emergency-call', '', ''),
      { to: '17', cause: 17 },
    ],
  ])('says what became of %s', (_which, text, expected) => {
    const file = join(dir, 'calls.csv')
    appendFileSync(file, `${text}\n`)
    expect(new AsteriskBook(file, details).readOn()).toMatchObject([expected])
  })

  it.each([
    ['of forty digits', '1'.repeat(40), '1'.repeat(20)],
    ['who is a name', '06&PJSIP/x', null],
  ])('S39 keeps of a caller %s what is a number', (_which, source, from) => {
    const file = join(dir, 'calls.csv')
    const line = row('17', '0.0', '', 'BUSY', 'refuse', '1'.repeat(79), '')
    const outside = line.replace(`"${LINE}"`, `"${source}"`).replace(LINE, 'carrier')
    appendFileSync(file, `${outside}\n`)
    const [found] = new AsteriskBook(file, details).readOn()
    expect(found).toMatchObject({ from, to: `${'1'.repeat(39)}…` })
  })

  describe('S13 of a flood', () => {
    /** Refused for want of a circuit, a tenth of a second after the other. */
    const refused = (count: number, begin: number): string =>
      Array.from({ length: count }, (_, nth) => begin + nth / 10)
        .map((start) =>
          [`f${start}`, start, 0, start, LINE, '34', `PJSIP/${LINE}-00000001`]
            .concat(['', 'FAILED', 'refuse', OTHER, ''])
            .map((field) => `"${field}"`)
            .join(','),
        )
        .join('\n')
        .concat('\n')

    it('the first thirty of a minute are kept, the others in one record that counts them', () => {
      const file = join(dir, 'calls.csv')
      appendFileSync(file, refused(200, 120) + refused(31, 180))
      expect(new AsteriskBook(file, details).readOn()).toHaveLength(30 + 1 + 30 + 1)
      expect(details.ofLeg('f123')).toMatchObject([
        { calls: 170, startedAt: 123_000, endedAt: 139_900, cause: 34, to: OTHER },
      ])
      expect(details.ofLeg('f183')[0]).not.toHaveProperty('calls')
    })

    it('what the controller has counted is not added', () => {
      const file = join(dir, 'calls.csv')
      const flood = { startedAt: 119_000, endedAt: 130_000, cause: 34, calls: 111 }
      details.write([detail('f119', flood)])
      appendFileSync(file, refused(111, 119) + refused(1, 170))
      expect(ids(new AsteriskBook(file, details).readOn())).toEqual(['f170'])
    })
  })

  it('waits for two seconds for what the controller itself writes down', () => {
    const file = join(dir, 'calls.csv')
    const book = new AsteriskBook(file, details, () => 131_000)
    appendFileSync(file, entry('old', '0', '110.0'))
    appendFileSync(file, entry('fresh', '0', '129.5'))
    appendFileSync(file, entry('older', '0', '112.0'))
    expect(ids(book.readOn())).toEqual(['old'])
    expect(ids(new AsteriskBook(file, details, () => 131_501).readOn())).toEqual([
      ...['fresh', 'older'],
    ])
  })

  it('a clock that was set back keeps nothing waiting', () => {
    const file = join(dir, 'calls.csv')
    appendFileSync(file, entry('ahead', '0', '999.0'))
    expect(new AsteriskBook(file, details, () => 131_000).readOn()).toHaveLength(1)
  })

  it('is read anew when the book is another, and survives what is no line of it', () => {
    const file = join(dir, 'calls.csv')
    const book = new AsteriskBook(file, details)
    appendFileSync(file, `"a""b,"\n\u0000,,,\n${entry('one', '0', '110.0')}`)
    expect(book.readOn()).toHaveLength(1)
    rmSync(file)
    appendFileSync(file, entry('two', '0', '110.0'))
    expect(book.readOn()).toHaveLength(1)
  })
})
