import { principalOf } from '../http/access.js'
import type { EventStreams } from '../http/event-streams.js'
import { stream } from '../http/getEvents.js'
import type { Routes } from '../http/openapi.js'
import { Problem } from '../http/problem.js'
import { isSameOrigin } from './form-guard.js'

const LONGEST_MS = 5 * 60_000

/** `/live`: what tells an open page that it is old. The same events as the API's. */
export function livePage(pages: Routes, streams: EventStreams): void {
  const config = { customers: true } as const
  pages.get('/live', { exposeHeadRoute: false, config }, (request, reply) => {
    // A page of somebody else may open a stream with our cookie (H21).
    if (!isSameOrigin(request)) throw new Problem(403, 'forbidden', 'another origin')
    const lastId = request.headers['last-event-id']
    stream(reply, streams, principalOf(request), lastId?.toString())
    // The browser comes back at once, and shows whether it is still signed in.
    const end = setTimeout(() => reply.raw.end(), LONGEST_MS)
    reply.raw.on('close', () => clearTimeout(end))
  })
}
