import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Finding } from '../model/finding.js'
import type { By } from '../store/journal.js'
import { type Greeting, type GreetingKind, greetingKinds } from '../voicemail/greeting.js'
import { Instant, named } from './api-schemas.js'
import type { Controller } from './controller.js'
import { acceptSounds } from './greeting-body.js'
import type { Routes } from './openapi.js'
import { Problem, problems } from './problem.js'
import { reasonsOf } from './refused-settings.js'
import { byOf } from './settings.js'
import { boxOf, LineParams, sendAudio, type Voicemails } from './voicemail.js'

export { type Greeting, greetingKinds }

/** What became of a greeting that was sent. */
export type Kept =
  | { readonly kind: 'kept'; readonly greeting: Greeting }
  | { readonly kind: 'refused'; readonly findings: readonly Finding[] }

/** The greetings of the lines, by canonical number; changes count for the next caller. */
export interface Greetings {
  /** Those that there are; for the others ours are played. */
  list(line: string): Promise<readonly Greeting[]>
  /** A WAV file; undefined where ours is played. */
  sound(line: string, kind: GreetingKind): Promise<Buffer | undefined>
  /** Rejects with StoreUnavailable, and then the old one is played. */
  keep(line: string, kind: GreetingKind, sent: Buffer, by: By): Promise<Kept>
  /** False when there is none. Rejects with StoreUnavailable. */
  remove(line: string, kind: GreetingKind, by: By): Promise<boolean>
}

const GreetingView = named(
  'Greeting',
  'A greeting that the user of a line has made; seconds is its length',
  z.object({ kind: z.enum(greetingKinds), seconds: z.number(), at: Instant }),
)
export const GreetingParams = LineParams.extend({
  kind: z.enum(greetingKinds).meta({
    description: 'unavailable, busy; temporary is played instead of both',
  }),
})

interface Parts {
  readonly greetings: Greetings
  readonly voicemails: Voicemails
  readonly controller: Pick<Controller, 'canonical'>
}

/** `/api/v1/lines/{number}/greetings`: list, listen, replace, delete (spec B8). */
export function greetingRoutes(server: Routes, { greetings, ...parts }: Parts): void {
  const list = {
    summary: 'The greetings of a line; one that is not there is ours',
    params: LineParams,
    response: { 200: z.array(GreetingView), ...problems(401, 404) },
  }
  server.get('/lines/:number/greetings', { schema: list }, async ({ params }) => {
    return (await greetings.list(boxOf(params.number, parts))).map(greetingView)
  })

  const audio = {
    summary: 'A greeting, a WAV file; Range is understood',
    params: GreetingParams,
    ...{ produces: ['audio/wav'] },
    response: problems(401, 404, 416, 422),
  }
  server.get(
    '/lines/:number/greetings/:kind',
    { schema: audio },
    async ({ params, headers }, reply) => {
      const { number, kind } = params
      const wav = await greetings.sound(boxOf(number, parts), kind)
      if (!wav) throw greetingNone()
      return sendAudio(reply, wav, { range: headers.range, name: kind })
    },
  )

  const remove = {
    summary: 'Deletes a greeting: from the next caller on it is ours again',
    params: GreetingParams,
    response: {
      200: z.object({ deleted: z.enum(greetingKinds) }),
      ...problems(401, 404, 422, 503),
    },
  }
  server.delete('/lines/:number/greetings/:kind', { schema: remove }, async (request) => {
    const { number, kind } = request.params
    if (await greetings.remove(boxOf(number, parts), kind, byOf(request))) {
      return { deleted: kind }
    }
    throw greetingNone()
  })

  server.register((routes: Routes, _options, done) => {
    acceptSounds(routes)
    const put = {
      summary:
        'Replaces a greeting by a WAV file: PCM of 8, 16 or 24 bits, mono or stereo, ' +
        '8 to 48 kHz, half a second to two minutes, at most 10 MB',
      params: GreetingParams,
      consumes: ['audio/wav'],
      response: { 200: GreetingView, ...problems(401, 404, 413, 415, 422, 429, 503) },
    }
    routes.put('/lines/:number/greetings/:kind', { schema: put }, async (request) => {
      const { number, kind } = request.params
      const line = boxOf(number, parts)
      const kept = await greetings.keep(line, kind, soundIn(request), byOf(request))
      if (kept.kind === 'kept') return greetingView(kept.greeting)
      throw new Problem(422, 'greeting-invalid', 'the greeting is refused', {
        errors: reasonsOf(kept.findings),
      })
    })
    done()
  })
}

export function greetingNone(): Problem {
  return new Problem(404, 'greeting-none', 'the line has no greeting of its own here')
}

/** Nothing at all is no body. */
function soundIn({ body }: FastifyRequest): Buffer {
  return Buffer.isBuffer(body) ? body : Buffer.alloc(0)
}

function greetingView({ kind, seconds, at }: Greeting) {
  const rounded = Math.round(seconds * 10) / 10
  return { kind, seconds: rounded, at: new Date(at).toISOString() }
}
