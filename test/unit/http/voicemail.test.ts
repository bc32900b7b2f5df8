import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { bearer, Recorder } from './recorder.js'

const line = '0033972100001'
const path = `/api/v1/lines/${line}/voicemail`

let recorder: Recorder

beforeEach(() => {
  recorder = new Recorder()
})
afterEach(() => recorder.boxes.close())

function ask(url: string, more: object = {}) {
  return recorder.api().inject({ url, headers: bearer, ...more })
}

describe('the voicemail of a line', () => {
  it('is listed, the oldest message first, whatever its folder', async () => {
    const old = recorder.boxes.leave(line, 'Old')
    const fresh = recorder.boxes.leave(line, 'INBOX', { callerid: 'anonymous' })
    const urgent = recorder.boxes.leave(line, 'Urgent')
    const { json } = await ask(path)
    expect(json()).toEqual([
      {
        ...{ id: old, folder: 'Old', from: '0033612345678', seconds: 3 },
        ...{ at: '2025-10-09T08:53:20.000Z', urgent: false, read: true },
      },
      expect.objectContaining({ id: fresh, folder: 'INBOX', from: null, read: false }),
      expect.objectContaining({ id: urgent, urgent: true, read: false }),
    ])
  })

  it('is found by any spelling of the number, and empty when nobody called', async () => {
    expect((await ask('/api/v1/lines/0972100001/voicemail')).json()).toEqual([])
  })

  it('leaves out what is still being written', async () => {
    recorder.boxes.leave(line, 'INBOX')
    const folder = join(recorder.boxes.boxes, line, 'INBOX')
    writeFileSync(join(folder, 'msg0001.txt'), '[message]\norigtime=1760000009\n')
    expect((await ask(path)).json()).toHaveLength(1)
  })

  it.each([
    ['a line without voicemail', '0033972100002', 'voicemail-none'],
    ['no line', '0033972199999', 'line-unknown'],
  ])('of %s is not there', async (_what, number, type) => {
    const answer = await ask(`/api/v1/lines/${number}/voicemail`)
    expect(answer.statusCode).toBe(404)
    expect(answer.json().type).toBe(type)
  })
})

describe('a recording', () => {
  it('is a WAV file to be kept', async () => {
    const id = recorder.boxes.leave(line, 'INBOX')
    const answer = await ask(`${path}/${id}/audio`)
    expect(answer.statusCode).toBe(200)
    expect(answer.headers).toMatchObject({
      'content-type': 'audio/wav',
      'content-disposition': 'attachment; filename="message.wav"',
      'x-content-type-options': 'nosniff',
    })
    expect(answer.body).toBe(`RIFF of ${id}`)
  })

  it.each([
    ['bytes=0-3', 206, 'RIFF'],
    ['bytes=5-6', 206, 'of'],
    ['bytes=-2', 206, '01'],
    ['bytes=90-', 416, undefined],
    ['bytes=0-1,3-4', 200, 'RIFF of 1760000000-00000001'],
  ])('H26 in part: %s', async (range, status, body) => {
    const id = recorder.boxes.leave(line, 'INBOX')
    const headers = { ...bearer, range }
    const answer = await ask(`${path}/${id}/audio`, { headers })
    expect(answer.statusCode).toBe(status)
    if (body !== undefined) expect(answer.body).toBe(body)
  })

  it.each([
    '..%2f..%2f..%2fsecrets.json',
    '%2e%2e%2f%2e%2e%2fetc%2fpasswd',
    'msg0000',
    '1760000000-00000001%00',
    '1760000000-00000001.wav',
  ])('H26 by a name that is no id is refused: %s', async (id) => {
    recorder.boxes.leave(line, 'INBOX')
    const answer = await ask(`${path}/${id}/audio`)
    expect(answer.statusCode).toBeGreaterThanOrEqual(400)
    expect(answer.statusCode).toBeLessThan(500)
    expect(answer.body).not.toContain('RIFF')
  })

  it('H26 of another line has no such id here', async () => {
    const id = recorder.boxes.leave('0033972100011', 'INBOX')
    const answer = await ask(`${path}/${id}/audio`)
    expect(answer.json().type).toBe('message-unknown')
  })
})

describe('a message', () => {
  it('is deleted, and marked as read', async () => {
    const id = recorder.boxes.leave(line, 'INBOX')
    const marked = await ask(`${path}/${id}`, {
      method: 'PATCH',
      payload: { read: true },
    })
    expect(marked.json()).toEqual({ read: true })
    const deleted = await ask(`${path}/${id}`, { method: 'DELETE' })
    expect(deleted.json()).toEqual({ deleted: id })
    expect(recorder.boxes).toMatchObject({ removed: [id], read: [`${id} true`] })
  })

  it('that is not there cannot be', async () => {
    const answer = await ask(`${path}/1760000000-00000099`, { method: 'DELETE' })
    expect(answer.statusCode).toBe(404)
    expect(answer.json().type).toBe('message-unknown')
  })
})
