import { beforeEach, describe, expect, it } from 'vitest'
import type { Voicemails } from '../../../src/http/voicemail.js'
import type { Message } from '../../../src/voicemail/messages.js'
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
beforeEach(async () => {
  boxes = new Boxes()
  browser = new Browser((await openPortal([], boxes)).server)
  await browser.signIn('marie')
})

const page = `/lines/${accueil}/voicemail`

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

  it('of a line without one, and of a foreign line', async () => {
    expect((await browser.get(`/lines/${atelier}/voicemail`)).body).toContain(
      'n&#x27;a pas de répondeur',
    )
    for (const url of [
      `/lines/${portier}/voicemail`,
      `/lines/${portier}/voicemail/${id}/audio`,
    ]) {
      expect((await browser.get(url)).statusCode).toBe(404)
    }
  })
})
