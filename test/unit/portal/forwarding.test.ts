import { beforeEach, describe, expect, it } from 'vitest'
import { accueil, atelier, Browser, openPortal, portier } from './browser.js'

let portal: Awaited<ReturnType<typeof openPortal>>
let browser: Browser
beforeEach(async () => {
  portal = await openPortal()
  browser = new Browser(portal.server)
  await browser.signIn('marie')
})

const page = `/lines/${atelier}/calls`

function forwardingOf(line: string) {
  return portal.recorder.settings.line(line)?.forwarding
}

describe('« Gestion des appels »', () => {
  it('shows the four conditions in the words of the guides, in order', async () => {
    const { body, statusCode } = await browser.get(page)
    expect(statusCode).toBe(200)
    const places = [
      ...['Appels simultanés', 'Renvoi d&#x27;appel', 'Renvoyer tous les appels vers'],
      ...['Si pas de réponse avant', 'Si la ligne est occupée'],
      ...['Si la ligne est injoignable ou déconnectée', 'Double appel et Intercom'],
      ...['Appliquer à plusieurs lignes', 'Numéros abrégés'],
    ].map((words) => body.indexOf(words))
    expect(places.every((place) => place > 0)).toBe(true)
    expect(body).toMatch(
      />Gestion<[\s\S]*>Gestion des appels<[\s\S]*>Répondeur<[\s\S]*>Assistance</,
    )
  })

  it('says the same in English', async () => {
    browser.language = 'en'
    const { body } = await browser.get(page)
    expect(body).toContain('<html lang="en">')
    expect(body).toContain('Forward all calls to')
    expect(body).not.toContain('Renvoyer')
  })

  it('draws what becomes of a call, with the branch it would take now', async () => {
    const { body } = await browser.get(`/lines/${accueil}/calls`)
    expect(body).toMatch(
      /<svg class="picture tree"[\s\S]*<g class="lit">[\s\S]*Le téléphone sonne/,
    )
    expect(body).toContain(
      'Le téléphone sonne → après 20 s vers répondeur de 09 72 10 00 01',
    )
    expect(body).toContain('<b>(actif en ce moment)</b>')
  })

  it('advises a bandwidth: 210 to 300 kbit/s for three calls', async () => {
    const { body } = await browser.get(`/lines/${accueil}/calls`)
    expect(body).toContain('<b>210–300</b> kbit/s')
  })

  it('works while Asterisk is away, without the branch', async () => {
    portal.recorder.connected = false
    const { statusCode, body } = await browser.get(page)
    expect(statusCode).toBe(200)
    expect(body).not.toContain('class="lit"')
    expect((await browser.get('/')).body).toContain('mode secours')
  })
})

describe('the form of the forwards', () => {
  const noAnswer = { 'noAnswer.on': 'on', 'noAnswer.after': '15' }

  it('forwards on no answer, and says that it is in force', async () => {
    const saved = await browser.post(
      `/lines/${atelier}/forwarding`,
      { ...noAnswer, 'noAnswer.kind': 'number', 'noAnswer.number': '06 12 34 56 78' },
      { from: page },
    )
    expect([saved.statusCode, saved.headers.location]).toEqual([
      303,
      `${page}?done=saved`,
    ])
    expect(forwardingOf(atelier)?.noAnswer).toEqual({
      ...{ after: 15, to: { kind: 'number', number: '0033612345678' } },
    })
    const { body } = await browser.get(`${page}?done=saved`)
    expect(body).toContain('prend effet immédiatement')
    expect(body).toContain('value="06 12 34 56 78"')
  })

  it('keeps the target of a forward that is not ticked any more', async () => {
    expect(forwardingOf(atelier)?.unreachable).toBeDefined()
    await browser.post(`/lines/${atelier}/forwarding`, {}, { from: page })
    expect(forwardingOf(atelier)?.unreachable).toBeUndefined()
    expect((await browser.get(page)).body).toContain('value="06 12 34 56 78"')
  })

  it('greys the three others when all calls are forwarded', async () => {
    const fields = { 'unconditional.on': 'on', 'unconditional.kind': 'number' }
    await browser.post(
      `/lines/${atelier}/forwarding`,
      { ...fields, 'unconditional.number': '0612345678' },
      { from: page },
    )
    const { body } = await browser.get(page)
    expect(body.match(/<fieldset class="masked"/g)).toHaveLength(3)
    expect(body).toContain('les autres renvois sont sans effet')
  })

  it.each([
    ['a premium number', 'number', '0899123456', 'surtaxés'],
    ['an emergency number', 'number', '112', 'urgence'],
    ['no number', 'number', '', 'pas valable'],
    ['a fax, which the plan lacks', 'fax', '', 'ne comprend pas le fax'],
    ['the voicemail of nobody', 'otherVoicemail', '0972999999', 'existe pas'],
  ])(
    'refuses %s, says why, and keeps what was typed',
    async (_what, kind, number, why) => {
      const refused = await browser.post(
        `/lines/${atelier}/forwarding`,
        { ...noAnswer, 'noAnswer.kind': kind, 'noAnswer.number': number },
        { from: page },
      )
      expect(refused.statusCode).toBe(422)
      expect(refused.body).toMatch(/role="alert"/)
      expect(refused.body).toContain(why)
      expect(refused.body).toContain('value="15"')
      expect(forwardingOf(atelier)?.noAnswer).toBeUndefined()
    },
  )

  it('is applied to several lines, each judged by itself', async () => {
    const report = await browser.post(
      `/lines/${atelier}/intercom`,
      { intercom: 'on', beep: 'phone', also: [accueil, portier] },
      { from: page },
    )
    expect(report.statusCode).toBe(200)
    expect(report.body).toContain('(2 / 2)')
    const { settings } = portal.recorder
    expect(
      [accueil, atelier, portier].map((line) => settings.line(line)?.intercom),
    ).toEqual([true, true, false])
  })

  it('names the lines for which it was refused', async () => {
    const report = await browser.post(
      `/lines/${atelier}/forwarding`,
      {
        ...{ ...noAnswer, 'noAnswer.kind': 'voicemail', also: [accueil] },
      },
      { from: page },
    )
    expect(report.body).toContain('pour une partie des lignes')
    expect(report.body).toMatch(
      /<th scope="row">09 72 10 00 02<.*répondeur n&#x27;existe/,
    )
  })

  it('locks with four digits, and only with four', async () => {
    const from = { from: page }
    const bad = await browser.post(
      `/lines/${atelier}/lock`,
      { lock: 'on', pin: '12' },
      from,
    )
    expect(bad.body).toContain('exactement 4 chiffres')
    await browser.post(`/lines/${atelier}/lock`, { lock: 'on', pin: '4917' }, from)
    expect(portal.recorder.settings.line(atelier)?.lock?.active).toBe(true)
    expect((await browser.get(page)).body).not.toContain('4917')
  })
})
