import fastify, {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify'
import { type Address, isLoopback } from '../model/address.js'
import type { ContractDesk } from '../store/contract-desk.js'
import type { Replies } from '../store/replies.js'
import { guardByToken } from './access.js'
import type { Accounts } from './accounts.js'
import { callsChangeRoutes } from './calls-change.js'
import { contractRoutes } from './contract.js'
import type { Controller } from './controller.js'
import { conditional } from './etag.js'
import type { EventStreams } from './event-streams.js'
import { filterRoutes } from './filters.js'
import { refuseForeignHosts } from './foreign-host.js'
import { callsRoute } from './getCalls.js'
import { type CallRecords, cdrRoutes, forgetCdrRoute } from './getCdr.js'
import { type Diagnoses, diagnosisRoute } from './getDiagnosis.js'
import { eventsRoute } from './getEvents.js'
import { healthRoutes } from './getHealth.js'
import { journalRoute } from './getJournal.js'
import { linesRoutes } from './getLines.js'
import { metricsRoute } from './getMetrics.js'
import { statusRoute } from './getStatus.js'
import { type Greetings, greetingRoutes } from './greetings.js'
import { rememberReplies } from './idempotency.js'
import { parseJson } from './json-body.js'
import type { Metrics } from './metrics.js'
import { documented, openApiRoute, type Routes } from './openapi.js'
import { orderEndRoutes, ordersRoutes } from './orders.js'
import { planChangeRoutes } from './plan-change.js'
import { planChangesRoute } from './postPlanChanges.js'
import { reloadRoute } from './postReload.js'
import { reopenRoute } from './postReopen.js'
import { severalSettingsRoute } from './postSettings.js'
import {
  Problem,
  problemOf,
  refuseConnection,
  sendProblem,
  unauthorized,
} from './problem.js'
import { protect, UNGUARDED } from './protection.js'
import { RouteTable } from './route-table.js'
import { settingsRoutes } from './settings.js'
import type { SettingsChanges } from './settings-changes.js'
import { shortNumberRoutes } from './short-numbers.js'
import { tokenRoutes } from './tokens.js'
import { userRoutes } from './users.js'
import { type Voicemails, voicemailRoutes } from './voicemail.js'

export interface ApiOptions {
  readonly controller: Controller
  readonly accounts: Accounts
  readonly metrics: Metrics
  readonly streams: EventStreams
  readonly settings: SettingsChanges
  readonly contracts: ContractDesk
  /** Hears what went wrong inside, of which the client is told nothing. */
  readonly onBug: (error: unknown, route: string) => void
  /** The names that browsers may ask for, beside addresses and localhost. */
  readonly names: () => readonly string[]
  /** Whether it listens where only this machine can ask: then metrics need no token. */
  readonly loopback: boolean
  readonly diagnoses: Diagnoses
  /** Answers already given, by idempotency key. */
  readonly replies: Replies
  readonly voicemails: Voicemails
  readonly greetings: Greetings
  /** Where calls are written down, if they are. */
  readonly records?: CallRecords
  /** Pages beside the API. */
  readonly portal?: Portal
}

/** The pages for people; they are this server's guests, and it knows none of them. */
export interface Portal {
  add(server: FastifyInstance): void
  /** Where there is nothing, for somebody who reads HTML. */
  notFound(request: FastifyRequest, reply: FastifyReply): FastifyReply
}

const MAX_CONNECTIONS = 200

/** The routes, without a listener: for tests as for `listen`. */
export function api(options: ApiOptions): FastifyInstance {
  const server = fastify({
    bodyLimit: 256 * 1024,
    // A proxy on this machine may say for whom it asks; nobody else may.
    trustProxy: 'loopback',
    requestTimeout: 30_000,
    // Node looks for requests that are late only so often.
    http: { headersTimeout: 10_000, connectionsCheckingInterval: 1_000 },
    clientErrorHandler: refuseConnection,
    frameworkErrors: (error, _request, reply) => {
      sendProblem(reply, problemOf(error))
    },
  })
  server.server.maxConnections = MAX_CONNECTIONS
  server.decorateRequest('principal', undefined)
  // A form of another site can send text without being asked first (H07).
  server.removeContentTypeParser('text/plain')
  server.addContentTypeParser('application/json', { parseAs: 'string' }, readJson)
  refuseForeignHosts(server, options.names, UNGUARDED)
  protect(server)
  const table = new RouteTable()
  server.decorate('routeTable', table)
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
    const { accept = '' } = request.headers
    const isPerson = accept.includes('text/html') && !request.url.startsWith('/api')
    if (options.portal && isPerson) return options.portal.notFound(request, reply)
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
    options.portal?.add(open)
    done()
  })
  return server
}

function readJson(
  _request: FastifyRequest,
  body: string | Buffer,
  done: (error: Error | null, document?: unknown) => void,
): void {
  try {
    done(null, parseJson(body.toString()))
  } catch (error) {
    if (error instanceof Error) done(error)
    else throw error
  }
}

function addRoutes(server: Routes, options: ApiOptions): void {
  const { controller, accounts, metrics, streams, loopback } = options
  healthRoutes(server, controller)
  server.register((routes: Routes, _options, done) => {
    if (!loopback) guardByToken(routes, options)
    metricsRoute(routes, metrics)
    done()
  })
  server.register(
    (routes: Routes, _options, done) => {
      guardByToken(routes, options)
      rememberReplies(routes, options.replies, Date.now)
      conditional(routes, options)
      userRoutes(routes, accounts, controller)
      tokenRoutes(routes, accounts, controller)
      statusRoute(routes, controller)
      linesRoutes(routes, controller)
      settingsRoutes(routes, options.settings)
      severalSettingsRoute(routes, options.settings)
      filterRoutes(routes, options.settings)
      reopenRoute(routes, options.settings)
      shortNumberRoutes(routes, options.settings)
      journalRoute(routes, options.settings)
      contractRoutes(routes, options)
      planChangeRoutes(routes, options)
      planChangesRoute(routes, options)
      callsChangeRoutes(routes, options)
      ordersRoutes(routes, options)
      orderEndRoutes(routes, options)
      callsRoute(routes, controller)
      if (options.records) {
        cdrRoutes(routes, options.records)
        forgetCdrRoute(routes, options.records)
      }
      diagnosisRoute(routes, options.diagnoses, controller)
      voicemailRoutes(routes, options.voicemails, controller)
      greetingRoutes(routes, options)
      eventsRoute(routes, streams)
      reloadRoute(routes, controller)
      openApiRoute(routes)
      done()
    },
    { prefix: '/api/v1' },
  )
}

/** Whether to say what there is and what not: everywhere but in the API of a stranger. */
function isAsking({ url, headers }: FastifyRequest, { accounts }: ApiOptions): boolean {
  return !url.startsWith('/api') || accounts.ofBearer(headers.authorization) !== undefined
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
