import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Voicemails } from '../../../src/http/voicemail.js'
import type { Message } from '../../../src/voicemail/messages.js'
import { tone } from '../../rig/tone.js'
import { wavOf } from '../../rig/wav.js'
import { accueil, atelier, Browser, openPortal, portier } from './browser.js'

const id = '1767949200-0000000a'

/** One message of Accueil; Atelier has no voicemail. */
class Boxes implements Voicemails {
  removed: string[] = []
  list: Message[] = [
    {
      ...{ id, folder: 'INBOX', from: '0033612345678', at: Date.UTC(2026, 0, 9, 9, 0) },
      ...{ seconds: 67, urgent: false, read: false, file: '/nowhere' },
    },
  ]

  hasBox(line: string): boolean {
    return line === accueil
  }

  messages(): Promise<readonly Message[]> {
    return Promise.resolve(this.list)
  }

  recording(line: string, wanted: string): Promise<Buffer | undefined> {
    const isThere = line === accueil && wanted === id
    return Promise.resolve(isThere ? Buffer.from('RIFFxxxxWAVE') : undefined)
  }

  remove(line: string, wanted: string): Promise<boolean> {
    if (line !== accueil || wanted !== id) return Promise.resolve(false)
    this.removed.push(wanted)
    return Promise.resolve(true)
  }

  setRead(): Promise<boolean> {
    return Promise.resolve(true)
  }
}

let boxes: Boxes
let browser: Browser
let recorder: Awaited<ReturnType<typeof openPortal>>['recorder']
beforeEach(async () => {
  boxes = new Boxes()
  const portal = await openPortal([], boxes)
  recorder = portal.recorder
  browser = new Browser(portal.server)
  await browser.signIn('marie')
})

const page = `/lines/${accueil}/voicemail`
const greetings = `/lines/${accueil}/greetings`

afterEach(() => recorder.boxes.close())

describe('« Répondeur »', () => {
  it('lists the messages, to listen to, download and delete', async () => {
    const { body } = await browser.get(page)
    expect(body).toContain('9 janvier 2026 à 10:00 <b>(nouveau)</b>')
    expect(body).toContain('06 12 34 56 78')
    expect(body).toContain('1:07')
    expect(body).toContain(`src="${page}/${id}/audio"`)
  })

  it('plays a part of a message, and none that is not there', async () => {
    const audio = await browser.get(`${page}/${id}/audio`, { range: 'bytes=0-3' })
    expect([audio.statusCode, audio.body]).toEqual([206, 'RIFF'])
    expect(audio.headers['content-type']).toContain('audio/wav')
    for (const other of ['1767949200-0000000b', '..%2f..%2fetc%2fpasswd', 'x']) {
      expect((await browser.get(`${page}/${other}/audio`)).statusCode).toBe(404)
    }
  })

  it('deletes with a form of ours only', async () => {
    const bare = await browser.postBare(`${page}/${id}/delete`, {})
    expect([bare.statusCode, boxes.removed]).toEqual([403, []])
    const removed = await browser.post(`${page}/${id}/delete`, {}, { from: page })
    expect(removed.headers.location).toBe(`${page}?done=removed`)
    expect(boxes.removed).toEqual([id])
  })

  it('tells by mail whom one chooses, the recording with it or not', async () => {
    const saved = await browser.post(
      `/lines/${accueil}/voicemail-mail`,
      {
        ...{ 'mail0.to': 'a@example.org', 'mail0.kind': 'attached' },
        ...{ 'mail1.to': 'b@example.org', 'mail1.kind': 'notification', 'mail2.to': '' },
      },
      { from: page },
    )
    expect(saved.headers.location).toBe(`${page}?done=saved`)
    expect(recorder.settings.line(accueil)?.voicemail?.mail).toEqual([
      { to: 'a@example.org', attach: true },
      { to: 'b@example.org', attach: false },
    ])
    const refused = await browser.post(
      `/lines/${accueil}/voicemail-mail`,
      { 'mail0.to': '-oProxy@x' },
      { from: page },
    )
    expect(refused.body).toContain('adresse e-mail n&#x27;est pas valable')
  })

  it('opens to other lines with a password, which is never shown, and closes', async () => {
    const access = (fields: Record<string, string>) =>
      browser.post(`/lines/${accueil}/voicemail-access`, fields, { from: page })
    expect((await access({ remotePassword: '1234' })).statusCode).toBe(422)
    await access({ remotePassword: '824971', defaultVoicemail: '' })
    expect(recorder.settings.line(accueil)?.voicemail?.remotePassword?.reveal()).toBe(
      '824971',
    )
    const { body } = await browser.get(page)
    expect(body).not.toContain('824971')
    expect(body).toContain('est ouvert')
    await access({ closed: 'on', defaultVoicemail: '' })
    expect(recorder.settings.line(accueil)?.voicemail?.remotePassword).toBeUndefined()
  })

  it('takes a greeting, plays it, and gives ours back', async () => {
    expect((await browser.get(page)).body).toContain('annonce standard')
    const sound = wavOf(tone(700, 3))
    const sent = await browser.postFile(greetings, page, { kind: 'busy', sound })
    expect([sent.statusCode, sent.headers.location]).toEqual([303, `${page}?done=saved`])
    const { body } = await browser.get(page)
    expect(body).toContain(`src="${greetings}/busy/audio"`)
    expect(body).toContain('0:03')
    const audio = await browser.get(`${greetings}/busy/audio`)
    expect(audio.rawPayload).toEqual(sound)
    const removed = await browser.post(`${greetings}/busy/delete`, {}, { from: page })
    expect(removed.statusCode).toBe(303)
    expect((await browser.get(`${greetings}/busy/audio`)).statusCode).toBe(404)
    expect((await browser.get(page)).body).not.toContain('/busy/audio')
  })

  it.each<[string, Buffer, number, string]>([
    ['MP3', Buffer.from('ID3'), 422, 'pas un fichier WAV lisible'],
    ['no file', Buffer.alloc(0), 422, 'pas un fichier WAV lisible'],
    ['a click', wavOf(tone(700, 0.1)), 422, 'une demi-seconde à deux minutes'],
    ['11 MB', Buffer.alloc(11_000_000), 413, '10 Mo au plus'],
  ])('H19 refuses a greeting: %s, and says why', async (_what, sound, status, words) => {
    const answer = await browser.postFile(greetings, page, { kind: 'busy', sound })
    expect(answer.statusCode).toBe(status)
    expect(answer.body.replaceAll('&#x27;', "'")).toContain(words)
    expect(await recorder.greetings.list(accueil)).toEqual([])
  })

  it('H07 takes a greeting from a form of ours only, and from who is signed in', async () => {
    const sound = wavOf(tone(700, 1))
    const fields = { kind: 'busy', sound, formToken: 'x'.repeat(22) }
    expect((await browser.postFile(greetings, page, fields)).statusCode).toBe(403)
    browser.cookies.clear()
    const answer = await browser.postFile(greetings, '/sign-in', { kind: 'busy', sound })
    expect(answer.headers.location).toMatch(/^\/sign-in/)
    expect(await recorder.greetings.list(accueil)).toEqual([])
  })

  it('of a line without one, and of a foreign line', async () => {
    expect((await browser.get(`/lines/${atelier}/voicemail`)).body).toContain(
      'n&#x27;a pas de répondeur',
    )
    for (const url of [
      `/lines/${portier}/voicemail`,
      `/lines/${portier}/voicemail/${id}/audio`,
      `/lines/${portier}/greetings/busy/audio`,
    ]) {
      expect((await browser.get(url)).statusCode).toBe(404)
    }
  })
})
