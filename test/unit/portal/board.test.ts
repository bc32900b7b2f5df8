import { describe, expect, it } from 'vitest'
import type { CallDetail } from '../../../src/model/call-detail.js'
import { accueil, atelier, Browser, openPortal } from './browser.js'

const at = Date.UTC(2026, 0, 10, 9, 0, 0)

/** Somebody outside called Accueil, who answered after four seconds. */
const talked: CallDetail = {
  ...{ id: 'node-1.1', leg: 'node-1.1', direction: 'incoming', line: null },
  ...{ from: '0033612345678', to: accueil, destination: 'line', planType: null },
  legs: [
    {
      leg: 'l',
      endpoint: accueil,
      startedAt: at,
      answeredAt: at + 4_000,
      endedAt: at + 60_000,
    },
  ],
  ...{ forwards: [], steps: ['ring'], startedAt: at, answeredAt: at + 4_000 },
  ...{ endedAt: at + 60_000, cause: 16, source: 'controller' },
}

/** The same caller meets a full line; a carrier showed him with a hostile name. */
const refused: CallDetail = {
  ...{ ...talked, id: 'node-1.2/2', from: '"><script>alert(1)</script>', to: atelier },
  ...{
    legs: [],
    steps: ['noFreeCallSlot'],
    answeredAt: null,
    endedAt: at + 100,
    cause: 17,
  },
}

async function board(calls: readonly CallDetail[], user = 'chef') {
  const portal = await openPortal(calls)
  const browser = new Browser(portal.server)
  await browser.signIn(user)
  return { ...portal, browser }
}

describe('the live board', () => {
  it('has a row for each line and a cell for each call slot', async () => {
    const { browser } = await board([])
    const { body } = await browser.get('/board')
    expect(body.match(/<th scope="row"><a href="\/lines\//g)).toHaveLength(3)
    expect(body).toMatch(/1 \/ 3<[\s\S]*<li class="talking">en conversation<br>/)
    expect(body).toMatch(/<li class="reserved">en route/)
    expect(body.match(/<li class="free">libre/g)?.length).toBe(4)
    expect(body).toContain('aria-live="polite"')
  })

  it('is the operator’s alone, and so is its live part', async () => {
    const { browser } = await board([talked], 'marie')
    for (const url of ['/board', '/board-rows', '/call?id=node-1.1']) {
      expect((await browser.get(url)).statusCode).toBe(403)
    }
  })

  it('tells which calls were refused and why, and escapes who called (H18)', async () => {
    const { browser } = await board([talked, refused])
    const { body } = await browser.get('/board')
    const section = body.slice(body.indexOf('id="refused"'), body.indexOf('id="recent"'))
    expect(section).toContain('tous les appels simultanés étaient utilisés')
    expect(section).toContain('09 72 10 00 02')
    expect(section).not.toContain('06 12 34 56 78')
    expect(section).toContain('/call?id=node-1.2%2F2')
    expect(body).not.toContain('<script>alert')
  })

  it('draws a call over time, with the same as a list', async () => {
    const { browser } = await board([talked])
    const { body } = await browser.get('/call?id=node-1.1')
    expect(body).toMatch(/<rect class="ringbar" x="190" y="\d+" width="34"/)
    expect(body).toMatch(/10:00:00<\/th><td>06 12 34 56 78 compose 09 72 10 00 01/)
    expect(body).toMatch(/10:00:04<\/th><td>09 72 10 00 01 : décroche/)
    expect((await browser.get('/call?id=none')).statusCode).toBe(404)
  })

  it('says so while Asterisk is away', async () => {
    const { browser, recorder } = await board([])
    recorder.connected = false
    const { statusCode, body } = await browser.get('/board')
    expect(statusCode).toBe(200)
    expect(body).toContain('mode secours')
  })
})
