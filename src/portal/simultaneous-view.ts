import type { FastifyRequest } from 'fastify'
import { principalOf } from '../http/access.js'
import { lineUnknown } from '../http/problem.js'
import type { Line } from '../model/line.js'
import { bandwidthOf } from '../subscription/bandwidth.js'
import { callPriceCents, extraCalls, planOf } from '../subscription/contract.js'
import { withVat } from '../subscription/money.js'
import { Done } from './line-frame.js'
import type { PortalOptions } from './portal-options.js'
import { refusalText } from './refusal-text.js'
import { type Visit, visitOf } from './visit.js'

/** What the page shows of the number of calls and its order form. */
export async function simultaneousView(
  request: FastifyRequest,
  options: PortalOptions,
  line: Line,
) {
  const { contracts } = options
  const visit = visitOf(request)
  const { format, t } = visit
  const subscription = await contracts.subscription(line.number)
  if (!subscription) throw lineUnknown()
  const { contract, decrease, open } = subscription
  const { plans, terms } = contracts.surroundings
  const plan = planOf(contract, plans)
  const { data } = Done.safeParse(request.query)
  const isScheduled = data?.done === 'decrease' && decrease !== undefined
  return {
    limit: contract.calls,
    included: plan.calls.included,
    extra: extraCalls(contract, plan),
    maximum: plan.calls.maximum,
    isSingle: plan.calls.maximum === 1,
    unitPrice: format.money(callPriceCents(plan)),
    isLocked: decrease !== undefined && terms.pendingDecreaseLocks,
    decrease: decrease
      ? { calls: decrease.calls, date: format.date(decrease.dueMs) }
      : false,
    mayCancel: mayCancel(request, options),
    openOrder: open ? { id: open.id } : false,
    ...(await previewView(visit, options, line, contract.calls)),
    ...(isScheduled && {
      done: `${t.decreaseScheduled} ${format.date(decrease.dueMs)}.`,
    }),
  }
}

/** What a number of calls needs of the internet access, what it costs, and since when. */
export async function previewView(
  { format, t, language }: Visit,
  { contracts }: PortalOptions,
  line: Line,
  calls: number,
) {
  const { from, to } = bandwidthOf(Math.max(1, calls))
  const bandwidth = `${format.count(from)}–${format.count(to)}`
  const nothing = {
    bandwidth,
    price: false as string | false,
    refusal: false as string | false,
  }
  if (calls === line.calls) return nothing
  const answer = await contracts.previewCalls(line.number, calls)
  if (answer.kind === 'scheduled') {
    const date = format.date(answer.decrease.dueMs)
    return { ...nothing, price: `${t.effectiveOn} ${date}` }
  }
  if (!('draft' in answer)) return { ...nothing, refusal: refusalText(answer, language) }
  const { totalCents, vatPercent } = answer.draft
  const withTax = format.money(withVat(totalCents, vatPercent))
  return {
    ...nothing,
    price: `+ ${format.money(totalCents)} ${t.perMonth} (${withTax} ${t.vat})`,
  }
}

export function mayCancel(
  request: FastifyRequest,
  { contracts }: PortalOptions,
): boolean {
  const { pendingDecreaseLocks } = contracts.surroundings.terms
  return !pendingDecreaseLocks || principalOf(request).role === 'administrator'
}
