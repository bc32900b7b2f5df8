import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Routes } from '../http/openapi.js'
import { lineUnknown } from '../http/problem.js'
import { renewalAfter } from '../subscription/calendar.js'
import { plansAfter } from '../subscription/contract.js'
import { bulkReport } from './bulk-report.js'
import { chosenOthers } from './chosen-lines.js'
import { Done, LineParams, lineOf, linePage, othersOf } from './line-frame.js'
import type { PortalOptions } from './portal-options.js'
import { refusalText } from './refusal-text.js'
import { byOf, visitOf } from './visit.js'

const PlanForm = z.object({
  plan: z.string().max(100),
  also: z.union([z.string(), z.array(z.string())]).optional(),
})

/** `/lines/{number}/plan`: « Gestion », with « Changer d'offre » and its cancelling. */
export function planPages(pages: Routes, options: PortalOptions): void {
  const { contracts } = options
  pages.get(
    '/lines/:number/plan',
    { schema: { params: LineParams, querystring: Done } },
    (request, reply) => showPlan(request, reply, options, false),
  )

  const change = { schema: { params: LineParams, body: PlanForm } }
  pages.post('/lines/:number/plan-change', change, async (request, reply) => {
    const { number } = lineOf(options, request.params.number)
    const { language, t, format } = visitOf(request)
    const { plan, also } = request.body
    const lines = [number, ...chosenOthers(request, options, also)]
    const answers = await contracts.requestPlans(lines, plan, byOf(request))
    if (lines.length > 1) {
      const outcomes = answers.map((answer, at) => ({
        line: lines[at] ?? '',
        reasons: answer.kind === 'refused' ? [refusalText(answer, language)] : [],
      }))
      const { nowMs, timeZone } = contracts.surroundings
      const when = `${t.effectiveOn} ${format.date(renewalAfter(nowMs, timeZone))}.`
      const back = { back: `${number}/plan`, backText: t.tabPlan }
      return bulkReport(request, reply, { outcomes, when, ...back })
    }
    const [answer] = answers
    if (answer?.kind !== 'refused') {
      return reply.redirect(`/lines/${number}/plan?done=plan`, 303)
    }
    return showPlan(request, reply.code(409), options, [refusalText(answer, language)])
  })

  const cancel = { schema: { params: LineParams } }
  pages.post('/lines/:number/plan-cancel', cancel, async (request, reply) => {
    const { number } = lineOf(options, request.params.number)
    const answer = await contracts.cancelPlan(number, byOf(request))
    if (answer.kind !== 'refused') {
      return reply.redirect(`/lines/${number}/plan?done=cancelled`, 303)
    }
    const errors = [refusalText(answer, visitOf(request).language)]
    return showPlan(request, reply.code(409), options, errors)
  })
}

async function showPlan(
  request: FastifyRequest,
  reply: FastifyReply,
  options: PortalOptions,
  errors: readonly string[] | false,
): Promise<FastifyReply> {
  const { contracts } = options
  const { format, t } = visitOf(request)
  const line = lineOf(options, LineParams.parse(request.params).number)
  const subscription = await contracts.subscription(line.number)
  if (!subscription) throw lineUnknown()
  const { plans, nowMs, timeZone } = contracts.surroundings
  const labelOf = (plan: string): string => plans.get(plan)?.label ?? plan
  const { contract, planChange } = subscription
  const offered = plansAfter(contract.plan, plans)
  const renewal = format.date(renewalAfter(nowMs, timeZone))
  const pending = planChange && {
    label: labelOf(planChange.plan),
    date: format.date(planChange.dueMs),
  }
  const { data } = Done.safeParse(request.query)
  const isScheduled = data?.done === 'plan' && pending !== undefined
  const view = {
    plan: labelOf(contract.plan),
    renewal,
    pending: pending ?? false,
    offered: offered.map((plan) => ({
      ...{ plan, label: labelOf(plan), isChosen: plan === planChange?.plan },
    })),
    others: othersOf(request, options, line),
    errors,
    ...(isScheduled && { done: `${t.planScheduled} ${pending.date}.` }),
  }
  return linePage(request, reply, { line, tab: 'plan', view })
}
