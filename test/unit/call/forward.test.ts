import { describe, expect, it } from 'vitest'
import type { ForwardKind } from '../../../src/call/answer.js'
import { forward } from '../../../src/call/forward.js'
import { planTypeOfForward } from '../../../src/call/tariff.js'
import type { ForwardTarget } from '../../../src/model/forwarding.js'
import type { Line } from '../../../src/model/line.js'
import {
  ALICE,
  BOB,
  box,
  CAROL,
  directoryWith,
  lineOf,
  MOBILE,
  routingWith,
  told,
} from './told.js'

const number = (to: string): ForwardTarget => ({ kind: 'number', number: to })
const open = { outgoing: { special: true, international: true } }

describe('leads', () => {
  it.each<[where: string, target: ForwardTarget, alice: Partial<Line>, told: string]>([
    ['to a line', number(BOB), {}, 'ring: ring bob 60'],
    ['to an alias', number('0033972200001'), {}, 'ring: ring bob 60'],
    [
      'not to a dead alias',
      number('0033972200002'),
      {},
      'forwardTarget: refuse subscriberAbsent',
    ],
    [
      'to her own box',
      { kind: 'voicemail' },
      box,
      'voicemail: voicemail alice unavailable',
    ],
    [
      'not to a box she has not',
      { kind: 'voicemail' },
      {},
      'refuse: refuse subscriberAbsent',
    ],
    [
      "to carol's box",
      { kind: 'voicemail', line: CAROL },
      {},
      'voicemail: voicemail carol unavailable',
    ],
    ['to her fax', { kind: 'fax' }, { plan: 'fax' }, 'fax: fax alice'],
    ["to bob's fax", { kind: 'fax', line: BOB }, { plan: 'fax' }, 'fax: fax bob'],
    [
      'not to a fax without the plan',
      { kind: 'fax' },
      { plan: 'hours' },
      'forwardTarget: refuse subscriberAbsent',
    ],
    ['to a mobile', number(MOBILE), {}, 'trunk: trunk first +33612345678'],
    ['to a landline', number('0033123456789'), {}, 'trunk: trunk first +33123456789'],
    ['to a free number', number('0033800123456'), {}, 'trunk: trunk first +33800123456'],
    ['not abroad', number('0034911234567'), {}, 'forwardClass: refuse subscriberAbsent'],
    ['abroad, opened', number('0034911234567'), open, 'trunk: trunk first +34911234567'],
    [
      'never to a premium number',
      number('0033899123456'),
      open,
      'forwardClass: refuse subscriberAbsent',
    ],
    [
      'never to a satellite',
      number('00881612345678'),
      open,
      'forwardClass: refuse subscriberAbsent',
    ],
    [
      'never to an emergency',
      number('112'),
      open,
      'forwardTarget: refuse subscriberAbsent',
    ],
    [
      'never to an emergency',
      number('116117'),
      open,
      'forwardClass: refuse subscriberAbsent',
    ],
    ['not to nothing', number('0'), {}, 'forwardTarget: refuse subscriberAbsent'],
    ['not in a circle', number(ALICE), {}, 'forwardLoop: refuse subscriberAbsent'],
  ])('%s', (_, target, alice, expected) => {
    const directory = directoryWith(alice)
    const decided = forward(
      lineOf(directory, ALICE),
      'cfu',
      target,
      routingWith(directory),
    )
    expect(told(decided)).toBe(expected)
  })

  it('nowhere outside without a carrier', () => {
    const directory = directoryWith({}, [])
    const alice = lineOf(directory, ALICE)
    const decided = forward(alice, 'cfu', number(MOBILE), routingWith(directory))
    expect(told(decided)).toBe('forwardNoTrunk: refuse subscriberAbsent')
  })

  it.each([
    [9, MOBILE, 'trunk: trunk first +33612345678'],
    [10, MOBILE, 'forwardComesBack: refuse subscriberAbsent'],
    [10, BOB, 'ring: ring bob 60'],
  ])('while %i of the same caller are sent outside, to %s: %s', (sent, to, expected) => {
    const directory = directoryWith({})
    const routing = routingWith(directory, { sentOutside: sent })
    const decided = forward(lineOf(directory, ALICE), 'cfu', number(to), routing)
    expect(told(decided)).toBe(expected)
  })

  it.each([
    [4, 'ring: ring bob 60'],
    [5, 'tooManyForwards: refuse subscriberAbsent'],
    [6, 'tooManyForwards: refuse subscriberAbsent'],
  ])('after %i forwards: %s', (times, expected) => {
    const directory = directoryWith({})
    const forwardedBy = Array.from({ length: times }, (_, at) => `003397215000${at}`)
    const routing = routingWith(directory, { forwardedBy })
    expect(told(forward(lineOf(directory, ALICE), 'cfb', number(BOB), routing))).toBe(
      expected,
    )
  })
})

it.each<[kind: ForwardKind, greeting: string]>([
  ['cfu', 'unavailable'],
  ['cfb', 'busy'],
  ['cfnr', 'unavailable'],
  ['cfnl', 'unavailable'],
])('%s is greeted as %s', (kind, greeting) => {
  const directory = directoryWith(box)
  const target = { kind: 'voicemail' } as const
  const { answer } = forward(
    lineOf(directory, ALICE),
    kind,
    target,
    routingWith(directory),
  )
  expect(answer).toEqual({ kind: 'voicemail', line: ALICE, greeting })
})

it.each([
  ['a line, behind its alias or not', '0033972100002', '+33972100002'],
  ['somebody outside', '+33687654321', '+33687654321'],
  ['nobody, who hides', '', '+33972100001'],
  ['nobody, whom we do not know', 'somebody', '+33972100001'],
])('shows %s', (_, caller, presented) => {
  const directory = directoryWith({})
  const routing = routingWith(directory, { caller })
  const decided = forward(lineOf(directory, ALICE), 'cfnr', number(MOBILE), routing)
  expect(decided.answer).toMatchObject({
    presented,
    diversion: { by: '+33972100001', kind: 'cfnr', hops: 1 },
  })
})

/** Spec D8. */
it.each([
  [undefined, 'line', 'priceplan'],
  [undefined, 'national', 'priceplan'],
  [undefined, 'freephone', 'priceplan'],
  [undefined, 'mobile', 'outplan'],
  ['unlimited', 'mobile', 'outplan'],
  ['hours', 'mobile', 'priceplan'],
  ['hours', 'international', 'outplan'],
  ['hours', 'special', 'outplan'],
  ['hours', 'emergency', 'outplan'],
  ['hours', 'closed', 'outplan'],
] as const)('on the plan %s, a forward to %s is %s', (plan, destination, planType) => {
  const { plans } = directoryWith({})
  expect(planTypeOfForward(plans.get(plan ?? 'none'), destination)).toBe(planType)
})
