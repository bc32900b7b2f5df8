import { z } from 'zod'
import type { Controller } from './controller.js'
import type { Routes } from './openapi.js'

const Alive = z.object({ status: z.literal('ok') })
const Ready = z.object({ status: z.enum(['ready', 'degraded']) })

/** `/healthz`: the process answers. `/readyz`: it also decides calls. No token needed. */
export function healthRoutes(routes: Routes, controller: Controller): void {
  const health = { summary: 'The controller runs', response: { 200: Alive } }
  routes.get('/healthz', { schema: health }, () => ({ status: 'ok' }) as const)

  const readiness = {
    summary: 'The controller decides calls; 503 while the dialplan does without it',
    response: { 200: Ready, 503: Ready },
  }
  routes.get('/readyz', { schema: readiness }, (_request, reply) => {
    const { degraded } = controller.status()
    reply.code(degraded ? 503 : 200).send({ status: degraded ? 'degraded' : 'ready' })
  })
}
