import { z } from 'zod'
import { bandwidthOf } from '../subscription/bandwidth.js'
import {
  type ContractParts,
  contractProblem,
  LineParams,
  lineOf,
  needAdministrator,
} from './contract-requests.js'
import {
  DecreaseView,
  OrderView,
  orderView,
  priceView,
  scheduledView,
} from './contract-view.js'
import type { Routes } from './openapi.js'
import { problems } from './problem.js'
import { byOf } from './settings.js'

const PATH = '/lines/:number/calls-change'

const Preview = z.object({
  calls: z.int(),
  kind: z.enum(['order', 'decrease']),
  price: OrderView.shape.price.nullable().meta({ description: 'Of an order' }),
  effectiveAt: DecreaseView.shape.effectiveAt.nullable().meta({
    description: 'Of a decrease; an order counts when it is paid',
  }),
  effectiveOn: DecreaseView.shape.effectiveOn.nullable(),
  bandwidthKbits: z.object({ from: z.int(), to: z.int() }),
})

/** `GET`, `POST` and `DELETE /api/v1/lines/{number}/calls-change` (spec A6). */
export function callsChangeRoutes(routes: Routes, parts: ContractParts): void {
  previewRoute(routes, parts)
  changeRoute(routes, parts)
  cancelRoute(routes, parts)
}

function previewRoute(routes: Routes, parts: ContractParts): void {
  const schema = {
    summary: 'What another number of simultaneous calls would cost; changes nothing',
    params: LineParams,
    querystring: z.object({ calls: z.coerce.number().int() }),
    response: { 200: Preview, ...problems(401, 404, 409, 422, 503) },
  }
  routes.get(PATH, { schema }, async ({ params, query: { calls } }) => {
    const answer = await parts.contracts.previewCalls(lineOf(parts, params.number), calls)
    const preview = { calls, bandwidthKbits: bandwidthOf(calls) }
    if (answer.kind === 'scheduled') {
      const { effectiveAt, effectiveOn } = scheduledView(
        answer.decrease,
        parts.contracts.surroundings,
      )
      return {
        ...preview,
        kind: 'decrease' as const,
        price: null,
        effectiveAt,
        effectiveOn,
      }
    }
    // Without accepted terms, an order is refused, but it tells its price.
    if (!('draft' in answer)) throw contractProblem(answer)
    const price = priceView(answer.draft)
    return {
      ...preview,
      kind: 'order' as const,
      price,
      effectiveAt: null,
      effectiveOn: null,
    }
  })
}

function changeRoute(routes: Routes, parts: ContractParts): void {
  const schema = {
    summary: 'Another number of simultaneous calls',
    description:
      'More: 201 with an order, which counts when it is paid, and takes the place of one ' +
      'that is not. Fewer: 200 with the decrease that comes at the next renewal; until ' +
      'then the number is locked.',
    params: LineParams,
    body: z.strictObject({
      calls: z.int().meta({ description: 'How many there shall be, 1 to 99' }),
      termsAccepted: z.boolean().default(false).meta({
        description: 'The general conditions are accepted; an order needs it',
      }),
    }),
    response: {
      ...{ 200: DecreaseView, 201: OrderView },
      ...problems(400, 401, 403, 404, 409, 415, 422, 503),
    },
  }
  routes.post(PATH, { schema }, async (request, reply) => {
    const line = lineOf(parts, request.params.number)
    const answer = await parts.contracts.requestCalls(line, request.body, byOf(request))
    if (answer.kind === 'refused') throw contractProblem(answer)
    if (answer.kind === 'scheduled')
      return scheduledView(answer.decrease, parts.contracts.surroundings)
    reply.code(201)
    return orderView(answer.order)
  })
}

function cancelRoute(routes: Routes, parts: ContractParts): void {
  const { contracts } = parts
  const schema = {
    summary: 'Takes a decrease back before its renewal',
    description: 'For administrators, unless the site says pendingDecreaseLocks: false.',
    params: LineParams,
    response: { 200: DecreaseView, ...problems(401, 403, 404, 409, 503) },
  }
  routes.delete(PATH, { schema }, async (request) => {
    if (contracts.surroundings.terms.pendingDecreaseLocks) needAdministrator(request)
    const line = lineOf(parts, request.params.number)
    const answer = await contracts.cancelDecrease(line, byOf(request))
    if (answer.kind === 'refused') throw contractProblem(answer)
    return scheduledView(answer.decrease, parts.contracts.surroundings)
  })
}
