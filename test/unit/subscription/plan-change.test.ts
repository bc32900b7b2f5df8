import { describe, expect, it } from 'vitest'
import type { PlanChange } from '../../../src/subscription/contract.js'
import { cancelPlan, requestPlan } from '../../../src/subscription/plan-change.js'
import { around, instant, line, subscription } from './site.js'

function asked(now: string, from: string, plan: string, waiting?: PlanChange) {
  const more = waiting ? { planChange: waiting } : {}
  return requestPlan({ ...around(now), subscription: subscription(from, 2, more), plan })
}

const waiting: PlanChange = {
  kind: 'planChange',
  line,
  plan: 'illimite',
  requestedMs: instant('2026-01-02'),
  dueMs: instant('2026-02-01'),
}

describe('a plan change', () => {
  it.each([
    ['2026-01-01 00:00:00', '2026-02-01'],
    ['2026-01-31 23:59:59', '2026-02-01'],
    ['2026-02-01 00:00:00', '2026-03-01'],
  ])('asked on %s comes on %s', (now, due) => {
    expect(asked(now, 'decouverte', 'entreprise')).toMatchObject({
      kind: 'scheduled',
      planChange: { line, plan: 'entreprise', dueMs: instant(due) },
      changes: [{ kind: 'schedule' }],
    })
  })

  it.each([
    ['entreprise', 'decouverte', 'plan-not-offered', /possible: illimite/],
    ['illimite', 'decouverte', 'plan-not-offered', /possible: entreprise/],
    ['fax', 'entreprise', 'plan-not-offered', /cannot become/],
    ['entreprise', 'entreprise', 'plan-same', /already$/],
    ['entreprise', 'nothing', 'plan-unknown', /there are decouverte, entreprise/],
    ['entreprise', '__proto__', 'plan-unknown', /no plan/],
  ])('from %s to %s is refused: %s', (from, to, rule, message) => {
    const answer = asked('2026-01-10', from, to)
    expect(answer).toMatchObject({ kind: 'refused', rule })
    expect(answer).toHaveProperty('message', expect.stringMatching(message))
  })

  it('takes the place of the one that waits', () => {
    expect(asked('2026-01-10', 'decouverte', 'entreprise', waiting)).toMatchObject({
      planChange: { plan: 'entreprise', requestedMs: instant('2026-01-10') },
    })
  })

  it('back to the plan one has is refused: cancel the one that waits', () => {
    expect(asked('2026-01-10', 'entreprise', 'entreprise', waiting)).toMatchObject({
      rule: 'plan-same',
      message: expect.stringContaining('cancel the change that waits'),
    })
  })

  it('is cancelled while it waits, and not when nothing does', () => {
    expect(
      cancelPlan(subscription('entreprise', 2, { planChange: waiting })),
    ).toMatchObject({
      kind: 'cancelled',
      changes: [{ kind: 'unschedule', line, what: 'planChange' }],
    })
    expect(cancelPlan(subscription('illimite', 5))).toMatchObject({
      rule: 'plan-change-none',
    })
  })
})
