import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Routes } from '../http/openapi.js'
import { Problem } from '../http/problem.js'
import { sendAudio } from '../http/voicemail.js'
import type { Line } from '../model/line.js'
import { mayOpen } from '../model/voicemail-access.js'
import { RECIPIENTS } from './form-changes.js'
import { greetingRows } from './greetings-view.js'
import { Done, LineParams, lineOf, linePage, othersOf } from './line-frame.js'
import type { PortalOptions } from './portal-options.js'
import { type Visit, visitOf } from './visit.js'

const Params = LineParams.extend({ id: z.string().max(60) })

/** `/lines/{number}/voicemail`: « Répondeur »: list, listen, download, delete (spec B8). */
export function voicemailPages(pages: Routes, options: PortalOptions): void {
  const { voicemails } = options
  const schema = { params: LineParams, querystring: Done }
  pages.get('/lines/:number/voicemail', { schema }, (request, reply) =>
    showVoicemail(request, reply, options, {}),
  )

  const one = { schema: { params: Params } }
  pages.get('/lines/:number/voicemail/:id/audio', one, async (request, reply) => {
    const line = lineOf(options, request.params.number)
    const wav = await voicemails?.recording(line.number, request.params.id)
    if (!wav) throw messageUnknown()
    return sendAudio(reply, wav, { range: request.headers.range, name: 'message' })
  })

  pages.post('/lines/:number/voicemail/:id/delete', one, async (request, reply) => {
    const { number } = lineOf(options, request.params.number)
    const isRemoved = await voicemails?.remove(number, request.params.id)
    if (!isRemoved) throw messageUnknown()
    return reply.redirect(`/lines/${number}/voicemail?done=removed`, 303)
  })
}

/** The page; with errors, what was sent is refused. */
export async function showVoicemail(
  request: FastifyRequest,
  reply: FastifyReply,
  options: PortalOptions,
  { errors }: { errors?: readonly string[] },
): Promise<FastifyReply> {
  const { voicemails } = options
  const { format, t } = visitOf(request)
  const line = lineOf(options, LineParams.parse(request.params).number)
  const hasBox = voicemails?.hasBox(line.number) === true
  const messages = hasBox ? await voicemails.messages(line.number) : []
  const view = {
    hasBox,
    ...settingsOf(line, options, visitOf(request)),
    others: othersOf(request, options, line),
    greetings: hasBox ? await greetingRows(line, options, visitOf(request)) : [],
    errors: errors ?? false,
    messages: [...messages].reverse().map(({ id, from, at, seconds, read }) => ({
      id,
      from: from === null ? t.anonymous : format.number(from),
      at: format.instant(at),
      length: format.duration(seconds),
      isNew: !read,
    })),
  }
  return linePage(request, reply, { line, tab: 'voicemail', view })
}

/** What the subscriber may choose about his voicemail (spec B8). */
function settingsOf(line: Line, { site }: PortalOptions, { t, format }: Visit) {
  const mail = line.voicemail?.mail ?? []
  const boxes = site().lines.filter((other) => mayOpen(line, other))
  return {
    recipients: Array.from({ length: RECIPIENTS }, (_, at) => ({
      ...{ field: `mail${at}`, label: `${t.mailAddress} ${at + 1}` },
      to: mail[at]?.to ?? '',
      isNotification: mail[at]?.attach === false,
    })),
    hasRemote: line.voicemail?.remotePassword !== undefined,
    boxes: boxes
      .filter(({ number }) => number !== line.number)
      .map(({ number, name }) => ({
        ...{ number, text: `${format.number(number)} ${name}` },
        isChosen: number === line.defaultVoicemail,
      })),
  }
}

function messageUnknown(): Problem {
  return new Problem(404, 'message-unknown', 'no message has this id')
}
