import type { FastifyRequest } from 'fastify'
import type { Accounts } from './accounts.js'
import type { Controller } from './controller.js'
import type { Routes } from './openapi.js'
import { owns, type Principal } from './principal.js'
import {
  forbidden,
  lineUnknown,
  type Problem,
  problems,
  unauthorized,
} from './problem.js'

declare module 'fastify' {
  interface FastifyRequest {
    /** Set for every route behind the access layer; read it by `principalOf`. */
    principal: Principal | undefined
  }
  interface FastifyContextConfig {
    /**
     * The route answers customers as well, and shows them only what is theirs.
     * Routes about one line (`:number`) are open to its owner without it.
     */
    customers?: true
  }
}

/** Who asks, at a route that is about lines. */
export interface Guard {
  readonly accounts: Accounts
  readonly controller: Pick<Controller, 'canonical'>
}

/** Every route added from here on needs a token, and the right to what it is about. */
export function guardByToken(routes: Routes, guard: Guard): void {
  routes.addHook('onRoute', (route) => {
    const { schema } = route
    const known = typeof schema?.response === 'object' ? schema.response : {}
    const response = { ...problems(401, 403, 429), ...known }
    route.schema = { ...schema, response, security: [{ token: [] }] }
  })
  routes.addHook('onRequest', (request, _reply, next) => {
    request.principal = guard.accounts.ofBearer(request.headers.authorization)
    if (request.principal) next(refusalFor(request, request.principal, guard))
    else next(unauthorized())
  })
}

/**
 * The one place that says what is refused to whom. What is not opened to customers
 * is closed to them, and a foreign line is to them what an unknown one is (H02).
 */
export function refusalFor(
  request: FastifyRequest,
  principal: Principal,
  { controller }: Guard,
): Problem | undefined {
  const { params, method, routeOptions } = request
  const line = lineIn(params)
  if (principal.role === 'customer') {
    if (line === undefined && !routeOptions.config.customers) {
      return forbidden('this is for administrators')
    }
    if (line !== undefined && !ownedLine(principal, line, controller)) {
      return lineUnknown()
    }
  }
  const writes = method !== 'GET' && method !== 'HEAD'
  return writes && principal.readOnly ? forbidden('this token may only read') : undefined
}

/** The canonical number of a line that exists for this principal, of any spelling. */
export function ownedLine(
  principal: Principal,
  number: string,
  controller: Pick<Controller, 'canonical'>,
): string | undefined {
  const line = controller.canonical(number)
  return line !== undefined && owns(principal, line) ? line : undefined
}

/** Who asks. Throws at a route that the access layer does not guard: a bug. */
export function principalOf({ principal, routeOptions }: FastifyRequest): Principal {
  if (principal) return principal
  throw new Error(`principalOf: ${routeOptions.url} is not guarded`)
}

function lineIn(params: unknown): string | undefined {
  if (typeof params !== 'object' || params === null || !('number' in params)) {
    return undefined
  }
  return String(params.number)
}
