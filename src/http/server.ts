import fastify, { type FastifyInstance } from 'fastify'
import type { Address } from '../model/address.js'
import type { Secret } from '../model/secret.js'
import { bearerMatches } from './api-token.js'
import { AsteriskUnreachable, type Controller } from './controller.js'
import { callsRoute } from './getCalls.js'
import { healthRoutes } from './getHealth.js'
import { linesRoutes } from './getLines.js'
import { statusRoute } from './getStatus.js'
import { reloadRoute } from './postReload.js'
import { Problem, problemBody } from './problem.js'

export interface ApiOptions {
  readonly controller: Controller
  readonly token: Secret
}

/** The routes, without a listener: for tests as for `listen`. */
export function api({ controller, token }: ApiOptions): FastifyInstance {
  const server = fastify({
    bodyLimit: 256 * 1024,
    requestTimeout: 30_000,
    http: { headersTimeout: 10_000 },
  })
  server.setErrorHandler((error, _request, reply) => {
    const problem = problemOf(error)
    return reply
      .code(problem.status)
      .type('application/problem+json')
      .send(problemBody(problem))
  })
  server.setNotFoundHandler((request, reply) => {
    const problem = new Problem(404, 'not-found', `no ${request.method} ${request.url} here`)
    return reply.code(404).type('application/problem+json').send(problemBody(problem))
  })
  healthRoutes(server, controller)
  server.register(
    (routes, _options, done) => {
      routes.addHook('onRequest', (request, _reply, next) => {
        if (bearerMatches(request.headers.authorization, token)) return next()
        next(new Problem(401, 'unauthorized', 'a valid bearer token is needed'))
      })
      statusRoute(routes, controller)
      linesRoutes(routes, controller)
      callsRoute(routes, controller)
      reloadRoute(routes, controller)
      done()
    },
    { prefix: '/api/v1' },
  )
  return server
}

/** Starts to listen; rejects with the system's error when the address is taken. */
export async function listen(address: Address, options: ApiOptions): Promise<FastifyInstance> {
  const server = api(options)
  await server.listen({ host: address.host, port: address.port })
  return server
}

function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error
  if (error instanceof AsteriskUnreachable) {
    return new Problem(503, 'asterisk-unreachable', error.message)
  }
  const status =
    error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number'
      ? error.statusCode
      : 500
  // What went wrong inside is for the log, not for the client.
  if (status >= 500) return new Problem(500, 'internal-error', 'the request failed; see the log')
  return new Problem(status, 'bad-request', error instanceof Error ? error.message : 'refused')
}
