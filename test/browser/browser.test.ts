import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startBrowser, violationsOn } from '../rig/browser.js'

describe('the test browser', () => {
  let browser: Browser | undefined
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8')
    response.setHeader('content-security-policy', "default-src 'self'")
    const name = request.url === '/bad' ? '<input>' : '<label>Nom <input></label>'
    response.end(
      `<!doctype html><html lang="fr"><title>Été</title><main><h1>Essai</h1>${name}</main></html>`,
    )
  })
  beforeAll(async () => {
    browser = await startBrowser()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  })
  afterAll(async () => {
    await browser?.close()
    server.close()
  })

  it.each([
    ['/good', []],
    ['/bad', ['label']],
  ])('finds on %s what is wrong for people who cannot see: %j', async (path, rules) => {
    const { port } = server.address() as AddressInfo
    const page = await browser?.newPage({ locale: 'fr-FR' })
    if (!page) throw new Error('the browser did not start')
    await page.goto(`http://127.0.0.1:${port}${path}`)
    expect(await page.title()).toBe('Été')
    expect((await violationsOn(page)).map(({ rule }) => rule)).toEqual(rules)
    await page.close()
  })
})
