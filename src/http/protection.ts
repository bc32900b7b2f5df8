import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance } from 'fastify'
import { Problem } from './problem.js'

/** From one source: a script that changes every line runs, a flood does not. */
const RATE = { max: 2_000, timeWindow: 10_000 }
/** What watches over a machine asks often, and by any name. */
export const UNGUARDED: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/metrics'])

/** Headers for every answer, and a limit for every source. */
export function protect(server: FastifyInstance): void {
  server.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        ...{ scriptSrc: ["'self'"], styleSrc: ["'self'"], imgSrc: ["'self'"] },
        ...{ connectSrc: ["'self'"], mediaSrc: ["'self'"], fontSrc: ["'self'"] },
        ...{ formAction: ["'self'"], frameAncestors: ["'none'"], baseUri: ["'none'"] },
      },
    },
    // TLS is the proxy's: whether there is any is not ours to promise.
    strictTransportSecurity: false,
    referrerPolicy: { policy: 'same-origin' },
    xFrameOptions: { action: 'deny' },
  })
  server.register(rateLimit, {
    ...RATE,
    allowList: ({ routeOptions }) => UNGUARDED.has(routeOptions.url ?? ''),
    errorResponseBuilder: (_request, { ttl }) =>
      new Problem(
        429,
        'too-many-requests',
        `too many requests; try again in ${Math.ceil(ttl / 1000)} s`,
      ),
  })
}
