import { execFileSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { journalOf } from '../../../src/store/journal.js'
import { hears, tone } from '../../rig/tone.js'
import { samplesOf, wavOf } from '../../rig/wav.js'
import { toneOf, wavFile } from '../voicemail/wav-file.js'
import { bearer, Recorder } from './recorder.js'

const line = '0033972100001'
const path = `/api/v1/lines/${line}/greetings`
const recorded = wavFile(toneOf(700, 44_100, 2), { rate: 44_100 })

let recorder: Recorder
let server: ReturnType<Recorder['api']>
beforeEach(() => {
  recorder = new Recorder()
  server = recorder.api()
})
afterEach(async () => {
  await server.close()
  recorder.boxes.close()
})

function ask(url: string, more: object = {}) {
  return server.inject({ url, headers: bearer, ...more })
}

function send(payload: Buffer, kind = 'unavailable', type = 'audio/wav') {
  return server.inject({
    ...{ method: 'PUT', url: `${path}/${kind}`, payload },
    headers: { ...bearer, 'content-type': type },
  })
}

function box(): string {
  return join(recorder.boxes.boxes, line)
}

describe('the greetings of a line', () => {
  it('are sent, listed, heard as Asterisk plays them, and deleted', async () => {
    expect((await ask(path)).json()).toEqual([])
    const sent = await send(recorded)
    expect([sent.statusCode, sent.json()]).toEqual([
      200,
      { kind: 'unavailable', seconds: 2, at: expect.stringMatching(/Z$/) },
    ])
    expect((await ask(path)).json()).toEqual([sent.json()])

    const audio = await ask(`${path}/unavailable`)
    expect(audio.headers).toMatchObject({
      'content-type': 'audio/wav',
      'content-disposition': 'attachment; filename="unavailable.wav"',
    })
    const { rate, samples } = samplesOf(audio.rawPayload)
    expect([rate, samples.length]).toEqual([8_000, 16_000])
    expect(hears(samples, 700, { seconds: 1.8 })).toBe(true)
    expect(audio.rawPayload).toEqual(readFileSync(join(box(), 'unavail.wav')))

    const deleted = await ask(`${path}/unavailable`, { method: 'DELETE' })
    expect(deleted.json()).toEqual({ deleted: 'unavailable' })
    expect((await ask(path)).json()).toEqual([])
    expect(readdirSync(box())).toEqual([])
  })

  it.each([
    ['unavailable', 'unavail.wav'],
    ['busy', 'busy.wav'],
    ['temporary', 'temp.wav'],
  ])('%s is the file that Asterisk looks for', async (kind, name) => {
    await send(wavOf(tone(700, 1)), kind)
    expect(readdirSync(box())).toEqual([name])
    expect(readFileSync(join(box(), name))).toEqual(wavOf(tone(700, 1)))
  })

  it('win over what was recorded before, in every format, and leave others', async () => {
    mkdirSync(box(), { recursive: true })
    const before = ['unavail.wav', 'unavail.WAV', 'unavail.gsm', 'busy.gsm', 'greet.wav']
    for (const name of before) writeFileSync(join(box(), name), 'old')
    await send(recorded)
    expect(readdirSync(box()).sort()).toEqual(['busy.gsm', 'greet.wav', 'unavail.wav'])
    await ask(`${path}/unavailable`, { method: 'DELETE' })
    expect(readdirSync(box()).sort()).toEqual(['busy.gsm', 'greet.wav'])
  })

  it('are readable to whoever plays them, and to nobody else', async () => {
    await send(recorded)
    expect(statSync(join(box(), 'unavail.wav')).mode & 0o777).toBe(0o640)
    expect(statSync(box()).mode & 0o777).toBe(0o750)
  })

  it.runIf(process.getuid?.() === 0)('are of the owner of the box', async () => {
    const spool = join(recorder.boxes.dir, 'spool')
    mkdirSync(spool, { recursive: true })
    execFileSync('chown', ['65534:65534', spool])
    await send(recorded)
    for (const place of [box(), join(box(), 'unavail.wav')]) {
      expect(statSync(place)).toMatchObject({ uid: 65_534, gid: 65_534 })
    }
  })

  it('are in the journal: who sent and deleted which, and how long', async () => {
    const wanted = journalOf(recorder.store, line, 9)
    expect(wanted).toEqual([])
    await send(recorded, 'busy')
    await send(wavOf(tone(700, 1)), 'busy')
    await ask(`${path}/busy`, { method: 'DELETE' })
    const by = { door: 'api', who: 'api-token', key: 'voicemail.greeting.busy' }
    expect(journalOf(recorder.store, line, 9)).toMatchObject([
      { ...by, before: 1, after: null },
      { ...by, before: 2, after: 1 },
      { ...by, before: null, after: 2 },
    ])
  })

  it.each([
    ['a line without voicemail', '0033972100002', 'voicemail-none'],
    ['no line', '0033972199999', 'line-unknown'],
  ])('of %s are not there', async (_what, number, type) => {
    const url = `/api/v1/lines/${number}/greetings`
    expect((await ask(url)).json()).toMatchObject({ status: 404, type })
    const put = await server.inject({
      ...{ method: 'PUT', url: `${url}/busy`, payload: recorded },
      headers: { ...bearer, 'content-type': 'audio/wav' },
    })
    expect(put.json()).toMatchObject({ status: 404, type })
  })

  it('that are not there are not heard and not deleted', async () => {
    for (const method of ['GET', 'DELETE']) {
      const answer = await ask(`${path}/busy`, { method })
      expect(answer.json()).toMatchObject({ status: 404, type: 'greeting-none' })
    }
    expect((await ask(`${path}/nonsense`)).statusCode).toBe(422)
  })
})

describe('H19 a greeting that is refused', () => {
  it.each<[string, Buffer, number, string]>([
    ['11 MB', Buffer.alloc(11_000_000), 413, 'greeting-too-large'],
    ['zero bytes', Buffer.alloc(0), 422, 'greeting-invalid'],
    ['HTML', Buffer.from('<html>'), 422, 'greeting-invalid'],
    ['no sound in it', wavFile([]), 422, 'greeting-invalid'],
    ['a header that lies', recorded.subarray(0, 9_000), 422, 'greeting-invalid'],
  ])('%s leaves the old one', async (_what, bytes, status, type) => {
    await send(wavOf(tone(700, 1)))
    expect((await send(bytes)).json()).toMatchObject({ status, type })
    expect(readdirSync(box())).toEqual(['unavail.wav'])
    expect((await ask(`${path}/unavailable`)).rawPayload).toEqual(wavOf(tone(700, 1)))
    expect(recorder.bugs).toEqual([])
  })

  it('says what, the rule and the remedy', async () => {
    const refused = await send(wavFile(toneOf(700, 8_000, 1), { rate: 96_000 }))
    expect(refused.json().errors).toEqual([
      {
        ...{ pointer: '', code: 'sound.encoding' },
        message: 'the body has 96000 samples a second',
        remedy: expect.stringContaining('8000 to 48000 Hz'),
      },
    ])
  })

  it.each(['application/json', 'text/html', 'audio/mpeg', 'multipart/form-data'])(
    'as %s it is no WAV file',
    async (type) => {
      const answer = await send(recorded, 'busy', type)
      expect(answer.json()).toMatchObject({
        ...{ status: 415, type: 'unsupported-media-type' },
        detail: expect.stringContaining('audio/wav'),
      })
    },
  )

  it('by a name that is none, nothing is written', async () => {
    for (const kind of ['..%2f..%2fx', 'unavail.php', 'busy%00', 'BUSY']) {
      const { statusCode } = await send(recorded, kind)
      expect([404, 422]).toContain(statusCode)
    }
    expect(existsSync(box())).toBe(false)
  })

  it('of many at once some have to wait, and none is lost', async () => {
    const answers = await Promise.all(Array.from({ length: 12 }, () => send(recorded)))
    const codes = answers.map(({ statusCode }) => statusCode)
    expect(codes.filter((code) => code === 200).length).toBeGreaterThanOrEqual(4)
    expect(codes.filter((code) => code !== 200).every((code) => code === 429)).toBe(true)
    expect((await send(recorded)).statusCode).toBe(200)
  })
})
