import type { FastifyInstance } from 'fastify'
import type { Controller } from './controller.js'

/** `/healthz`: the process answers. `/readyz`: it also decides calls. No token needed. */
export function healthRoutes(server: FastifyInstance, controller: Controller): void {
  server.get('/healthz', () => ({ status: 'ok' }))
  server.get('/readyz', (_request, reply) => {
    const { degraded } = controller.status()
    return reply.code(degraded ? 503 : 200).send({ status: degraded ? 'degraded' : 'ready' })
  })
}
