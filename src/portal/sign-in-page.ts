import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Accounts } from '../http/accounts.js'
import type { Routes } from '../http/openapi.js'
import { Secret } from '../model/secret.js'
import { page, visitOf } from './visit.js'

export const SESSION_COOKIE = 'linekeeper-session'

/** A path of ours, so that nobody is sent elsewhere after he signed in. */
const OURS = /^\/(?![/\\])[\w/?=&.%+-]*$/

const Asked = z.object({ next: z.string().max(500).optional() })
const Form = z.object({
  user: z.string().max(100),
  password: z.string().max(256),
  next: z.string().max(500).optional(),
})

/** `/sign-in` and `/sign-out`. */
export function signInPages(pages: Routes, accounts: Accounts): void {
  pages.get('/sign-in', { schema: { querystring: Asked } }, (request, reply) =>
    signInPage(request, reply, { next: request.query.next ?? '/', user: '' }),
  )

  pages.post('/sign-in', { schema: { body: Form } }, async (request, reply) => {
    const { user, password, next = '/' } = request.body
    const name = user.trim().toLowerCase()
    const { t } = visitOf(request)
    const signedIn = await accounts.signIn(name, new Secret(password), request.ip)
    switch (signedIn.kind) {
      case 'locked':
        reply.code(429).header('retry-after', signedIn.seconds)
        return signInPage(request, reply, { next, user, error: t.signInLocked })
      case 'refused':
        reply.code(401)
        return signInPage(request, reply, { next, user, error: t.signInRefused })
      case 'signedIn': {
        // The old session, if any, ends: a session does not outlive a change of hands.
        endSession(request, accounts)
        const secure = request.protocol === 'https'
        reply.setCookie(SESSION_COOKIE, signedIn.cookie.reveal(), {
          ...{ path: '/', httpOnly: true, sameSite: 'lax', secure },
        })
        return reply.redirect(OURS.test(next) ? next : '/', 303)
      }
    }
  })

  pages.post('/sign-out', (request, reply) => {
    endSession(request, accounts)
    return reply.clearCookie(SESSION_COOKIE, { path: '/' }).redirect('/sign-in', 303)
  })
}

function endSession({ cookies }: FastifyRequest, accounts: Accounts): void {
  const cookie = cookies[SESSION_COOKIE]
  if (cookie !== undefined) accounts.signOut(cookie)
}

function signInPage(
  request: FastifyRequest,
  reply: FastifyReply,
  { next, user, error }: { next: string; user: string; error?: string },
): FastifyReply {
  const { t } = visitOf(request)
  const view = { next, name: user, error: error ?? false }
  return page(request, reply, { template: 'sign-in', title: t.signIn, view })
}
