import { z } from 'zod'
import type { Routes } from '../http/openapi.js'
import { LANGUAGE_COOKIE } from './language.js'

const Form = z.object({ language: z.enum(['fr', 'en']), next: z.string().max(500) })
const OURS = /^\/(?![/\\])[\w/?=&.%+-]*$/
const YEAR_S = 365 * 24 * 3600

/** `/language`: a choice that stays. */
export function languagePage(pages: Routes): void {
  pages.post('/language', { schema: { body: Form } }, ({ body, protocol }, reply) => {
    const { language, next } = body
    reply.setCookie(LANGUAGE_COOKIE, language, {
      ...{ path: '/', httpOnly: true, sameSite: 'lax', maxAge: YEAR_S },
      secure: protocol === 'https',
    })
    return reply.redirect(OURS.test(next) ? next : '/', 303)
  })
}
