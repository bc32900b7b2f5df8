import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify'
import { type Address, isLoopback } from '../model/address.js'
import type { Secret } from '../model/secret.js'
import { bearerMatches } from './api-token.js'
import type { Controller } from './controller.js'
import type { EventStreams } from './event-streams.js'
import { callsRoute } from './getCalls.js'
import { eventsRoute } from './getEvents.js'
import { healthRoutes } from './getHealth.js'
import { linesRoutes } from './getLines.js'
import { metricsRoute } from './getMetrics.js'
import { statusRoute } from './getStatus.js'
import type { Metrics } from './metrics.js'
import { documented, openApiRoute, type Routes } from './openapi.js'
import { reloadRoute } from './postReload.js'
import {
  Problem,
  problemOf,
  refuseConnection,
  sendProblem,
  unauthorized,
} from './problem.js'
import { RouteTable } from './route-table.js'

export interface ApiOptions {
  readonly controller: Controller
  readonly token: Secret
  readonly metrics: Metrics
  readonly streams: EventStreams
  /** Hears what went wrong inside, of which the client is told nothing. */
  readonly onBug: (error: unknown, route: string) => void
  /** Whether it listens where only this machine can ask: then metrics need no token. */
  readonly loopback: boolean
}

const MAX_CONNECTIONS = 200

/** The routes, without a listener: for tests as for `listen`. */
export function api(options: ApiOptions): FastifyInstance {
  const server = fastify({
    bodyLimit: 256 * 1024,
    requestTimeout: 30_000,
    // Node looks for requests that are late only so often.
    http: { headersTimeout: 10_000, connectionsCheckingInterval: 1_000 },
    clientErrorHandler: refuseConnection,
    frameworkErrors: (error, _request, reply) => {
      sendProblem(reply, problemOf(error))
    },
  })
  server.server.maxConnections = MAX_CONNECTIONS
  const table = new RouteTable()
  server.addHook('onRoute', ({ method, url }) => table.add(method, url))
  server.addHook('preClose', (done) => {
    options.streams.close()
    done()
  })
  server.setErrorHandler((error, request, reply) => {
    const problem = problemOf(error)
    if (problem.type === 'internal-error') {
      options.onBug(error, `${request.method} ${request.routeOptions.url}`)
    }
    return sendProblem(reply, problem)
  })
  server.setNotFoundHandler((request, reply) => {
    const allowed = table.methodsOf(request.url)
    const problem = isAsking(request, options)
      ? noSuchRoute(request, allowed)
      : unauthorized()
    if (problem.status === 405) reply.header('allow', allowed.join(', '))
    return sendProblem(reply, problem)
  })
  const routes = documented(server)
  // In a plugin, because the document knows only routes that are added after its own.
  routes.register((open, _options, done) => {
    addRoutes(open, options)
    done()
  })
  return server
}

function addRoutes(server: Routes, options: ApiOptions): void {
  const { controller, token, metrics, streams, loopback } = options
  healthRoutes(server, controller)
  server.register((routes: Routes, _options, done) => {
    if (!loopback) needToken(routes, token)
    metricsRoute(routes, metrics)
    done()
  })
  server.register(
    (routes: Routes, _options, done) => {
      needToken(routes, token)
      statusRoute(routes, controller)
      linesRoutes(routes, controller)
      callsRoute(routes, controller)
      eventsRoute(routes, streams)
      reloadRoute(routes, controller)
      openApiRoute(routes)
      done()
    },
    { prefix: '/api/v1' },
  )
}

function needToken(routes: Routes, token: Secret): void {
  routes.addHook('onRoute', (route) => {
    route.schema = { ...route.schema, security: [{ token: [] }] }
  })
  routes.addHook('onRequest', (request, _reply, next) => {
    if (bearerMatches(request.headers.authorization, token)) next()
    else next(unauthorized())
  })
}

/** Whether to say what there is and what not: everywhere but in the API of a stranger. */
function isAsking({ url, headers }: FastifyRequest, { token }: ApiOptions): boolean {
  return !url.startsWith('/api') || bearerMatches(headers.authorization, token)
}

function noSuchRoute({ method }: FastifyRequest, allowed: readonly string[]): Problem {
  if (allowed.length === 0) return new Problem(404, 'not-found', 'there is nothing here')
  const detail = `${method} is not possible here; possible: ${allowed.join(', ')}`
  return new Problem(405, 'method-not-allowed', detail)
}

/** Starts to listen; rejects with the system's error when the address is taken. */
export async function listen(
  address: Address,
  options: Omit<ApiOptions, 'loopback'>,
): Promise<FastifyInstance> {
  const server = api({ ...options, loopback: isLoopback(address.host) })
  await server.listen({ host: address.host, port: address.port })
  return server
}
