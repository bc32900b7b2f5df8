import { beforeEach, describe, expect, it } from 'vitest'
import { Browser, openPortal, password } from './browser.js'

const fresh = 'quatre nouveaux mots choisis'

let browser: Browser
let portal: Awaited<ReturnType<typeof openPortal>>
beforeEach(async () => {
  portal = await openPortal()
  browser = new Browser(portal.server)
  await browser.signIn('marie')
})

function change(fields: Record<string, string>) {
  return browser.post('/password', {
    ...{ current: password.reveal(), password: fresh, again: fresh },
    ...fields,
  })
}

describe('changing one’s own password', () => {
  it('signs out everywhere, and in with the new one only', async () => {
    const elsewhere = new Browser(portal.server)
    await elsewhere.signIn('marie')
    expect((await change({})).headers.location).toBe('/sign-in')
    expect((await elsewhere.get('/')).statusCode).toBe(303)
    expect((await browser.signIn('marie')).statusCode).toBe(401)
    expect((await browser.signIn('marie', fresh)).statusCode).toBe(303)
  })

  it.each([
    ['another present one', { current: 'x' }, 'actuel n&#x27;est pas le bon'],
    ['two that differ', { again: 'x' }, 'sont différents'],
    ['one that is short', { password: 'court', again: 'court' }, 'trop court'],
    [
      'one that is guessed',
      { password: 'password1234', again: 'password1234' },
      'trop court',
    ],
  ])('is refused with %s, and shows none of them', async (_what, fields, why) => {
    const refused = await change(fields)
    expect(refused.statusCode).toBe(422)
    expect(refused.body).toContain(why)
    expect(refused.body).not.toContain(fresh)
    expect((await browser.signIn('marie')).statusCode).toBe(303)
  })
})
