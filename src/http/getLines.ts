import { z } from 'zod'
import { principalOf } from './access.js'
import type { Controller } from './controller.js'
import type { Routes } from './openapi.js'
import { owns } from './principal.js'
import { lineUnknown, problems } from './problem.js'
import { LineView } from './views.js'
import { WhyView } from './why-view.js'

const Params = z.object({
  number: z.string().meta({ description: 'The number of the line, in any spelling' }),
})

/** `GET /api/v1/lines`, and of one line `…/{number}` and `…/{number}/why`. */
export function linesRoutes(routes: Routes, controller: Controller): void {
  const all = {
    summary: 'Every line with its use and settings; to a customer, his own',
    response: { 200: z.array(LineView), ...problems(401, 503) },
  }
  const config = { customers: true } as const
  routes.get('/lines', { schema: all, config }, async (request) => {
    const principal = principalOf(request)
    const lines = await controller.lines()
    return lines.filter(({ number }) => owns(principal, number))
  })

  const one = {
    summary: 'One line',
    params: Params,
    response: { 200: LineView, ...problems(401, 404, 503) },
  }
  routes.get('/lines/:number', { schema: one }, async ({ params }) =>
    known(await controller.line(params.number)),
  )

  const why = {
    summary: 'Who holds the call slots of a line, and what it would do with a call now',
    params: Params,
    response: { 200: WhyView, ...problems(401, 404, 503) },
  }
  routes.get('/lines/:number/why', { schema: why }, async ({ params }) =>
    known(await controller.why(params.number)),
  )
}

function known<T>(line: T | undefined): T {
  if (line === undefined) throw lineUnknown()
  return line
}
