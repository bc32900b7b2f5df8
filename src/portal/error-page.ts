import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Problem } from '../http/problem.js'
import type { Texts } from './texts.js'
import { page, visitOf } from './visit.js'

/** What went wrong, in the language of whoever reads it. */
export function errorPage(
  request: FastifyRequest,
  reply: FastifyReply,
  problem: Problem,
): FastifyReply {
  const { t } = visitOf(request)
  const [title, message] = wordsOf(problem, t)
  return page(request, reply.code(problem.status), {
    ...{ template: 'error', title, view: { message } },
  })
}

function wordsOf({ type, status }: Problem, t: Texts): readonly [string, string] {
  switch (type) {
    case 'form-expired':
      return [t.failed, t.formExpired]
    case 'asterisk-unreachable':
      return [t.failed, t.asteriskAway]
    case 'store.unavailable':
      return [t.failed, t.storeAway]
    case 'greeting-too-large':
      return [t.failed, t.greetingTooLarge]
    case 'too-many-requests':
      return [t.failed, t.tooMany]
  }
  if (status === 404) return [t.notFound, t.notFoundText]
  if (status === 403) return [t.failed, t.refusedText]
  return [t.failed, t.failedText]
}
