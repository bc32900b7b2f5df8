import type { FastifyReply, FastifyRequest } from 'fastify'
import { principalOf } from '../http/access.js'
import type { Principal } from '../http/principal.js'
import type { Language } from '../model/line.js'
import { Format } from './format.js'
import { renderHtml } from './html.js'
import { LANGUAGE_COOKIE, languageOf } from './language.js'
import { type Texts, texts } from './texts.js'

/** Where the lines are: how numbers are dialled, and what time it is. */
export interface Place {
  readonly country: string
  readonly timeZone: string
}

/** One request of a person: in whose language, on whose behalf. */
export interface Visit {
  readonly language: Language
  readonly t: Texts
  readonly format: Format
  /** What every form brings along (CSRF). */
  readonly formToken: string
  readonly principal: Principal | undefined
  /** Where a change of language comes back to; a form's answer has no address. */
  readonly path: string
}

declare module 'fastify' {
  interface FastifyRequest {
    visit: Visit | undefined
  }
}

export function newVisit(
  request: FastifyRequest,
  { country, timeZone }: Place,
  known: Pick<Visit, 'formToken' | 'principal'>,
): Visit {
  const { cookies, headers, url, method } = request
  // At an address that there is not, nobody has read the cookies.
  const chosen: string | undefined = cookies?.[LANGUAGE_COOKIE]
  const language = languageOf(chosen, headers['accept-language'])
  return {
    language,
    t: texts[language],
    format: new Format(language, country, timeZone),
    path: method === 'GET' ? url : url.replace(/\/[^/]*$/, '') || '/',
    ...known,
  }
}

/** Throws at a route that is no page: a bug. */
export function visitOf({ visit, routeOptions }: FastifyRequest): Visit {
  if (visit) return visit
  throw new Error(`visitOf: ${routeOptions.url} is no page`)
}

/** Who changes something on a page. */
export function byOf(request: FastifyRequest) {
  return { door: 'portal', who: principalOf(request).name } as const
}

/** Answers with a page: its own view, and what the layout needs. */
export function page(
  request: FastifyRequest,
  reply: FastifyReply,
  { template, title, view }: { template: string; title: string; view: object },
): FastifyReply {
  const visit = visitOf(request)
  const html = renderHtml(template, { ...layoutView(visit, title), ...view })
  return send(reply, visit, html)
}

/** Answers with a part of a page, for htmx. */
export function fragment(
  request: FastifyRequest,
  reply: FastifyReply,
  { template, view }: { template: string; view: object },
): FastifyReply {
  const visit = visitOf(request)
  return send(reply, visit, renderHtml(template, { ...layoutView(visit, ''), ...view }))
}

function send(reply: FastifyReply, { language }: Visit, html: string): FastifyReply {
  // What one person saw is not for the next one at the same desk.
  reply.header('cache-control', 'no-store').header('content-language', language)
  reply.header('vary', 'Accept-Language, Cookie')
  return reply.type('text/html; charset=utf-8').send(html)
}

function layoutView({ t, language, formToken, principal, path }: Visit, title: string) {
  return {
    ...{ t, language, formToken, title },
    here: path,
    isFrench: language === 'fr',
    user: principal ? { name: principal.name } : false,
    isAdministrator: principal?.role === 'administrator',
  }
}
