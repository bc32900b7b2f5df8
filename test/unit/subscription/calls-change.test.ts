import { describe, expect, it } from 'vitest'
import { bandwidthOf } from '../../../src/subscription/bandwidth.js'
import { cancelDecrease, requestCalls } from '../../../src/subscription/calls-change.js'
import type { Subscription } from '../../../src/subscription/contract.js'
import { price } from '../../../src/subscription/money.js'
import type { Order } from '../../../src/subscription/order.js'
import { around, instant, line, subscription } from './site.js'

const decrease = {
  kind: 'decrease',
  line,
  calls: 3,
  requestedMs: instant('2026-01-20'),
  dueMs: instant('2026-02-01'),
} as const

const open: Order = {
  id: 7,
  state: 'issued',
  item: { kind: 'calls', line, from: 2, to: 4 },
  ...{ unitCents: 100, totalCents: 200, vatPercent: 20 },
  ...{ issuedMs: instant('2026-01-10'), expiresMs: instant('2026-02-09') },
  by: 'test',
}

function asked(of: Subscription, calls: number, termsAccepted = true, locks = true) {
  const site = around('2026-01-20', { pendingDecreaseLocks: locks })
  return requestCalls({ ...site, subscription: of, calls, termsAccepted })
}

describe('more calls', () => {
  it.each([
    [2, 3, '1.00'],
    [1, 4, '3.00'],
    [2, 99, '97.00'],
  ])('from %i to %i are an order of %s', (from, to, total) => {
    const answer = asked(subscription('entreprise', from), to)
    expect(answer).toMatchObject({
      kind: 'ordered',
      changes: [
        {
          kind: 'issue',
          order: {
            state: 'issued',
            item: { kind: 'calls', line, from, to },
            issuedMs: instant('2026-01-20'),
            expiresMs: instant('2026-02-19'),
          },
        },
      ],
    })
    expect(answer.kind === 'ordered' && price(answer.draft.totalCents)).toBe(total)
  })

  it('cost what the guides say where the plan has no price', () => {
    expect(asked(subscription('illimite', 5), 6)).toMatchObject({
      draft: { unitCents: 100 },
    })
  })

  it('are no order without the terms, but say their price', () => {
    expect(asked(subscription('entreprise', 2), 5, false)).toMatchObject({
      kind: 'refused',
      rule: 'terms-not-accepted',
      draft: { totalCents: 300 },
    })
  })

  it.each<[string, Subscription, number, string, RegExp]>([
    ['of Découverte', subscription('decouverte', 1), 2, 'calls-need-upgrade', /1 simul/],
    [
      'of Découverte without terms',
      subscription('decouverte', 1),
      2,
      'calls-need-upgrade',
      /change to entreprise or illimite first/,
    ],
    [
      'before the upgrade came',
      subscription('decouverte', 1, {
        planChange: {
          kind: 'planChange',
          line,
          plan: 'entreprise',
          requestedMs: instant('2026-01-05'),
          dueMs: instant('2026-02-01'),
        },
      }),
      2,
      'calls-need-upgrade',
      /possible from 2026-02-01, with the plan entreprise/,
    ],
    [
      'than any plan allows',
      subscription('fax', 1),
      2,
      'calls-maximum',
      /the plan fax allows 1/,
    ],
    [
      'than Illimité allows',
      subscription('illimite', 5),
      11,
      'calls-need-upgrade',
      /entreprise/,
    ],
    ['than 99', subscription('entreprise', 2), 100, 'calls-contact-support', /support/],
    ['of them: none', subscription('entreprise', 2), 0, 'calls-range', /1 at least/],
    ['of them: 2.5', subscription('entreprise', 2), 2.5, 'calls-range', /whole/],
    ['of them: as many', subscription('entreprise', 2), 2, 'calls-same', /already$/],
    [
      'while fewer wait',
      subscription('entreprise', 4, { decrease }),
      6,
      'decrease-pending',
      /goes down to 3 on 2026-02-01/,
    ],
    [
      'while fewer wait: even fewer',
      subscription('entreprise', 4, { decrease }),
      2,
      'decrease-pending',
      /before/,
    ],
  ])('%s are refused', (_, of, calls, rule, message) => {
    const answer = asked(of, calls, rule !== 'calls-need-upgrade')
    expect(answer).toMatchObject({ kind: 'refused', rule })
    expect(answer).toHaveProperty('message', expect.stringMatching(message))
  })

  it('take the place of an order that is not paid', () => {
    expect(asked(subscription('entreprise', 2, { open }), 6)).toMatchObject({
      changes: [
        { kind: 'order', order: { id: 7, state: 'cancelled' } },
        { kind: 'issue', order: { item: { from: 2, to: 6 } } },
      ],
    })
  })
})

describe('fewer calls', () => {
  it('wait for the renewal, and need no terms', () => {
    expect(asked(subscription('entreprise', 4), 3, false)).toMatchObject({
      kind: 'scheduled',
      decrease: { calls: 3, dueMs: instant('2026-02-01') },
      changes: [{ kind: 'schedule' }],
    })
  })

  it('cancel the order for more', () => {
    expect(asked(subscription('entreprise', 3, { open }), 2)).toMatchObject({
      changes: [
        { kind: 'schedule' },
        { kind: 'order', order: { id: 7, state: 'cancelled' } },
      ],
    })
  })

  it('can be asked anew where the site does not lock them', () => {
    const of = subscription('entreprise', 4, { decrease })
    expect(asked(of, 2, true, false)).toMatchObject({ decrease: { calls: 2 } })
    expect(asked(of, 4, true, false)).toMatchObject({ rule: 'calls-same' })
    expect(asked(of, 6, true, false)).toMatchObject({
      changes: [{ kind: 'unschedule', what: 'decrease' }, { kind: 'issue' }],
    })
  })

  it('are taken back by the operator, while they wait', () => {
    expect(cancelDecrease(subscription('entreprise', 4, { decrease }))).toMatchObject({
      changes: [{ kind: 'unschedule', line, what: 'decrease' }],
    })
    expect(cancelDecrease(subscription('entreprise', 4))).toMatchObject({
      rule: 'decrease-none',
    })
  })
})

describe('the bandwidth', () => {
  it.each([
    [1, 70, 100],
    [2, 140, 200],
    [3, 210, 300],
    [5, 350, 500],
    [10, 700, 1000],
    [30, 2100, 3000],
    [100, 7000, 10000],
  ])('of %i calls is %i to %i kbit/s', (calls, from, to) => {
    expect(bandwidthOf(calls)).toEqual({ from, to })
  })
})
