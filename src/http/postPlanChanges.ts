import { z } from 'zod'
import type { Surroundings } from '../subscription/contract.js'
import type { PlanScheduled } from '../subscription/plan-change.js'
import type { Refused } from '../subscription/refusal.js'
import { principalOf } from './access.js'
import { named } from './api-schemas.js'
import type { ContractParts } from './contract-requests.js'
import { PlanChangeView, scheduledView } from './contract-view.js'
import type { Routes } from './openapi.js'
import { PlanName } from './plan-change.js'
import { owns } from './principal.js'
import { problems } from './problem.js'
import { byOf } from './settings.js'

const Outcome = named(
  'PlanChangeOutcome',
  'What became of a plan change for one of several lines',
  z.object({
    line: z.string().meta({ description: 'Canonical, or as it was sent if unknown' }),
    outcome: z.enum(['scheduled', 'refused', 'unknown']),
    planChange: PlanChangeView.nullable(),
    error: z.object({ type: z.string(), detail: z.string() }).nullable(),
  }),
)
type Outcome = z.infer<typeof Outcome>

/** `POST /api/v1/lines/plan-change`: each line is decided by itself (spec A5, A15). */
export function planChangesRoute(
  routes: Routes,
  { contracts, controller }: ContractParts,
): void {
  const schema = {
    summary: 'The same plan change for several lines; each succeeds or fails by itself',
    body: z.strictObject({
      lines: z.array(z.string().max(40)).min(1).max(10_000).meta({
        description: 'Numbers of lines, in any spelling',
      }),
      plan: PlanName,
    }),
    response: {
      200: z.object({ outcomes: z.array(Outcome) }),
      ...problems(400, 401, 403, 415, 422, 503),
    },
  }
  const config = { customers: true } as const
  routes.post('/lines/plan-change', { schema, config }, async (request) => {
    const { lines, plan } = request.body
    const principal = principalOf(request)
    // A foreign line is to a customer what an unknown one is (H02).
    const own = new Map(
      [...new Set(lines)].map((number) => {
        const line = controller.canonical(number)
        return [number, line !== undefined && owns(principal, line) ? line : undefined]
      }),
    )
    const known = [...new Set(own.values())].filter((line) => line !== undefined)
    const answers = await contracts.requestPlans(known, plan, byOf(request))
    const byLine = new Map(known.map((line, at) => [line, answers[at]]))
    const outcomes = [...own].map(([number, line]) =>
      outcomeOf(
        line ?? number,
        line === undefined ? undefined : byLine.get(line),
        contracts.surroundings,
      ),
    )
    return { outcomes }
  })
}

function outcomeOf(
  line: string,
  answer: PlanScheduled | Refused | undefined,
  around: Surroundings,
): Outcome {
  const nothing = { line, planChange: null, error: null }
  if (!answer) return { ...nothing, outcome: 'unknown' }
  if (answer.kind === 'scheduled') {
    const planChange = scheduledView(answer.planChange, around)
    return { ...nothing, outcome: 'scheduled', planChange }
  }
  const error = { type: answer.rule, detail: answer.message }
  return { ...nothing, outcome: 'refused', error }
}
