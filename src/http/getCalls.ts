import type { FastifyInstance } from 'fastify'
import type { Controller } from './controller.js'

/** `GET /api/v1/calls`. */
export function callsRoute(routes: FastifyInstance, controller: Controller): void {
  routes.get('/calls', () => controller.calls())
}
