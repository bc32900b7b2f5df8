import type { FastifyInstance } from 'fastify'
import type { Controller } from './controller.js'

/** `GET /api/v1/status`. */
export function statusRoute(routes: FastifyInstance, controller: Controller): void {
  routes.get('/status', () => controller.status())
}
