import type { FastifyRequest } from 'fastify'
import { MAX_BYTES } from '../voicemail/greeting.js'
import type { Routes } from './openapi.js'
import { Problem } from './problem.js'

/** The names that browsers and programs have for one thing (RFC 2361, in part). */
const WAV_TYPES = ['audio/wav', 'audio/x-wav', 'audio/wave', 'audio/vnd.wave']
/** Each is all in memory. */
const MOST_AT_ONCE = 4
/** Of a form around a file. */
const FORM_BYTES = 16 * 1024

/** Routes added from here on take a WAV file, as bytes, and nothing else. */
export function acceptSounds(routes: Routes): void {
  routes.removeAllContentTypeParsers()
  routes.addContentTypeParser(
    WAV_TYPES,
    { parseAs: 'buffer', bodyLimit: MAX_BYTES },
    (_request, body, done) => done(null, body),
  )
  limitSounds(routes)
}

/** Routes added from here on take a form with a file: its fields, and the file as bytes. */
export function acceptSoundForms(routes: Routes): void {
  routes.removeAllContentTypeParsers()
  routes.addContentTypeParser(
    'multipart/form-data',
    { parseAs: 'buffer', bodyLimit: MAX_BYTES + FORM_BYTES },
    (request: FastifyRequest, body: Buffer) => fieldsIn(request, body),
  )
  limitSounds(routes)
}

/** Node reads the form itself (RFC 7578). Rejects with a Problem. */
async function fieldsIn(
  { headers }: FastifyRequest,
  body: Buffer,
): Promise<Record<string, string | Buffer>> {
  const type = headers['content-type'] ?? ''
  const sent = new Response(new Uint8Array(body), { headers: { 'content-type': type } })
  const form = await sent.formData().catch((error: unknown) => {
    if (!(error instanceof TypeError)) throw error
    throw new Problem(400, 'invalid-form', 'the form cannot be read')
  })
  const fields: Record<string, string | Buffer> = {}
  for (const [name, value] of form) {
    if (!/^[a-zA-Z]{1,40}$/.test(name)) continue
    fields[name] =
      typeof value === 'string' ? value : Buffer.from(await value.arrayBuffer())
  }
  return fields
}

function limitSounds(routes: Routes): void {
  let underWay = 0
  routes.addHook('onRequest', (_request, reply, next) => {
    if (underWay >= MOST_AT_ONCE) {
      const detail = 'others send a greeting at this moment; try again in a few seconds'
      next(new Problem(429, 'too-many-requests', detail))
      return
    }
    underWay += 1
    // Whatever becomes of it: answered, refused, cut off.
    reply.raw.once('close', () => {
      underWay -= 1
    })
    next()
  })
  // The handler around this one answers; the words for it are ours.
  routes.setErrorHandler((error) => {
    throw problemWithSound(error)
  })
}

function problemWithSound(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  switch (code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new Problem(
        413,
        'greeting-too-large',
        'a greeting is a file of at most 10 MB; save it as mono, 16 bits, 16 kHz',
      )
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new Problem(
        415,
        'unsupported-media-type',
        'a greeting is a WAV file: send it as audio/wav',
      )
    default:
      return error
  }
}
