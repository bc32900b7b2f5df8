import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyReply } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { AriTimeout } from '../ari/time-limit.js'
import { StoreUnavailable } from '../store/database.js'
import { named } from './api-schemas.js'
import { AsteriskUnreachable } from './controller.js'
import { AmbiguousJson } from './json-body.js'

/** An error of the API, RFC 9457. `type` is a stable slug. */
export class Problem extends Error {
  override name = 'Problem'
  readonly status: number
  readonly type: string
  readonly more: Readonly<Record<string, unknown>>

  constructor(
    status: number,
    type: string,
    detail: string,
    more: Readonly<Record<string, unknown>> = {},
  ) {
    super(detail)
    this.status = status
    this.type = type
    this.more = more
  }
}

export const ProblemView = named(
  'Problem',
  'An error, RFC 9457; type is a stable word, detail is for people',
  z.looseObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
  }),
)

const CONTENT_TYPE = 'application/problem+json'

/** The answers of a route that are problems, for its schema. */
export function problems<Status extends number>(...statuses: readonly Status[]) {
  const entries = statuses.map((status) => [
    status,
    {
      description: STATUS_CODES[status] ?? 'A problem',
      content: { [CONTENT_TYPE]: { schema: ProblemView } },
    },
  ])
  return Object.fromEntries(entries)
}

export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer')
  return reply.code(problem.status).type(CONTENT_TYPE).send(problemBody(problem))
}

/** No token, a wrong one and one of another kind look alike. */
export function unauthorized(): Problem {
  return new Problem(401, 'unauthorized', 'a valid bearer token is needed')
}

/** Somebody is known, and this is not for him. */
export function forbidden(detail: string): Problem {
  return new Problem(403, 'forbidden', detail)
}

/** A line that is not there, or not this customer's: nobody is told which (H02). */
export function lineUnknown(): Problem {
  return new Problem(404, 'line-unknown', 'no line has this number')
}

/** What fastify and the parser of HTTP throw, by their codes. */
const SLUGS: Readonly<Record<string, readonly [type: string, detail: string]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: ['body-too-large', 'the body is longer than 256 kB'],
  FST_ERR_CTP_EMPTY_JSON_BODY: [
    'invalid-json',
    'the body is announced as JSON and empty',
  ],
  FST_ERR_CTP_INVALID_JSON_BODY: ['invalid-json', 'the body is not JSON'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['unsupported-media-type', 'the body must be JSON'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['bad-request', 'the body has another length'],
  FST_ERR_BAD_URL: ['bad-url', 'the address cannot be read'],
  FST_ERR_MAX_PARAM_LENGTH: ['bad-url', 'a part of the address is too long'],
}

/** The problem that an exception is, whatever threw it. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error
  if (error instanceof AsteriskUnreachable) {
    return new Problem(503, 'asterisk-unreachable', error.message)
  }
  // Connected, and silent: overloaded, or about to die.
  if (error instanceof AriTimeout) {
    return new Problem(503, 'asterisk-unreachable', 'Asterisk does not answer in time')
  }
  if (hasZodFastifySchemaValidationErrors(error)) {
    const errors = error.validation.map(({ instancePath, message }) => ({
      path: instancePath,
      message: message ?? 'refused',
    }))
    return new Problem(422, 'invalid-request', 'the request is not as documented', {
      errors,
    })
  }
  if (error instanceof SyntaxError || error instanceof AmbiguousJson) {
    const detail = error instanceof AmbiguousJson ? error.message : 'the body is not JSON'
    return new Problem(400, 'invalid-json', detail)
  }
  if (error instanceof StoreUnavailable) {
    const detail = 'the store cannot be read or written; nothing was changed'
    return new Problem(503, 'store.unavailable', detail)
  }
  const { code, statusCode } = codesOf(error)
  const [type, detail] = SLUGS[code] ?? []
  // What went wrong inside is for the log, not for the client.
  if (statusCode >= 500) {
    return new Problem(500, 'internal-error', 'the request failed; see the log')
  }
  return new Problem(
    statusCode,
    type ?? 'bad-request',
    detail ?? 'the request is refused',
  )
}

function codesOf(error: unknown): { code: string; statusCode: number } {
  if (!(error instanceof Error)) return { code: '', statusCode: 500 }
  return {
    code: 'code' in error ? String(error.code) : '',
    statusCode:
      'statusCode' in error && typeof error.statusCode === 'number'
        ? error.statusCode
        : 500,
  }
}

/** What is no HTTP, too long or too slow reaches no route: answered on the bare socket. */
export function refuseConnection(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const problem = connectionProblem(error.code)
  const body = JSON.stringify(problemBody(problem))
  socket.end(
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}\r\n` +
      `Content-Type: ${CONTENT_TYPE}\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  )
}

function connectionProblem(code: string | undefined): Problem {
  switch (code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new Problem(408, 'request-timeout', 'the request took too long to arrive')
    case 'HPE_HEADER_OVERFLOW':
      return new Problem(431, 'headers-too-large', 'the headers are too long')
    default:
      return new Problem(400, 'bad-request', 'the request is no HTTP')
  }
}

function problemBody({ status, type, message, more }: Problem) {
  return { type, title: type.replaceAll('-', ' '), status, detail: message, ...more }
}
