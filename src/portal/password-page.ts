import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { principalOf } from '../http/access.js'
import type { Accounts } from '../http/accounts.js'
import type { Routes } from '../http/openapi.js'
import { NewPassword } from '../http/users.js'
import { Secret } from '../model/secret.js'
import { SESSION_COOKIE } from './sign-in-page.js'
import { page, visitOf } from './visit.js'

const Form = z.object({
  current: z.string().max(256),
  password: z.string().max(256),
  again: z.string().max(256),
})
const config = { customers: true } as const

/** `/password`: everybody changes his own, and signs in again with it. */
export function passwordPages(pages: Routes, accounts: Accounts): void {
  pages.get('/password', { config }, (request, reply) => show(request, reply, false))

  pages.post('/password', { schema: { body: Form }, config }, async (request, reply) => {
    const { t } = visitOf(request)
    const { name } = principalOf(request)
    const { current, password, again } = request.body
    const wanted = NewPassword.safeParse(password)
    if (password !== again) return show(request, reply.code(422), t.passwordsDiffer)
    if (!wanted.success) return show(request, reply.code(422), t.passwordWeak)
    // As a sign-in: who sits down at an open page may not guess without end either.
    const known = await accounts.signIn(name, new Secret(current), request.ip)
    if (known.kind === 'locked') {
      reply.code(429).header('retry-after', known.seconds)
      return show(request, reply, t.signInLocked)
    }
    if (known.kind === 'refused') return show(request, reply.code(422), t.passwordWrong)
    await accounts.setPassword(name, wanted.data)
    return reply.clearCookie(SESSION_COOKIE, { path: '/' }).redirect('/sign-in', 303)
  })
}

function show(
  request: FastifyRequest,
  reply: FastifyReply,
  error: string | false,
): FastifyReply {
  const { t } = visitOf(request)
  return page(request, reply, {
    ...{ template: 'password', title: t.changePassword, view: { error } },
  })
}
