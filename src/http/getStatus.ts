import type { Controller } from './controller.js'
import type { Routes } from './openapi.js'
import { problems } from './problem.js'
import { Status } from './views.js'

/** `GET /api/v1/status`. */
export function statusRoute(routes: Routes, controller: Controller): void {
  const schema = {
    summary: 'The controller and its Asterisk',
    response: { 200: Status, ...problems(401) },
  }
  routes.get('/status', { schema }, () => controller.status())
}
