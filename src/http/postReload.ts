import type { FastifyInstance } from 'fastify'
import type { Controller } from './controller.js'
import { Problem } from './problem.js'

/** `POST /api/v1/reload`: the last step of `apply`. */
export function reloadRoute(routes: FastifyInstance, controller: Controller): void {
  routes.post('/reload', async () => {
    const reloaded = await controller.reload()
    if (reloaded.kind === 'reloaded') return { lines: reloaded.lines }
    throw new Problem(422, 'site-invalid', 'the site file is refused; the old one stays', {
      findings: reloaded.findings,
    })
  })
}
