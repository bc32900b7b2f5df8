import { z } from 'zod'
import type { Metrics } from './metrics.js'
import type { Routes } from './openapi.js'
import { problems } from './problem.js'

/** `GET /metrics`, in the text format of Prometheus. */
export function metricsRoute(routes: Routes, { registry }: Metrics): void {
  routes.get(
    '/metrics',
    {
      schema: {
        summary:
          'Metrics for Prometheus; they need the token unless it listens on loopback',
        response: {
          200: {
            description: 'The text format of Prometheus',
            content: { 'text/plain': { schema: z.string() } },
          },
          ...problems(401),
        },
      },
    },
    async (_request, reply) =>
      reply.type(registry.contentType).send(await registry.metrics()),
  )
}
