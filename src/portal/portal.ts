import { randomBytes } from 'node:crypto'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import cookie from '@fastify/cookie'
import formbody from '@fastify/formbody'
import staticFiles from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { refusalFor } from '../http/access.js'
import type { Routes } from '../http/openapi.js'
import { Problem, problemOf } from '../http/problem.js'
import type { Portal } from '../http/server.js'
import { assistancePages } from './assistance-page.js'
import { boardPages } from './board-page.js'
import { callPage } from './call-page.js'
import { callsChangeForms } from './calls-change.js'
import { callsPages } from './calls-page.js'
import { errorPage } from './error-page.js'
import { checkForm } from './form-guard.js'
import { greetingForms } from './greetings-form.js'
import { PAGES } from './html.js'
import { languagePage } from './language-page.js'
import { linesPages } from './lines-page.js'
import { livePage } from './live-page.js'
import { ordersPages } from './orders-page.js'
import { passwordPages } from './password-page.js'
import { planPages } from './plan-page.js'
import type { PortalOptions } from './portal-options.js'
import { settingsForms } from './settings-forms.js'
import { SESSION_COOKIE, signInPages } from './sign-in-page.js'
import { newVisit, type Place } from './visit.js'
import { voicemailPages } from './voicemail-page.js'

/** For the forms of those who are not signed in: the same in a cookie and in the form. */
const FORM_COOKIE = 'linekeeper-form'

/** The pages for people, beside the API: the same functions, the same access layer. */
export function portal(options: PortalOptions): Portal {
  return {
    add: (server) => addPortal(server, options),
    notFound: (request, reply) => notFoundPage(request, reply, options.site().site),
  }
}

function addPortal(server: FastifyInstance, options: PortalOptions): void {
  server.decorateRequest('visit', undefined)
  server.register((pages, _options, done) => {
    pages.register(cookie)
    pages.register(formbody)
    assets(pages)
    pages.register((inner, _inner, innerDone) => {
      addPages(inner.withTypeProvider<ZodTypeProvider>(), options)
      innerDone()
    })
    done()
  })
}

function addPages(pages: Routes, options: PortalOptions): void {
  pages.addHook('onRoute', (route) => {
    route.schema = { ...route.schema, hide: true }
  })
  pages.addHook('onRequest', (request, reply, next) => {
    request.visit = visitFor(request, reply, options)
    next()
  })
  // Before the validation, which leaves only the fields that a page wants.
  pages.addHook('preValidation', (request, _reply, next) => {
    if (request.method === 'POST') checkForm(request)
    next()
  })
  pages.setErrorHandler((error, request, reply) => {
    const problem = problemOf(error)
    if (problem.type === 'internal-error') {
      options.onBug(error, `${request.method} ${request.routeOptions.url}`)
    }
    return errorPage(request, reply, problem)
  })
  signInPages(pages, options.accounts)
  languagePage(pages)
  pages.register((inside, _options, done) => {
    needSession(inside, options)
    linesPages(inside, options)
    callsPages(inside, options)
    callsChangeForms(inside, options)
    settingsForms(inside, options)
    planPages(inside, options)
    ordersPages(inside, options)
    assistancePages(inside, options)
    voicemailPages(inside, options)
    greetingForms(inside, options)
    boardPages(inside, options)
    callPage(inside, options)
    passwordPages(inside, options.accounts)
    livePage(inside, options.streams)
    done()
  })
}

function visitFor(
  request: FastifyRequest,
  reply: FastifyReply,
  { accounts, site }: PortalOptions,
) {
  const session = accounts.sessionOf(request.cookies[SESSION_COOKIE])
  request.principal = session?.principal
  const formToken = session?.formToken ?? looseFormToken(request, reply)
  return newVisit(request, site().site, { formToken, principal: session?.principal })
}

function looseFormToken(request: FastifyRequest, reply: FastifyReply): string {
  const known = request.cookies[FORM_COOKIE]
  if (known !== undefined && /^[\w-]{22}$/.test(known)) return known
  const made = randomBytes(16).toString('base64url')
  const secure = request.protocol === 'https'
  reply.setCookie(FORM_COOKIE, made, {
    ...{ path: '/', httpOnly: true, sameSite: 'lax', secure },
  })
  return made
}

/** Who is not signed in is asked to, and comes back to where he wanted to go. */
function needSession(inside: FastifyInstance, options: PortalOptions): void {
  inside.addHook('onRequest', (request, reply, next) => {
    const { principal, url, method } = request
    if (principal) return next(refusalFor(request, principal, options))
    const back = method === 'GET' ? `?next=${encodeURIComponent(url)}` : ''
    const place = `/sign-in${back}`
    // htmx would put the sign-in page into the part of a page that it asked for.
    if (request.headers['hx-request']) reply.header('hx-redirect', place)
    reply.redirect(place, 303)
  })
}

/** Style, script and icon, and htmx from its package: nothing comes from elsewhere. */
function assets(pages: FastifyInstance): void {
  const schema = { hide: true }
  pages.addHook('onRoute', (route) => {
    route.schema ??= schema
  })
  const common = { maxAge: 3_600_000, index: false as const }
  pages.register(staticFiles, {
    ...common,
    root: fileURLToPath(new URL('static/', PAGES)),
    prefix: '/static/',
  })
  const htmx = createRequire(import.meta.url).resolve('htmx.org/dist/htmx.min.js')
  pages.register(staticFiles, {
    ...common,
    root: dirname(htmx),
    prefix: '/static/htmx/',
    decorateReply: false,
    // The package brings it compressed as well.
    preCompressed: true,
    allowedPath: (path) => path === '/htmx.min.js',
  })
}

/** The answer to an address that there is not, for somebody who reads HTML. */
function notFoundPage(
  request: FastifyRequest,
  reply: FastifyReply,
  place: Place,
): FastifyReply {
  request.visit = newVisit(request, place, { formToken: '', principal: undefined })
  return errorPage(request, reply, new Problem(404, 'not-found', 'there is nothing here'))
}
