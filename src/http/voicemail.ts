import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import { MESSAGE_ID, type Message } from '../voicemail/messages.js'
import { Instant, named } from './api-schemas.js'
import type { Controller } from './controller.js'
import type { Routes } from './openapi.js'
import { lineUnknown, Problem, problems } from './problem.js'

/** The boxes of the lines. Lines are canonical. Changes reject with AsteriskUnreachable. */
export interface Voicemails {
  hasBox(line: string): boolean
  messages(line: string): Promise<readonly Message[]>
  /** A WAV file; undefined when there is no such message. */
  recording(line: string, id: string): Promise<Buffer | undefined>
  /** False when there is no such message. */
  remove(line: string, id: string): Promise<boolean>
  setRead(line: string, id: string, read: boolean): Promise<boolean>
}

const MessageView = named(
  'Message',
  'A message in the voicemail of a line',
  z.object({
    id: z.string(),
    folder: z.string().meta({ description: 'INBOX, Urgent, Old, Work, Family, Friends' }),
    from: z.string().nullable().meta({ description: 'null: hidden or unknown' }),
    at: Instant,
    seconds: z.int(),
    urgent: z.boolean(),
    read: z.boolean(),
  }),
)

export const LineParams = z.object({
  number: z.string().meta({ description: 'The number of the line, in any spelling' }),
})
/** Never a name of a file: looked for among the messages that are there (H26). */
const Params = LineParams.extend({
  id: z.string().regex(MESSAGE_ID).meta({ description: 'The id of the message' }),
})

/** `/api/v1/lines/{number}/voicemail`: list, listen, mark as read, delete. */
export function voicemailRoutes(
  routes: Routes,
  voicemails: Voicemails,
  controller: Pick<Controller, 'canonical'>,
): void {
  const parts = { voicemails, controller }
  const list = {
    summary: 'The messages in the voicemail of a line, the oldest first',
    params: LineParams,
    response: { 200: z.array(MessageView), ...problems(401, 404) },
  }
  routes.get('/lines/:number/voicemail', { schema: list }, async ({ params }) => {
    const messages = await voicemails.messages(boxOf(params.number, parts))
    return messages.map(messageView)
  })

  const audio = {
    summary: 'The recording of a message, a WAV file; Range is understood',
    params: Params,
    ...{ produces: ['audio/wav'] },
    response: problems(401, 404, 416, 422),
  }
  routes.get(
    '/lines/:number/voicemail/:id/audio',
    { schema: audio },
    async ({ params, headers }, reply) => {
      const wav = await voicemails.recording(boxOf(params.number, parts), params.id)
      if (!wav) throw messageUnknown()
      return sendAudio(reply, wav, { range: headers.range, name: 'message' })
    },
  )

  const change = {
    summary: 'Marks a message as read, or as new again',
    params: Params,
    body: z.strictObject({ read: z.boolean() }),
    response: { 200: z.object({ read: z.boolean() }), ...problems(401, 404, 422, 503) },
  }
  routes.patch(
    '/lines/:number/voicemail/:id',
    { schema: change },
    async ({ params, body }) => {
      const line = boxOf(params.number, parts)
      if (await voicemails.setRead(line, params.id, body.read)) return body
      throw messageUnknown()
    },
  )

  const remove = {
    summary: 'Deletes a message; the lamp of the phone follows',
    params: Params,
    response: {
      200: z.object({ deleted: z.string() }),
      ...problems(401, 404, 422, 503),
    },
  }
  routes.delete(
    '/lines/:number/voicemail/:id',
    { schema: remove },
    async ({ params: { number, id } }) => {
      if (await voicemails.remove(boxOf(number, parts), id)) return { deleted: id }
      throw messageUnknown()
    },
  )
}

/** The canonical number of a line that has a box. Throws a Problem. */
export function boxOf(
  number: string,
  {
    voicemails,
    controller,
  }: {
    readonly voicemails: Pick<Voicemails, 'hasBox'>
    readonly controller: Pick<Controller, 'canonical'>
  },
): string {
  const line = controller.canonical(number)
  if (line === undefined) throw lineUnknown()
  if (voicemails.hasBox(line)) return line
  throw new Problem(404, 'voicemail-none', 'this line has no voicemail')
}

function messageView({ id, folder, from, at, seconds, urgent, read }: Message) {
  return {
    ...{ id, folder, from, at: new Date(at).toISOString() },
    ...{ seconds, urgent, read },
  }
}

function messageUnknown(): Problem {
  return new Problem(404, 'message-unknown', 'no message has this id')
}

/** The whole recording or one range of it (RFC 9110 §14); several ranges are the whole. */
export function sendAudio(
  reply: FastifyReply,
  wav: Buffer,
  { range, name }: { readonly range: string | undefined; readonly name: string },
): FastifyReply {
  reply.headers({
    'content-type': 'audio/wav',
    'content-disposition': `attachment; filename="${name}.wav"`,
    'accept-ranges': 'bytes',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  })
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(range ?? '') ?? []
  if ((first ?? '') + (last ?? '') === '') return reply.send(wav)
  const from = first ? Number(first) : Math.max(0, wav.length - Number(last))
  const to = first && last ? Math.min(Number(last), wav.length - 1) : wav.length - 1
  if (from > to) {
    reply.header('content-range', `bytes */${wav.length}`)
    throw new Problem(416, 'range', 'the recording has no such range')
  }
  return reply
    .code(206)
    .header('content-range', `bytes ${from}-${to}/${wav.length}`)
    .send(wav.subarray(from, to + 1))
}
