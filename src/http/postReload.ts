import { z } from 'zod'
import type { Controller } from './controller.js'
import type { Routes } from './openapi.js'
import { Problem, problems } from './problem.js'

/** `POST /api/v1/reload`: the last step of `apply`. */
export function reloadRoute(routes: Routes, controller: Controller): void {
  const schema = {
    summary: 'Reads the site file again; the last step of apply',
    response: { 200: z.object({ lines: z.int() }), ...problems(401, 422) },
  }
  routes.post('/reload', { schema }, async () => {
    const reloaded = await controller.reload()
    if (reloaded.kind === 'reloaded') return { lines: reloaded.lines }
    throw new Problem(
      422,
      'site-invalid',
      'the site file is refused; the old one stays',
      {
        findings: reloaded.findings,
      },
    )
  })
}
