import { z } from 'zod'
import { isWeak, Secret } from '../model/secret.js'
import { Role } from '../store/users.js'
import type { Accounts } from './accounts.js'
import { named } from './api-schemas.js'
import type { Controller } from './controller.js'
import type { Routes } from './openapi.js'
import { Problem, problems } from './problem.js'

export const UserName = z
  .string()
  .regex(/^[a-z][a-z0-9._@+-]{0,63}$/)
  .meta({ description: 'Small letters, digits and . _ @ + -; an e-mail address will do' })

/** Long rather than strange: length is what a guesser pays for (NIST SP 800-63B). */
export const NewPassword = z
  .string()
  .min(12)
  .max(256)
  .refine((text) => !isWeak(text), 'easily guessed')
  .transform((text) => new Secret(text))
  .meta({ description: '12 to 256 characters, not easily guessed' })

export const Owned = z.array(z.string().max(40)).max(10_000).default([]).meta({
  description: 'Numbers of lines, in any spelling; an administrator has them all',
})

const UserView = named(
  'User',
  'Who may sign in to the portal',
  z.object({ name: UserName, role: Role, lines: z.array(z.string()) }),
)
const NewUser = z.strictObject({
  name: UserName,
  role: Role,
  lines: Owned,
  password: NewPassword,
})
const Named = z.object({ name: UserName })
/** What was removed or changed. */
export const Gone = Named

/** `GET` and `POST /api/v1/users`; of one user `DELETE …/{name}` and `PUT …/{name}/password`. */
export function userRoutes(
  routes: Routes,
  accounts: Accounts,
  controller: Pick<Controller, 'canonical'>,
): void {
  const all = {
    summary: 'Who may sign in to the portal',
    response: { 200: z.array(UserView), ...problems(401, 403, 503) },
  }
  routes.get('/users', { schema: all }, () => accounts.users())

  const add = {
    summary: 'A user for the portal: an administrator, or a customer of some lines',
    body: NewUser,
    response: { 201: UserView, ...problems(400, 401, 403, 409, 422, 503) },
  }
  routes.post('/users', { schema: add }, async ({ body }, reply) => {
    const { name, role, password } = body
    const user = { name, role, lines: linesOf(role, body.lines, controller) }
    if (await accounts.addUser(user, password)) return reply.code(201).send(user)
    throw new Problem(409, 'name-taken', `there is a user ${name} already`)
  })

  const remove = {
    summary: 'Removes a user, who is signed out at once',
    params: Named,
    response: { 200: Gone, ...problems(401, 403, 404, 503) },
  }
  routes.delete('/users/:name', { schema: remove }, ({ params }) => {
    if (!accounts.removeUser(params.name)) throw userUnknown()
    return { name: params.name }
  })

  const password = {
    summary: 'Another password for a user, who is signed out everywhere',
    params: Named,
    body: z.strictObject({ password: NewPassword }),
    response: { 200: Gone, ...problems(400, 401, 403, 404, 422, 503) },
  }
  routes.put('/users/:name/password', { schema: password }, async (request) => {
    const { params, body } = request
    if (!(await accounts.setPassword(params.name, body.password))) throw userUnknown()
    return { name: params.name }
  })
}

/** Canonical numbers, each of a line. Throws a problem that names every other one. */
export function linesOf(
  role: Role,
  numbers: readonly string[],
  controller: Pick<Controller, 'canonical'>,
): string[] {
  if (role === 'administrator' && numbers.length > 0) {
    throw new Problem(422, 'lines-not-needed', 'an administrator has every line')
  }
  const unknown = numbers.filter((number) => controller.canonical(number) === undefined)
  if (unknown.length > 0) {
    throw new Problem(422, 'line-unknown', `no line has the number ${unknown.join(', ')}`)
  }
  return [...new Set(numbers.flatMap((number) => controller.canonical(number) ?? []))]
}

function userUnknown(): Problem {
  return new Problem(404, 'user-unknown', 'there is no user of this name')
}
