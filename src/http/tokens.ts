import { z } from 'zod'
import type { Token } from '../store/tokens.js'
import { Role } from '../store/users.js'
import type { Accounts } from './accounts.js'
import { Instant, named } from './api-schemas.js'
import type { Controller } from './controller.js'
import type { Routes } from './openapi.js'
import { Problem, problems } from './problem.js'
import { Gone, linesOf, Owned, UserName } from './users.js'

const TokenView = named(
  'Token',
  'A token of a script; the token itself is shown once, when it is made',
  z.object({
    name: UserName,
    role: Role,
    lines: z.array(z.string()),
    readOnly: z.boolean(),
    createdAt: Instant,
    expiresAt: Instant.nullable().meta({ description: 'null: never' }),
  }),
)
type TokenView = z.infer<typeof TokenView>

const NewToken = z.strictObject({
  name: UserName,
  role: Role,
  lines: Owned,
  readOnly: z.boolean().default(false),
  days: z.int().min(1).max(3650).exactOptional().meta({
    description: 'How long it is valid; without it, until it is removed',
  }),
})

const MadeToken = TokenView.extend({ token: z.string() })
const DAY_MS = 24 * 3600 * 1000

/** `GET` and `POST /api/v1/tokens`, `DELETE /api/v1/tokens/{name}`. */
export function tokenRoutes(
  routes: Routes,
  accounts: Accounts,
  controller: Pick<Controller, 'canonical'>,
): void {
  const all = {
    summary: 'The tokens of scripts',
    response: { 200: z.array(TokenView), ...problems(401, 403, 503) },
  }
  routes.get('/tokens', { schema: all }, () => accounts.tokens().map(viewOf))

  const add = {
    summary: 'A token for a script; it is in the answer, and nowhere else',
    body: NewToken,
    response: { 201: MadeToken, ...problems(400, 401, 403, 409, 422, 503) },
  }
  routes.post('/tokens', { schema: add }, ({ body }, reply) => {
    const { name, role, readOnly, days } = body
    const lines = linesOf(role, body.lines, controller)
    const made = accounts.addToken({ name, role, lines, readOnly }, days && days * DAY_MS)
    if (!made) throw new Problem(409, 'name-taken', `there is a token ${name} already`)
    return reply.code(201).send({ ...viewOf(made.token), token: made.secret.reveal() })
  })

  const remove = {
    summary: 'Removes a token; requests with it are refused from now on',
    params: z.object({ name: UserName }),
    response: { 200: Gone, ...problems(401, 403, 404, 503) },
  }
  routes.delete('/tokens/:name', { schema: remove }, ({ params }) => {
    if (accounts.removeToken(params.name)) return { name: params.name }
    throw new Problem(404, 'token-unknown', 'there is no token of this name')
  })
}

function viewOf({
  createdAtMs,
  expiresAtMs,
  name,
  role,
  lines,
  readOnly,
}: Token): TokenView {
  return {
    ...{ name, role, lines: [...lines], readOnly },
    createdAt: new Date(createdAtMs).toISOString(),
    expiresAt: expiresAtMs === undefined ? null : new Date(expiresAtMs).toISOString(),
  }
}
