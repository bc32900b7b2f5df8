import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startBrowser, violationsOn } from '../rig/browser.js'
import { numbers } from '../rig/site-text.js'
import { type System, startSystem } from '../rig/system.js'
import { signedIn, type Visitor } from './visitor.js'

const visitors: readonly Visitor[] = [
  { language: 'fr', width: 390 },
  { language: 'fr', width: 1280 },
  { language: 'en', width: 390 },
  { language: 'en', width: 1280 },
]

const line = `/lines/${numbers.alice}`
const pages = [
  '/',
  `${line}/plan`,
  `${line}/calls`,
  `${line}/voicemail`,
  `${line}/assistance`,
  '/orders',
  '/board',
]

let browser: Browser
let system: System

beforeAll(async () => {
  system = await startSystem({ lines: { alice: 'voicemail: { pin: "824613" }' } })
  browser = await startBrowser()
})
afterAll(async () => {
  await browser?.close()
  await system?.close()
})

describe.each(visitors)('in $language at $width px', (visitor) => {
  let page: Page
  const complaints: string[] = []

  beforeAll(async () => {
    page = await signedIn(browser, system, visitor)
    // A script, a style or an image that the policy forbids is told here.
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text())
    })
    page.on('pageerror', (error) => complaints.push(error.message))
  })
  afterAll(() => page.context().close())

  test.each(pages)('%s can be used by everybody, and fits', async (path) => {
    const answer = await page.goto(path)
    expect(answer?.status()).toBe(200)
    expect(await page.locator('html').getAttribute('lang')).toBe(visitor.language)
    expect(await violationsOn(page)).toEqual([])
    const width = await page.evaluate<number>('document.documentElement.scrollWidth')
    expect(width).toBeLessThanOrEqual(visitor.width)
    expect(complaints.splice(0)).toEqual([])
  })
})

test('whoever is not signed in sees the sign-in page, which everybody can use', async () => {
  const context = await browser.newContext({ locale: 'fr-FR' })
  const page = await context.newPage()
  await page.goto(`http://${system.network.system}:8080${line}/calls`)
  expect(new URL(page.url()).pathname).toBe('/sign-in')
  expect(await violationsOn(page)).toEqual([])
  await context.close()
})
