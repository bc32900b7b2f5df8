import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { orderAliases } from '../../../src/subscription/alias-order.js'
import type { Contract } from '../../../src/subscription/contract.js'
import { cents, price, withVat } from '../../../src/subscription/money.js'
import {
  cancel,
  follow,
  type Item,
  isExpired,
  type Order,
  type OrderState,
  pay,
} from '../../../src/subscription/order.js'
import { around, instant, line } from './site.js'

const calls: Item = { kind: 'calls', line, from: 2, to: 4 }

function order(state: OrderState, item: Item = calls): Order {
  return {
    ...{ id: 7, state, item, by: 'test' },
    ...{ unitCents: 100, totalCents: 200, vatPercent: 20 },
    ...{ issuedMs: instant('2026-01-10'), expiresMs: instant('2026-02-09') },
  }
}

function paid(of: Order, now = '2026-01-12', contract?: Contract) {
  return pay({ ...around(now), order: of, ...(contract && { contract }) })
}

const two = { plan: 'entreprise', calls: 2 }

describe('paying', () => {
  it('applies an order', () => {
    expect(paid(order('issued'), '2026-01-12', two)).toMatchObject({
      kind: 'done',
      changes: [
        { kind: 'order', order: { state: 'applied', paidMs: instant('2026-01-12') } },
        {
          kind: 'contract',
          line,
          contract: { plan: 'entreprise', calls: 4 },
          effectiveMs: instant('2026-01-12'),
        },
      ],
    })
  })

  it('adds what was ordered to what there is by then', () => {
    const grown = { plan: 'illimite', calls: 5 }
    expect(paid(order('issued'), '2026-02-02', grown)).toMatchObject({
      changes: [{}, { contract: { plan: 'illimite', calls: 7 } }],
    })
  })

  it('twice changes nothing the second time', () => {
    expect(paid(order('applied'), '2026-01-12', two)).toEqual({
      kind: 'done',
      changes: [],
    })
  })

  it.each<[string, Order, string, Contract | undefined, string]>([
    ['a cancelled one', order('cancelled'), '2026-01-12', two, 'order-cancelled'],
    ['an expired one', order('expired'), '2026-02-12', two, 'order-expired'],
    ['one too late', order('issued'), '2026-02-09', two, 'order-expired'],
    [
      'one of a line that is gone',
      order('issued'),
      '2026-01-12',
      undefined,
      'order-not-applicable',
    ],
    [
      'one above the maximum by now',
      order('issued'),
      '2026-01-12',
      { plan: 'illimite', calls: 9 },
      'order-not-applicable',
    ],
  ])('%s is refused', (_, of, now, contract, rule) => {
    expect(paid(of, now, contract)).toMatchObject({ kind: 'refused', rule })
  })

  it('in the last instant before it expires is in time', () => {
    expect(paid(order('issued'), '2026-02-08 23:59:59', two)).toMatchObject({
      kind: 'done',
    })
  })

  it('alias numbers changes no contract', () => {
    const aliases = order('issued', { kind: 'aliases', count: 3 })
    expect(paid(aliases)).toMatchObject({
      changes: [{ kind: 'order', order: { state: 'applied' } }],
    })
  })
})

describe('cancelling', () => {
  it.each<[OrderState, object]>([
    ['issued', { kind: 'done', changes: [{ order: { state: 'cancelled' } }] }],
    ['cancelled', { kind: 'done', changes: [] }],
    ['expired', { kind: 'done', changes: [] }],
    ['applied', { kind: 'refused', rule: 'order-paid' }],
  ])('an order that is %s', (state, answer) => {
    expect(cancel(order(state), instant('2026-01-12'))).toMatchObject(answer)
  })
})

describe('the states of an order', () => {
  const states = ['issued', 'paid', 'applied', 'cancelled', 'expired'] as const
  const ways = new Set([
    'issued paid',
    'issued cancelled',
    'issued expired',
    'paid applied',
  ])

  it.each(states.flatMap((from) => states.map((to) => [from, to] as const)))(
    '%s, then %s',
    (from, to) => {
      const step = () => follow(order(from), to, 1).state
      if (ways.has(`${from} ${to}`)) expect(step()).toBe(to)
      else expect(step).toThrow(/is never followed by/)
    },
  )

  it('expire at their date and not before', () => {
    const { expiresMs } = order('issued')
    expect(isExpired(order('issued'), expiresMs - 1)).toBe(false)
    expect(isExpired(order('issued'), expiresMs)).toBe(true)
    expect(isExpired(order('applied'), expiresMs)).toBe(false)
  })
})

describe('alias numbers', () => {
  it.each([
    [1, '1.00'],
    [7, '7.00'],
    [100, '100.00'],
  ])('%i of them cost %s a month', (count, total) => {
    const answer = orderAliases({ ...around('2026-01-10'), count, termsAccepted: true })
    expect(answer).toMatchObject({ kind: 'ordered', changes: [{ kind: 'issue' }] })
    expect('draft' in answer && price(answer.draft.totalCents)).toBe(total)
  })

  it.each([0, -1, 101, 1.5])('%d of them are refused', (count) => {
    expect(
      orderAliases({ ...around('2026-01-10'), count, termsAccepted: true }),
    ).toMatchObject({ kind: 'refused', rule: 'aliases-range' })
  })

  it('are no order without the terms', () => {
    expect(
      orderAliases({ ...around('2026-01-10'), count: 3, termsAccepted: false }),
    ).toMatchObject({ rule: 'terms-not-accepted', draft: { totalCents: 300 } })
  })
})

describe('money', () => {
  it.each([
    ['0.00', 0],
    ['0.05', 5],
    ['1.00', 100],
    ['9999.99', 999_999],
  ])('%s is %i cents, and back', (text, amount) => {
    expect(cents(text)).toBe(amount)
    expect(price(amount)).toBe(text)
  })

  it.each(['1', '1.0', '1,00', '-1.00', '1e2', ''])('%s is no price', (text) => {
    expect(() => cents(text)).toThrow(/no price/)
  })

  it.each([
    [300, 20, 360],
    [100, 8.5, 109],
    [1, 20, 1],
    [3, 20, 4],
    [100, 0, 100],
  ])('%i cents with %d %% of VAT are %i', (amount, vat, total) => {
    expect(withVat(amount, vat)).toBe(total)
  })

  it('is the same price and back, whatever the amount', () => {
    fc.assert(fc.property(fc.nat(), (amount) => cents(price(amount)) === amount))
  })
})
