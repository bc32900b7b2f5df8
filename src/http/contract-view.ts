import { z } from 'zod'
import type { Plan } from '../model/plan.js'
import { bandwidthOf } from '../subscription/bandwidth.js'
import { localDate } from '../subscription/calendar.js'
import {
  callPriceCents,
  extraCalls,
  plansAfter,
  type Subscription,
  type Surroundings,
} from '../subscription/contract.js'
import { price } from '../subscription/money.js'
import { countOf, type Draft, type Order } from '../subscription/order.js'
import { Instant, named } from './api-schemas.js'

/** Euros with cents, in a text: no arithmetic of a client makes 0.30000000000000004 of it. */
const Price = z.string().meta({ description: 'Euros, excluding VAT' })

const LocalDate = z.string().meta({
  description: 'The same as a date in the site’s time zone, like 2026-02-01',
})

export const OrderView = named(
  'Order',
  'An order of simultaneous calls or of alias numbers; it changes nothing until it is paid',
  z.object({
    kind: z.literal('order'),
    id: z.string(),
    state: z.enum(['issued', 'paid', 'applied', 'cancelled', 'expired']).meta({
      description: 'issued: waits for its payment; applied: paid, and in force',
    }),
    item: z.union([
      z.object({
        kind: z.literal('calls'),
        line: z.string(),
        from: z.int(),
        to: z.int(),
      }),
      z.object({ kind: z.literal('aliases') }),
    ]),
    count: z.int().meta({ description: 'How many calls or numbers it adds' }),
    price: z.object({
      each: Price,
      total: Price.meta({ description: 'Per month, excluding VAT' }),
      vatPercent: z.number(),
      currency: z.literal('EUR'),
      per: z.literal('month'),
    }),
    issuedAt: Instant,
    expiresAt: Instant,
    paidAt: Instant.nullable(),
    endedAt: Instant.nullable().meta({ description: 'Applied, cancelled or expired' }),
    by: z.string().meta({ description: 'Who ordered' }),
  }),
)
export type OrderView = z.infer<typeof OrderView>

export const PlanChangeView = named(
  'PlanChange',
  'A plan change that comes with the next renewal, unless it is cancelled before',
  z.object({
    kind: z.literal('planChange'),
    line: z.string(),
    plan: z.string(),
    requestedAt: Instant,
    effectiveAt: Instant,
    effectiveOn: LocalDate,
  }),
)

export const DecreaseView = named(
  'Decrease',
  'Fewer simultaneous calls, from the next renewal on; running calls are never cut',
  z.object({
    kind: z.literal('decrease'),
    line: z.string(),
    calls: z.int().meta({ description: 'How many remain' }),
    requestedAt: Instant,
    effectiveAt: Instant,
    effectiveOn: LocalDate,
  }),
)

export const ContractView = named(
  'Contract',
  'What a line has of its operator, and what waits for a renewal or a payment',
  z.object({
    plan: z.string(),
    label: z.string(),
    calls: z.object({
      limit: z.int(),
      included: z.int().meta({ description: 'They come with the plan' }),
      extra: z.int().meta({ description: 'Those beyond, that cost' }),
      maximum: z.int().meta({ description: 'The most that the plan allows' }),
      extraPrice: Price.meta({ description: 'One more, per month, excluding VAT' }),
    }),
    bandwidthKbits: z.object({ from: z.int(), to: z.int() }).meta({
      description: 'What the internet access needs for all calls at once, each way',
    }),
    plans: z.array(z.string()).meta({
      description: 'Plans that the line may change to',
    }),
    nextRenewal: Instant,
    planChange: PlanChangeView.nullable(),
    decrease: DecreaseView.nullable(),
    order: OrderView.nullable().meta({ description: 'The order that is not paid' }),
  }),
)
export type ContractView = z.infer<typeof ContractView>

export function contractView(
  { contract, planChange, decrease, open }: Subscription,
  around: Surroundings & { readonly renewalMs: number },
): ContractView {
  const plan = around.plans.get(contract.plan)
  return {
    plan: contract.plan,
    label: plan?.label ?? contract.plan,
    calls: callsView(contract.calls, plan),
    bandwidthKbits: bandwidthOf(contract.calls),
    plans: plansAfter(contract.plan, around.plans),
    nextRenewal: iso(around.renewalMs),
    planChange: planChange ? scheduledView(planChange, around) : null,
    decrease: decrease ? scheduledView(decrease, around) : null,
    order: open ? orderView(open) : null,
  }
}

function callsView(limit: number, plan: Plan | undefined): ContractView['calls'] {
  const { included, maximum } = plan?.calls ?? { included: limit, maximum: limit }
  return {
    ...{ limit, included, maximum },
    extra: plan ? extraCalls({ plan: plan.label, calls: limit }, plan) : 0,
    extraPrice: price(plan ? callPriceCents(plan) : 0),
  }
}

/** What waits for a renewal, its instants as texts. */
export function scheduledView<
  Scheduled extends { readonly requestedMs: number; readonly dueMs: number },
>(scheduled: Scheduled, { timeZone }: Pick<Surroundings, 'timeZone'>) {
  const { requestedMs, dueMs, ...what } = scheduled
  const effectiveOn = localDate(dueMs, timeZone)
  return { ...what, requestedAt: iso(requestedMs), effectiveAt: iso(dueMs), effectiveOn }
}

export function orderView(order: Order): OrderView {
  const { id, state, item, by, issuedMs, expiresMs, paidMs, endedMs } = order
  return {
    kind: 'order',
    id: String(id),
    state,
    item: item.kind === 'calls' ? { ...item } : { kind: item.kind },
    count: countOf(item),
    price: priceView(order),
    issuedAt: iso(issuedMs),
    expiresAt: iso(expiresMs),
    paidAt: paidMs === undefined ? null : iso(paidMs),
    endedAt: endedMs === undefined ? null : iso(endedMs),
    by,
  }
}

export function priceView(draft: Draft): OrderView['price'] {
  const { unitCents, totalCents, vatPercent } = draft
  return {
    each: price(unitCents),
    total: price(totalCents),
    vatPercent,
    currency: 'EUR',
    per: 'month',
  }
}

function iso(ms: number): string {
  return new Date(ms).toISOString()
}
