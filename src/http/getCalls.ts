import { z } from 'zod'
import type { Controller } from './controller.js'
import type { Routes } from './openapi.js'
import { problems } from './problem.js'
import { CallView } from './views.js'

/** `GET /api/v1/calls`. */
export function callsRoute(routes: Routes, controller: Controller): void {
  const schema = {
    summary: 'The calls in progress, with their legs',
    response: { 200: z.array(CallView), ...problems(401, 503) },
  }
  routes.get('/calls', { schema }, () => controller.calls())
}
