import { z } from 'zod'
import {
  type ContractParts,
  contractOf,
  LineParams,
  lineOf,
  needAdministrator,
} from './contract-requests.js'
import { ContractView } from './contract-view.js'
import type { Routes } from './openapi.js'
import { problems } from './problem.js'
import { byOf } from './settings.js'

/** `GET` and `DELETE /api/v1/lines/{number}/contract`. */
export function contractRoutes(routes: Routes, parts: ContractParts): void {
  const { contracts } = parts
  const show = {
    summary: 'What a line has of its operator, and what waits for a renewal or a payment',
    params: LineParams,
    response: { 200: ContractView, ...problems(401, 404, 503) },
  }
  routes.get('/lines/:number/contract', { schema: show }, ({ params }) =>
    contractOf(contracts, lineOf(parts, params.number)),
  )

  const reset = {
    summary: "Gives a line back to the site file's plan and number of calls",
    description: 'What waits for a renewal is dropped; orders stay what they are.',
    params: LineParams,
    response: { 200: ContractView, ...problems(401, 403, 404, 503) },
  }
  routes.delete('/lines/:number/contract', { schema: reset }, async (request) => {
    needAdministrator(request)
    const line = lineOf(parts, request.params.number)
    await contracts.reset([line], byOf(request))
    return contractOf(contracts, line)
  })

  const differing = {
    summary: 'The lines whose contract is no longer the site file’s, with both',
    response: {
      200: z.array(
        z.object({
          line: z.string(),
          initial: z.object({ plan: z.string(), calls: z.int() }),
          inForce: z.object({ plan: z.string(), calls: z.int() }),
        }),
      ),
      ...problems(401, 403, 503),
    },
  }
  routes.get('/contracts', { schema: differing }, () =>
    [...contracts.differences()].map(([line, { before, after }]) => ({
      line,
      initial: before,
      inForce: after,
    })),
  )
}
