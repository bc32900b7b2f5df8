import { z } from 'zod'
import { acceptSoundForms } from '../http/greeting-body.js'
import { GreetingParams, greetingKinds, greetingNone } from '../http/greetings.js'
import type { Routes } from '../http/openapi.js'
import { sendAudio } from '../http/voicemail.js'
import { findingTexts } from './finding-text.js'
import { LineParams, lineOf } from './line-frame.js'
import type { PortalOptions } from './portal-options.js'
import { byOf, visitOf } from './visit.js'
import { showVoicemail } from './voicemail-page.js'

const Form = z.object({
  kind: z.enum(greetingKinds),
  /** A form without a file has an empty one. */
  sound: z.instanceof(Buffer).catch(Buffer.alloc(0)),
})

/** The greetings on « Répondeur »: listen, send one, delete one (spec B8). */
export function greetingForms(pages: Routes, options: PortalOptions): void {
  const { greetings } = options
  const one = { schema: { params: GreetingParams } }
  pages.get('/lines/:number/greetings/:kind/audio', one, async (request, reply) => {
    const { number, kind } = request.params
    const wav = await greetings?.sound(lineOf(options, number).number, kind)
    if (!wav) throw greetingNone()
    return sendAudio(reply, wav, { range: request.headers.range, name: kind })
  })

  pages.post('/lines/:number/greetings/:kind/delete', one, async (request, reply) => {
    const { number } = lineOf(options, request.params.number)
    const { kind } = request.params
    if (!(await greetings?.remove(number, kind, byOf(request)))) throw greetingNone()
    return reply.redirect(`/lines/${number}/voicemail?done=saved`, 303)
  })

  pages.register((upload: Routes, _options, done) => {
    acceptSoundForms(upload)
    const schema = { params: LineParams, body: Form }
    upload.post('/lines/:number/greetings', { schema }, async (request, reply) => {
      const line = lineOf(options, request.params.number)
      const { kind, sound } = request.body
      if (!options.voicemails?.hasBox(line.number) || !greetings) throw greetingNone()
      const kept = await greetings.keep(line.number, kind, sound, byOf(request))
      if (kept.kind === 'kept') {
        return reply.redirect(`/lines/${line.number}/voicemail?done=saved`, 303)
      }
      const { t, language } = visitOf(request)
      const errors = findingTexts(kept.findings, t, language)
      return showVoicemail(request, reply.code(422), options, { errors })
    })
    done()
  })
}
