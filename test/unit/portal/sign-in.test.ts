import { beforeEach, describe, expect, it } from 'vitest'
import { accueil, atelier, Browser, formTokenIn, openPortal, portier } from './browser.js'

let portal: Awaited<ReturnType<typeof openPortal>>
let browser: Browser
beforeEach(async () => {
  portal = await openPortal()
  browser = new Browser(portal.server)
})

describe('a stranger', () => {
  it.each(['/', `/lines/${accueil}`, '/orders', '/board', '/live', '/lines-table'])(
    'is asked to sign in before he sees %s, and comes back to it',
    async (url) => {
      const response = await browser.get(url)
      expect(response.statusCode).toBe(303)
      expect(response.headers.location).toBe(`/sign-in?next=${encodeURIComponent(url)}`)
    },
  )

  it('sees a form in French unless his browser asks for English', async () => {
    const french = await browser.get('/sign-in')
    expect(french.body).toContain('<html lang="fr">')
    expect(french.body).toContain('Mot de passe')
    browser.language = 'de, en-GB;q=0.7, fr;q=0.3'
    expect((await browser.get('/sign-in')).body).toContain('<html lang="en">')
  })

  it.each(['', '🦄', 'x'.repeat(4_000), 'q=1;;,', 'fr;q=0'])(
    'H28 gets French for Accept-Language %j',
    async (language) => {
      browser.language = language
      const { statusCode, body } = await browser.get('/sign-in')
      expect([statusCode, body.includes('<html lang="fr">')]).toEqual([200, true])
    },
  )

  it('chooses a language, and it stays', async () => {
    const chosen = await browser.post(
      '/language',
      { language: 'en', next: '/sign-in' },
      { from: '/sign-in' },
    )
    expect([chosen.statusCode, chosen.headers.location]).toEqual([303, '/sign-in'])
    expect((await browser.get('/sign-in')).body).toContain('<html lang="en">')
  })
})

describe('signing in', () => {
  it('gives a cookie that no script reads, and shows the lines that are his', async () => {
    const response = await browser.signIn(' Marie ')
    expect([response.statusCode, response.headers.location]).toEqual([303, '/'])
    const cookie = [response.headers['set-cookie'] ?? []].flat().join(' ')
    expect(cookie).toMatch(
      /linekeeper-session=[\w-]{32}; Path=\/; HttpOnly; SameSite=Lax/,
    )
    const { body } = await browser.get('/')
    expect(body).toContain(`href="/lines/${accueil}"`)
    expect(body).toContain(`href="/lines/${atelier}"`)
    expect(body).not.toContain(portier)
    expect(body).not.toContain('/board')
  })

  it('refuses a wrong password and an unknown name with the same words', async () => {
    const wrong = await browser.signIn('marie', 'wrong')
    const unknown = await browser.signIn('nobody', 'wrong')
    expect([wrong.statusCode, unknown.statusCode]).toEqual([401, 401])
    const bodyOf = (body: string) => body.replaceAll(/value="[^"]*"/g, '')
    expect(bodyOf(wrong.body)).toBe(bodyOf(unknown.body))
  })

  it('goes nowhere but to a page of ours', async () => {
    for (const next of ['https://evil.example', '//evil.example', '/\\evil.example']) {
      const response = await browser.post('/sign-in', {
        ...{ user: 'marie', password: 'assez long pour tous', next },
      })
      expect(response.headers.location).toBe('/')
    }
  })

  it('needs the token of our form, and no other site', async () => {
    const fields = { user: 'marie', password: 'assez long pour tous' }
    const without = await browser.postBare('/sign-in', fields)
    expect(without.statusCode).toBe(403)
    for (const headers of [
      { origin: 'https://evil.example' },
      { 'sec-fetch-site': 'cross-site' },
      { origin: 'null' },
    ]) {
      const foreign = await browser.post('/sign-in', fields, { headers })
      expect(foreign.statusCode).toBe(403)
    }
    expect(browser.cookies.has('linekeeper-session')).toBe(false)
  })

  it('ends with signing out, for the cookie as well', async () => {
    await browser.signIn('marie')
    const cookie = browser.cookies.get('linekeeper-session') ?? ''
    const out = await browser.post('/sign-out', {}, { from: '/' })
    expect(out.headers.location).toBe('/sign-in')
    browser.cookies.set('linekeeper-session', cookie)
    expect((await browser.get('/')).statusCode).toBe(303)
  })

  it('makes another session each time, with another form token', async () => {
    await browser.signIn('marie')
    const first = browser.cookies.get('linekeeper-session') ?? ''
    const token = formTokenIn((await browser.get('/')).body)
    await browser.signIn('marie')
    expect(browser.cookies.get('linekeeper-session')).not.toBe(first)
    expect(formTokenIn((await browser.get('/')).body)).not.toBe(token)
    browser.cookies.set('linekeeper-session', first)
    expect((await browser.get('/')).statusCode).toBe(303)
  })
})

describe('the stream of a page (H21)', () => {
  it.each([
    { origin: 'https://evil.example' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ])('is not for a page of somebody else: %j', async (headers) => {
    await browser.signIn('marie')
    expect((await browser.get('/live', headers)).statusCode).toBe(403)
  })
})

describe('guessing a password (H16)', () => {
  it('ends after ten tries, for the guesser and not for the user elsewhere', async () => {
    for (let tries = 0; tries < 10; tries += 1) {
      expect((await browser.signIn('marie', `guess ${tries}`)).statusCode).toBe(401)
    }
    const locked = await browser.signIn('marie')
    expect(locked.statusCode).toBe(429)
    expect(Number(locked.headers['retry-after'])).toBeGreaterThan(800)
    const good = new Browser(portal.server)
    good.source = '198.51.100.7'
    expect((await good.signIn('marie')).statusCode).toBe(303)
  })

  it('all at once is no way around', async () => {
    const token = formTokenIn((await browser.get('/sign-in')).body)
    const all = await Promise.all(
      Array.from({ length: 100 }, (_, at) =>
        browser.postBare('/sign-in', {
          ...{ formToken: token, user: 'marie', password: `guess ${at}` },
        }),
      ),
    )
    const heard = all.filter(({ statusCode }) => statusCode === 401)
    expect(heard.length).toBeLessThanOrEqual(10)
  })

  it('of many names from one source ends as well', async () => {
    for (let tries = 0; tries < 50; tries += 1) await browser.signIn(`user${tries}`, 'x')
    expect((await browser.signIn('chef')).statusCode).toBe(429)
  })
})
