import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import { principalOf } from './access.js'
import type { EventStreams, Sees } from './event-streams.js'
import type { Routes } from './openapi.js'
import { owns, type Principal } from './principal.js'
import { Problem, problems } from './problem.js'

const DESCRIPTION = `Server-sent events. Each has an id, a name and one line of JSON:

- callBegun { call, from, to } · callAnswered { call } · callEnded { call, cause }:
  call is the id in the list of calls, cause is Q.850 or null
- slots { line, limit, inUse, ringing, held }: the call slots of a line
- registration { line, registered }
- settings { line, keys, door, applied, settings }: somebody changed settings of a line;
  door is code, api, cli, portal or voicemail, settings as in GET
- contract { line, plan, calls }: an order or a renewal changed what a line has
- alarm { line, alarm, … }: manyForwardChanges { changes } within an hour, forwardAbroad
  { forward, number }; the change stands
- pinLocked { line, lock }: too many wrong PINs, the lock of the line stays shut; lock is
  forAWhile or untilReopened
- harm { line, class, limit, closed }: a line calls much of what costs; limit is atOnce,
  aMinute, inARow, aDay, minutesAnHour or moneyADay; closed: it may not any more until
  somebody reopens it
- tooFast { line }: a line begins calls faster than five a second; told once a minute
- redirected { line }: its phone wants to send a call elsewhere (SIP 302), which is refused
- misregistered { line }: its phone was not called: it has registered the address of a carrier, or none
- lost {}: some events are lost to this client; read lines and calls anew

A client that comes back with Last-Event-ID gets what it missed, if that is not too much.
A client that leaves 1 MB unread is cut off. A customer hears of slots, registrations and
settings of his own lines.`

/** `GET /api/v1/events`. */
export function eventsRoute(routes: Routes, streams: EventStreams): void {
  routes.get(
    '/events',
    {
      // A HEAD of it would never end.
      exposeHeadRoute: false,
      config: { customers: true },
      schema: {
        summary: 'What happens to calls and lines, as it happens',
        description: DESCRIPTION,
        headers: z.object({ 'last-event-id': z.string().max(60).optional() }),
        response: {
          200: {
            description: 'An endless stream',
            content: { 'text/event-stream': { schema: z.string() } },
          },
          ...problems(401, 503),
        },
      },
    },
    (request, reply) => {
      stream(reply, streams, principalOf(request), request.headers['last-event-id'])
    },
  )
}

/** Answers with the endless stream of what this principal may hear of. */
export function stream(
  reply: FastifyReply,
  streams: EventStreams,
  principal: Principal,
  lastId: string | undefined,
): void {
  if (streams.full) throw new Problem(503, 'too-many-streams', 'too many clients listen')
  reply.hijack()
  reply.raw.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    // A proxy that collects an answer before it passes it on would never pass this one.
    'x-accel-buffering': 'no',
  })
  streams.open(reply.raw, lastId, seenBy(principal))
}

function seenBy(principal: Principal): Sees {
  return principal.role === 'customer' ? (line) => owns(principal, line) : undefined
}
