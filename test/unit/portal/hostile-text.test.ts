import { beforeEach, describe, expect, it } from 'vitest'
import { accueil, Browser, openPortal } from './browser.js'

/** What some reader somewhere would execute. */
const texts = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' OR '1'='1'; DROP TABLE user; --",
  '*)(uid=*))(|(uid=*',
  '{{7*7}}',
  '{{#with constructor}}{{this}}{{/with}}',
  '\u0024{SHELL(id)}',
  '$[7*7]',
  '{"$ne": null}',
  '<%= 7*7 %>',
]

let portal: Awaited<ReturnType<typeof openPortal>>
let browser: Browser

beforeEach(async () => {
  portal = await openPortal()
  browser = new Browser(portal.server)
  await browser.signIn('chef')
})

describe.each(texts)('H17 %s', (text) => {
  const fields: [string, string, Record<string, string>][] = [
    [
      'a forward',
      'forwarding',
      { 'busy.on': 'on', 'busy.kind': 'number', 'busy.number': text },
    ],
    ['a filter list', 'filters', { 'incoming.mode': 'black', 'incoming.entries': text }],
    ['a mail address', 'voicemail', { 'mail.0.to': text, mail: text }],
  ]

  it.each(fields)('in %s is refused or shown as text', async (_what, form, sent) => {
    const from = `/lines/${accueil}/${form === 'voicemail' ? 'voicemail' : 'calls'}`
    const { body, statusCode } = await browser.post(`/lines/${accueil}/${form}`, sent, {
      from,
    })
    expect(statusCode).toBeLessThan(500)
    expectHarmless(body)
    expectHarmless((await browser.get(from)).body)
    expect(portal.recorder.bugs).toEqual([])
  })

  it.each(['name', 'number', 'dialled', 'query'])('as %s in an address', async (key) => {
    const asked = new URLSearchParams({ [key]: text })
    for (const page of [
      '/',
      '/lines',
      '/board',
      `/lines/${accueil}/assistance`,
      '/call',
    ]) {
      const { body, statusCode } = await browser.get(`${page}?${asked}`)
      expect(statusCode).toBeLessThan(500)
      expectHarmless(body)
    }
    expect(portal.recorder.bugs).toEqual([])
  })

  it('as the name of who signs in', async () => {
    const stranger = new Browser(portal.server)
    const { body, statusCode } = await stranger.signIn(text)
    expect([401, 422]).toContain(statusCode)
    expectHarmless(body)
  })

  /** Nothing of it is in the page but as text, and nobody has counted. */
  function expectHarmless(body: string): void {
    expect(body).not.toMatch(
      /<script>alert|<img src=x|onerror=alert|\[object Object\]|uid=0/,
    )
    const counted = text.replace(/.*7\*7.*/, '49')
    if (counted === '49') expect(body).not.toMatch(/(value="|>)\s*49\s*("|<)/)
  }
})
