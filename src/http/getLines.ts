import type { FastifyInstance } from 'fastify'
import type { Controller } from './controller.js'
import { Problem } from './problem.js'

/** `GET /api/v1/lines` and `GET /api/v1/lines/{number}`. */
export function linesRoutes(routes: FastifyInstance, controller: Controller): void {
  routes.get('/lines', () => controller.lines())
  routes.get<{ Params: { number: string } }>('/lines/:number', async ({ params }) => {
    const lines = await controller.lines()
    const line = lines.find(({ number }) => number === params.number)
    if (!line) throw new Problem(404, 'line-unknown', 'no such line')
    return line
  })
}
