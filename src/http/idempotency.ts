import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { StoreUnavailable } from '../store/database.js'
import type { Replies, ReplyKey } from '../store/replies.js'
import type { Routes } from './openapi.js'
import { Problem } from './problem.js'

declare module 'fastify' {
  interface FastifyRequest {
    /** Of a request whose answer is to be kept. */
    replyKey: ReplyKey | undefined
  }
}

/** A client that comes back later than this means something else. */
const KEPT_MS = 24 * 3600 * 1000
const KEY = /^[\x21-\x7e]{1,200}$/

/**
 * `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header): a POST that is sent
 * twice, because its answer was lost, is performed once and answered the same (H10).
 * Only what was done is kept: a refused request may be corrected and sent again.
 */
export function rememberReplies(
  routes: Routes,
  replies: Replies,
  now: () => number,
): void {
  routes.decorateRequest('replyKey', undefined)
  routes.addHook('preValidation', (request, reply, next) => {
    const key = request.headers['idempotency-key']
    if (request.method !== 'POST' || key === undefined) {
      next()
      return
    }
    if (typeof key !== 'string' || !KEY.test(key)) {
      next(new Problem(400, 'idempotency-key', 'the key has 1 to 200 characters'))
      return
    }
    const asked = { asker: request.principal?.name ?? '', key }
    const kept = keptReply(request, replies, asked, now())
    if (!kept) next()
    else if (kept instanceof Problem) next(kept)
    else {
      reply.header('idempotent-replayed', 'true').code(kept.status)
      reply.type('application/json; charset=utf-8').send(kept.body)
    }
  })
  routes.addHook('onSend', (request, reply, payload, next) => {
    if (request.replyKey) end(request.replyKey, reply, payload, replies)
    next()
  })
}

/** What was answered before, or why not; undefined: the request is to be performed. */
function keptReply(
  request: FastifyRequest,
  replies: Replies,
  asked: ReplyKey,
  atMs: number,
): { readonly status: number; readonly body: string } | Problem | undefined {
  const hash = hashOf(request)
  replies.removeOld(atMs - KEPT_MS)
  const found = replies.find(asked)
  if (!found) {
    replies.begin(asked, hash, atMs)
    request.replyKey = asked
    return undefined
  }
  if (found.requestHash !== hash) {
    const detail = 'this key came with another request before'
    return new Problem(422, 'idempotency-key-reused', detail)
  }
  const cutOff =
    'the first request with this key is under way, or was cut off: look what became of it'
  return found.reply ?? new Problem(409, 'idempotency-in-progress', cutOff)
}

function end(
  key: ReplyKey,
  { statusCode }: FastifyReply,
  payload: unknown,
  replies: Replies,
): void {
  try {
    const isDone = statusCode >= 200 && statusCode < 300
    if (isDone) replies.finish(key, statusCode, String(payload ?? ''))
    else replies.forget(key)
  } catch (error) {
    // It was done and is answered; who asks again is told to look.
    if (!(error instanceof StoreUnavailable)) throw error
  }
}

function hashOf({ url, body }: FastifyRequest): string {
  const text = `${url}\n${JSON.stringify(body) ?? ''}`
  return createHash('sha256').update(text).digest('base64url')
}
