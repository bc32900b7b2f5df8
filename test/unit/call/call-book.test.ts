import { beforeEach, describe, expect, it } from 'vitest'
import { CallBook } from '../../../src/call/call-book.js'
import { decide } from '../../../src/call/decide.js'
import { seenByAsterisk } from '../../../src/call/dialled-detail.js'
import type { Event } from '../../../src/call/event.js'
import { initialState, type State } from '../../../src/call/state.js'
import { type CallDetail, linesOf, talkSeconds } from '../../../src/model/call-detail.js'
import type { Line } from '../../../src/model/line.js'
import { mobileUsage } from '../../../src/subscription/usage.js'
import { ALICE, BOB, directoryWith, MOBILE } from './told.js'

const T0 = Date.UTC(2026, 0, 15, 12)
let book: CallBook
let state: State
let details: Map<string, CallDetail>

beforeEach(() => {
  book = new CallBook()
  state = initialState
  details = new Map()
})

/** Tells the core and the book what happens, each event at a second. */
function happen(
  line: Partial<Line>,
  events: readonly (readonly [seconds: number, Event])[],
): void {
  const directory = directoryWith({ calls: 2, ...line })
  for (const [seconds, event] of events) {
    const before = state
    const { state: after, effects } = decide(before, event, seconds * 1000, directory)
    state = after
    const notes = effects.flatMap((each) => (each.kind === 'note' ? [each.note] : []))
    const stepped = { event, before, after, notes }
    for (const detail of book.follow(stepped, directory, T0 + seconds * 1000)) {
      details.set(detail.id, detail)
    }
  }
}

const dials = (leg: string, dialled: string): Event[] => [
  { kind: 'created', leg, line: ALICE, direction: 'out', dialled },
  { kind: 'departure', leg, line: ALICE, dialled },
]
const gone = (leg: string, cause = 16): Event => ({ kind: 'gone', leg, cause })
const arrives = (leg: string, dialled = ALICE): Event => {
  return { kind: 'arrival', leg, trunk: 'first', dialled, caller: '+33687654321' }
}

it('writes down a call of a line to a line', () => {
  const [created, asked] = dials('a1', BOB)
  if (!created || !asked) throw new Error('dials')
  happen({}, [
    [0, created],
    [0, asked],
    [1, { kind: 'created', leg: 'b1', line: BOB, direction: 'in', dialled: '' }],
    [5, { kind: 'answered', leg: 'b1' }],
    [65, gone('b1')],
    [65, gone('a1')],
  ])
  const detail = details.get('a1')
  expect(detail).toMatchObject({
    ...{ direction: 'internal', line: ALICE, from: ALICE, to: BOB, planType: null },
    ...{ startedAt: T0, answeredAt: T0 + 5_000, endedAt: T0 + 65_000, cause: 16 },
    legs: [{ leg: 'b1', endpoint: BOB, startedAt: T0 + 1_000, answeredAt: T0 + 5_000 }],
  })
  expect(detail && talkSeconds(detail)).toBe(60)
})

it('writes down a refused call with its reason', () => {
  happen({ doNotDisturb: true }, [
    [0, arrives('x1')],
    [2, gone('x1', 20)],
  ])
  expect(details.get('x1')).toMatchObject({
    ...{ direction: 'incoming', line: null, from: '+33687654321', answeredAt: null },
    ...{ cause: 20, steps: ['doNotDisturb'] },
  })
})

it('a refused call is in the records of the line it was meant for', () => {
  happen({ doNotDisturb: true }, [
    [0, arrives('a1', '+33972100001')],
    [5, gone('a1', 20)],
  ])
  const detail = details.get('a1')
  expect(detail).toMatchObject({ called: ALICE, line: null, legs: [] })
  expect(detail && linesOf(detail)).toEqual([ALICE])
})

it('a call that only Asterisk saw means what the directory says of its numbers', () => {
  const seen: CallDetail = {
    ...{ id: 'a1', leg: 'a1', direction: 'outgoing', line: ALICE, from: ALICE, to: BOB },
    ...{ destination: 'service', planType: null, legs: [], steps: [] },
    forwards: [
      { by: BOB, kind: 'cfu', to: MOBILE, destination: 'service', planType: 'outplan' },
    ],
    ...{ startedAt: T0, answeredAt: T0, endedAt: T0 + 9_000, cause: 16 },
    source: 'asterisk',
  }
  expect(seenByAsterisk(seen, directoryWith({}))).toMatchObject({
    ...{ direction: 'internal', destination: 'line', called: BOB },
    forwards: [{ by: BOB, destination: 'mobile' }],
  })
  const outside = seenByAsterisk({ ...seen, to: '112', forwards: [] }, directoryWith({}))
  expect(outside).toMatchObject({ direction: 'outgoing', destination: 'emergency' })
})

it('writes down an emergency call, which asks nothing', () => {
  const [created] = dials('a1', '112')
  if (!created) throw new Error('dials')
  happen({}, [
    [0, created],
    [3, { kind: 'answered', leg: 'a1' }],
    [9, gone('a1')],
  ])
  expect(details.get('a1')).toMatchObject({
    ...{ direction: 'outgoing', destination: 'emergency', answeredAt: T0 + 3_000 },
    endedAt: T0 + 9_000,
  })
})

it.each([
  [
    'unlimited',
    'outplan',
    { allowedSeconds: null, usedSeconds: 0, outOfPlanSeconds: 90 },
  ],
  ['hours', 'priceplan', { allowedSeconds: 7_200, usedSeconds: 90, outOfPlanSeconds: 0 }],
] as const)(
  'a call forwarded to a mobile, plan of %s: %s (rows 31 and 32)',
  (plan, planType, usage) => {
    const to = { kind: 'number', number: MOBILE } as const
    happen({ plan, forwarding: { unconditional: { to } } }, [
      [0, arrives('x1')],
      [10, { kind: 'answered', leg: 'x1' }],
      [100, gone('x1')],
    ])
    const detail = details.get('x1')
    expect(detail?.forwards).toEqual([
      { by: ALICE, kind: 'cfu', to: MOBILE, destination: 'mobile', planType },
    ])
    const mobile = plan === 'unlimited' ? ('unlimited' as const) : { hours: 2 }
    expect(mobileUsage(ALICE, { mobile }, detail ? [detail] : [])).toEqual(usage)
  },
)

it.each([
  ['unlimited', 'priceplan'],
  ['hours', 'priceplan'],
  ['entreprise', 'outplan'],
])('a call of the line itself to a mobile, plan %s: %s', (plan, planType) => {
  happen(
    { plan },
    dials('a1', MOBILE).map((event) => [0, event] as const),
  )
  expect(details.get('a1')).toMatchObject({ destination: 'mobile', planType })
})

it('S39 of an endless number the record keeps the beginning', () => {
  happen(
    {},
    dials('a1', '1'.repeat(79)).map((event) => [0, event] as const),
  )
  expect(details.get('a1')).toMatchObject({ to: `${'1'.repeat(39)}…` })
})

describe('S13 calls refused as too fast', () => {
  /** So many calls of Alice, each over at once. */
  const flood = (begin: number, count: number, dialled = BOB) =>
    Array.from({ length: count }, (_, nth) => `a${begin + nth}`).flatMap((leg) => [
      ...dials(leg, dialled),
      gone(leg, 34),
    ])
  const at = (seconds: number, events: readonly Event[]) =>
    events.map((event) => [seconds, event] as const)

  it('share one record, which counts them; those that passed have their own', () => {
    happen({}, at(0, flood(0, 530)))
    expect(details.size).toBe(31)
    expect(details.get('a29')).not.toHaveProperty('calls')
    expect(details.get('a30')).toMatchObject({
      ...{ calls: 500, steps: ['tooFast'], cause: 34, to: BOB, line: ALICE },
      ...{ startedAt: T0, endedAt: T0 },
    })
  })

  it('are written when they are over, so that none is left behind', () => {
    const [created, asked] = dials('b1', BOB)
    if (!created || !asked) throw new Error('dials')
    happen({}, at(0, [...flood(0, 31), created, asked]))
    expect(details.has('b1')).toBe(false)
    happen({}, at(1, [gone('b1', 34)]))
    expect(details.get('a30')).toMatchObject({ calls: 2, endedAt: T0 + 1_000 })
  })

  it('begin another record after a minute, or once ten seconds were quiet', () => {
    happen({}, at(0, flood(0, 40)))
    for (let second = 5; second <= 60; second += 5)
      happen({}, at(second, flood(second * 1_000, 40)))
    expect(details.get('a30')).toMatchObject({ endedAt: T0 + 55_000 })
    expect(details.get('a60025')).toMatchObject({ calls: 15, startedAt: T0 + 60_000 })
    happen({}, at(71, flood(71_000, 31)))
    expect(details.get('a71030')).not.toHaveProperty('calls')
  })

  it('also by the dialplan, when no question came: the first thirty have their own', () => {
    const legs = Array.from({ length: 100 }, (_, nth) => `d${nth}`)
    const calls = legs.flatMap((leg) => [...dials(leg, BOB).slice(0, 1), gone(leg, 34)])
    happen({}, at(0, calls))
    expect(details.size).toBe(31)
    expect(details.get('d30')).toMatchObject({ calls: 70 })
  })

  it('are told of in one line when the record is full', () => {
    happen({}, at(0, flood(0, 40)))
    expect(book.floodsOver(T0 + 9_000)).toEqual([])
    expect(book.floodsOver(T0 + 10_000)).toEqual([details.get('a30')])
    expect(book.floodsOver(T0 + 90_000)).toEqual([])
  })
})

it('a transfer ends one record and begins another', () => {
  const [created, asked] = dials('a1', BOB)
  if (!created || !asked) throw new Error('dials')
  happen({}, [
    [0, created],
    [0, asked],
    [1, { kind: 'created', leg: 'b1', line: BOB, direction: 'in', dialled: '' }],
    [2, { kind: 'answered', leg: 'b1' }],
    [10, { kind: 'transfer', leg: 'a1', transferor: BOB, dialled: MOBILE }],
    [10, gone('b1')],
    [15, { kind: 'transferred', leg: 'a1' }],
    [45, gone('a1')],
  ])
  expect(details.get('a1')).toMatchObject({ endedAt: T0 + 10_000, direction: 'internal' })
  expect(details.get('a1/2')).toMatchObject({
    ...{ direction: 'transfer', line: BOB, to: MOBILE, destination: 'mobile' },
    ...{ answeredAt: T0 + 15_000, endedAt: T0 + 45_000 },
  })
})

it('goes on with a call that a controller before it began', () => {
  const [created, asked] = dials('a1', MOBILE)
  if (!created || !asked) throw new Error('dials')
  happen({}, [
    [0, created],
    [0, asked],
  ])
  const left = details.get('a1')
  book = new CallBook()
  state = initialState
  book.resume(left ? [left] : [])
  const channels = ['a1']
  const snapshot = {
    kind: 'snapshot',
    legs: [],
    beeps: [],
    reachable: [],
    channels,
  } as const
  happen({}, [
    [20, { ...snapshot, askedAt: 20_000 }],
    [30, gone('a1')],
  ])
  expect(details.get('a1')).toMatchObject({
    startedAt: T0,
    endedAt: T0 + 30_000,
    cause: 16,
  })
})

it('ends a call of whose end nothing was heard', () => {
  happen({}, [
    [0, arrives('x1')],
    [
      30,
      {
        ...{ kind: 'snapshot', askedAt: 30_000, legs: [], channels: [], beeps: [] },
        reachable: [],
      },
    ],
  ])
  expect(details.get('x1')).toMatchObject({ endedAt: T0 + 30_000, cause: null })
})
