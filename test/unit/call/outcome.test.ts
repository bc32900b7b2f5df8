import { describe, expect, it } from 'vitest'
import type { Attempt } from '../../../src/call/answer.js'
import type { DialStatus } from '../../../src/call/event.js'
import { conclude } from '../../../src/call/outcome.js'
import type { Line } from '../../../src/model/line.js'
import { ALICE, directoryWith, routingWith, toBob, told } from './told.js'

const ring: Attempt = { kind: 'ring', line: ALICE, seconds: 20, waiting: false }
const intercom: Attempt = { kind: 'intercom', line: ALICE, seconds: 60 }
const recall: Attempt = { kind: 'recall', line: ALICE, seconds: 30 }
const first: Attempt = {
  kind: 'trunk',
  trunk: 'first',
  number: '+33612345678',
  presented: undefined,
}
const second: Attempt = { ...first, trunk: 'second' }
const unknown: Attempt = { ...first, trunk: 'taken out of the site' }

const all: Partial<Line> = {
  forwarding: {
    busy: toBob,
    noAnswer: { after: 20, ...toBob },
    unreachable: toBob,
  },
}

function ended(
  attempt: Attempt,
  status: DialStatus,
  cause: number,
  alice: Partial<Line> = {},
): string {
  const directory = directoryWith(alice)
  const ending = { attempt, status, cause, routing: routingWith(directory) }
  return told(conclude(ending))
}

type Row = [
  rule: string,
  status: DialStatus,
  cause: number,
  without: string,
  with_: string,
]

/** Spec D3, steps 12a to 12d: without any forward, and with all of them. */
const ofLine: Row[] = [
  ['486', 'BUSY', 17, 'busy: refuse userBusy', 'busy ring: ring bob 60'],
  [
    '302',
    'BUSY',
    0,
    'redirected: refuse subscriberAbsent',
    'redirected: refuse subscriberAbsent',
  ],
  [
    '603',
    'CHANUNAVAIL',
    21,
    'declined: refuse callRejected',
    'declined: refuse callRejected',
  ],
  ['no reply', 'NOANSWER', 0, 'noAnswer: refuse noAnswer', 'noAnswer ring: ring bob 60'],
  ['480', 'NOANSWER', 19, 'noAnswer: refuse noAnswer', 'noAnswer ring: ring bob 60'],
  ['cancelled', 'CANCEL', 0, 'noAnswer: refuse noAnswer', 'noAnswer ring: ring bob 60'],
  [
    'silent while it should ring',
    'NOANSWER',
    18,
    'notReachable: refuse subscriberAbsent',
    'notReachable ring: ring bob 60',
  ],
  [
    'no contact',
    'CHANUNAVAIL',
    3,
    'notReachable: refuse subscriberAbsent',
    'notReachable ring: ring bob 60',
  ],
  [
    'out of order',
    'CONGESTION',
    34,
    'notReachable: refuse subscriberAbsent',
    'notReachable ring: ring bob 60',
  ],
]

describe('of a line', () => {
  it.each(ofLine)('%s without forwards', (_, status, cause, without) => {
    expect(ended(ring, status, cause)).toBe(without)
  })

  it.each(ofLine)('%s with all of them', (_, status, cause, _without, forwarded) => {
    expect(ended(ring, status, cause, all)).toBe(forwarded)
  })

  it.each([
    ['intercom', intercom],
    ['recall', recall],
  ])('by %s is never forwarded', (_, attempt) => {
    expect(ended(attempt, 'BUSY', 17, all)).toBe('busy: refuse userBusy')
    expect(ended(attempt, 'NOANSWER', 0, all)).toBe('noAnswer: refuse noAnswer')
    expect(ended(attempt, 'CHANUNAVAIL', 3, all)).toBe(
      'notReachable: refuse subscriberAbsent',
    )
  })

  it('that is no longer in the site forwards nothing', () => {
    const gone: Attempt = { ...ring, line: '0033972199999' }
    expect(ended(gone, 'BUSY', 17, all)).toBe('busy: refuse userBusy')
  })
})

const next = 'nextTrunk: trunk second +33612345678'

describe('of a carrier', () => {
  it.each<
    [rule: string, attempt: Attempt, status: DialStatus, cause: number, told: string]
  >([
    ['full: the next one', first, 'CONGESTION', 34, next],
    ['silent: the next one', first, 'CHANUNAVAIL', 18, next],
    ['no route to it: the next one', first, 'CHANUNAVAIL', 3, next],
    ['the last one is full', second, 'CONGESTION', 34, 'trunkRefused: refuse noCircuit'],
    ['out of the site', unknown, 'CONGESTION', 34, 'trunkRefused: refuse noCircuit'],
    ['busy', first, 'BUSY', 17, 'trunkRefused: refuse userBusy'],
    ['nobody has it', first, 'CHANUNAVAIL', 1, 'trunkRefused: refuse unallocatedNumber'],
    ['declined', first, 'CHANUNAVAIL', 21, 'trunkRefused: refuse callRejected'],
    ['incomplete', first, 'CHANUNAVAIL', 28, 'trunkRefused: refuse invalidNumberFormat'],
    ['no reply', first, 'NOANSWER', 19, 'trunkRefused: refuse noAnswer'],
    ['anything else', first, 'CHANUNAVAIL', 16, 'trunkRefused: refuse noAnswer'],
  ])('%s', (_, attempt, status, cause, expected) => {
    expect(ended(attempt, status, cause)).toBe(expected)
  })
})
