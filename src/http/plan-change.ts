import { z } from 'zod'
import {
  type ContractParts,
  contractOf,
  contractProblem,
  LineParams,
  lineOf,
} from './contract-requests.js'
import { PlanChangeView, scheduledView } from './contract-view.js'
import type { Routes } from './openapi.js'
import { problems } from './problem.js'
import { byOf } from './settings.js'

/** The name of a plan, in a request. */
export const PlanName = z
  .string()
  .max(100)
  .meta({ description: "A key of the site's plans" })

/** `GET`, `POST` and `DELETE /api/v1/lines/{number}/plan-change` (spec A5). */
export function planChangeRoutes(routes: Routes, parts: ContractParts): void {
  const { contracts } = parts
  const path = '/lines/:number/plan-change'
  const show = {
    summary: 'The plan of a line, the one that waits for the renewal, and those possible',
    params: LineParams,
    response: {
      200: z.object({
        line: z.string(),
        plan: z.string(),
        planChange: PlanChangeView.nullable(),
        plans: z.array(z.string()),
      }),
      ...problems(401, 404, 503),
    },
  }
  routes.get(path, { schema: show }, async ({ params }) => {
    const line = lineOf(parts, params.number)
    const { plan, planChange, plans } = await contractOf(contracts, line)
    return { line, plan, planChange, plans }
  })

  const schedule = {
    summary: 'Another plan from the next renewal on; it replaces one that waits',
    params: LineParams,
    body: z.strictObject({ plan: PlanName }),
    response: {
      200: PlanChangeView,
      ...problems(400, 401, 403, 404, 409, 415, 422, 503),
    },
  }
  routes.post(path, { schema: schedule }, async (request) => {
    const line = lineOf(parts, request.params.number)
    const answer = await contracts.requestPlan(line, request.body.plan, byOf(request))
    if (answer.kind === 'refused') throw contractProblem(answer)
    return scheduledView(answer.planChange, contracts.surroundings)
  })

  const cancel = {
    summary: 'Cancels the plan change that waits; 409 when none does',
    params: LineParams,
    response: { 200: PlanChangeView, ...problems(401, 403, 404, 409, 503) },
  }
  routes.delete(path, { schema: cancel }, async (request) => {
    const line = lineOf(parts, request.params.number)
    const answer = await contracts.cancelPlan(line, byOf(request))
    if (answer.kind === 'refused') throw contractProblem(answer)
    return scheduledView(answer.planChange, contracts.surroundings)
  })
}
