import { timingSafeEqual } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { Problem } from '../http/problem.js'
import { visitOf } from './visit.js'

/**
 * A form that changes something comes from a page of ours: its token says so, and the
 * browser does not say otherwise (H07, T39). Throws a problem.
 */
export function checkForm(request: FastifyRequest): void {
  if (!isSameOrigin(request)) throw formExpired()
  const { body } = request
  const given =
    typeof body === 'object' && body !== null && 'formToken' in body
      ? Buffer.from(String(body.formToken))
      : Buffer.alloc(0)
  const wanted = Buffer.from(visitOf(request).formToken)
  const matches = given.length === wanted.length && timingSafeEqual(given, wanted)
  if (!matches) throw formExpired()
}

/**
 * What a browser says of where a request comes from: Sec-Fetch-Site where it is sure,
 * Origin otherwise. A client that says nothing is no browser.
 */
export function isSameOrigin({ headers, host }: FastifyRequest): boolean {
  const site = headers['sec-fetch-site']
  if (site !== undefined) return site === 'same-origin' || site === 'none'
  const { origin } = headers
  if (origin === undefined) return true
  return URL.canParse(origin) && new URL(origin).host === host
}

function formExpired(): Problem {
  return new Problem(403, 'form-expired', 'the form is not from a page of ours, or old')
}
