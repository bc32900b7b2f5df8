import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Phone } from '../../rig/baresip.js'
import { faxPage } from '../../rig/fax-page.js'
import { numbers } from '../../rig/site-text.js'
import { type System, startSystem } from '../../rig/system.js'
import { hears } from '../../rig/tone.js'
import { until } from '../../rig/until.js'
import { samplesOf } from '../../rig/wav.js'
import { leaveMessage, messagesIn, SPEAKS_HZ } from './messages.js'
import { attachmentOf, headerOf, PostOffice } from './post-office.js'

const ATTACHED = 'recorder@example.org'
const NOTIFIED = 'bell@example.org'
const PLACE = '127.0.0.1'

describe('mails about messages (spec B8, row 82)', () => {
  const post = new PostOffice(PLACE, 25_250 + (process.pid % 1000))
  let system: System
  let carrier: Phone

  beforeAll(async () => {
    await post.open()
    system = await startSystem({
      lines: {
        alice: `voicemail:
  pin: "824613"
  mail: [{ to: ${ATTACHED} }, { to: ${NOTIFIED}, attach: false }]
forwarding: { unconditional: { to: voicemail } }`,
      },
      more: post.section,
    })
    carrier = await system.carrier({ toneHz: SPEAKS_HZ })
  })
  afterEach(async () => {
    await system.hangUpEverything()
    await system.expectNothingLeft()
    post.mails.length = 0
  })
  afterAll(async () => {
    await system?.close()
    await post.close()
  })

  test('one address gets the recording, the other is only told', async () => {
    await leaveMessage(system, carrier, numbers.alice)
    await until('both were told', () => post.mails.length >= 2, { limitSeconds: 20 })
    const [recording, notice] = [ATTACHED, NOTIFIED].map((address) =>
      post.mails.find(({ to }) => to === address),
    )
    if (!recording || !notice) throw new Error(JSON.stringify(post.mails))
    expect(recording.from).toBe('pbx@example.org')
    expect(headerOf(recording, 'Subject')).toContain('Nouveau message vocal')
    const { rate, samples } = samplesOf(attachmentOf(recording) ?? Buffer.alloc(0))
    expect(hears(samples, SPEAKS_HZ, { seconds: 1, rate })).toBe(true)
    expect(attachmentOf(notice)).toBeUndefined()
    expect(notice.text).toContain('123')
  })

  test('a fax is mailed to whom messages are mailed', async () => {
    const page = faxPage(200)
    writeFileSync(join(system.state, `spool/fax/${numbers.alice}-gone-1.tif`), page)
    await until('both were told', () => post.mails.length >= 2, { limitSeconds: 20 })
    const fax = post.mails.find(({ to }) => to === ATTACHED)
    expect(fax && headerOf(fax, 'Subject')).toMatch(/Nouveau.fax/)
    expect(fax && attachmentOf(fax)).toEqual(page)
  })

  test('what came while no controller ran is told once, when it is back', async () => {
    await system.killUp()
    const before = messagesIn(system, numbers.alice).length
    await leaveMessage(system, carrier, numbers.alice)
    expect(messagesIn(system, numbers.alice)).toHaveLength(before + 1)
    expect(post.mails).toEqual([])
    await system.up()
    await until('both were told', () => post.mails.length >= 2, { limitSeconds: 20 })
    const pid = await system.controllerPid()
    await system.killController()
    await until('the controller is back', async () => {
      return (await system.controllerPid().catch(() => pid)) !== pid
    })
    // The next mail would have been sent with the first round; a new one comes after it.
    await leaveMessage(system, carrier, numbers.alice)
    await until('the next was told', () => post.mails.length >= 4, { limitSeconds: 20 })
    expect(new Set(post.mails.map((mail) => headerOf(mail, 'Message-ID'))).size).toBe(4)
    expect(post.mails).toHaveLength(4)
  })

  test('a mail server that is away: calls go on, and the mail comes later', async () => {
    await post.close()
    await leaveMessage(system, carrier, numbers.alice)
    const failed = (): boolean => system.log().includes('mail: not sent')
    await until('the mail was tried', failed, { limitSeconds: 20 })
    await post.open()
    await until('both were told', () => post.mails.length >= 2, { limitSeconds: 90 })
    expect(post.mails).toHaveLength(2)
    expect(system.log()).not.toContain(post.password)
  })

  test('the API and the command: list, listen, save, delete', async () => {
    const path = `/api/v1/lines/${numbers.alice}/voicemail`
    const { body } = await system.get(path)
    const [first, ...others] = body as { id: string; from: string; read: boolean }[]
    if (!first) throw new Error('no message is left')
    expect(first).toMatchObject({ from: '0033612345678', read: false, folder: 'INBOX' })
    const audio = await asked(`${path}/${first.id}/audio`)
    const heard = samplesOf(Buffer.from(await audio.arrayBuffer()))
    expect(hears(heard.samples, SPEAKS_HZ, { seconds: 1 })).toBe(true)

    const words = ['voicemail', numbers.alice, '--dir', system.state]
    expect((await system.run(...words)).stdout).toContain(first.id)
    const file = join(system.dir, 'saved.wav')
    const saved = await system.run(...words, '--save', first.id, file)
    expect(saved).toMatchObject({ exitCode: 0 })
    expect(readFileSync(file).subarray(0, 4).toString()).toBe('RIFF')

    expect((await asked(`${path}/${first.id}`, 'DELETE')).status).toBe(200)
    const left = (await system.get(path)).body as { id: string }[]
    expect(left.map(({ id }) => id)).toEqual(others.map(({ id }) => id))
    expect(messagesIn(system, numbers.alice)).toHaveLength(others.length)
  })

  function asked(path: string, method = 'GET'): Promise<Response> {
    return fetch(`http://${system.network.system}:8080${path}`, {
      method,
      headers: { authorization: `Bearer ${system.token()}` },
    })
  }
})
