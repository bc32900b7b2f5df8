import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Phone } from '../rig/baresip.js'
import { startBrowser, violationsOn } from '../rig/browser.js'
import { numbers } from '../rig/site-text.js'
import { type System, startSystem } from '../rig/system.js'
import { signedIn, type Visitor, words } from './visitor.js'

const visitors: readonly Visitor[] = [
  { language: 'fr', width: 390 },
  { language: 'en', width: 1280 },
]

let browser: Browser
let system: System
let alice: Phone
let bob: Phone
let carol: Phone
let carrier: Phone

beforeAll(async () => {
  system = await startSystem()
  browser = await startBrowser()
  alice = await system.phone('alice')
  bob = await system.phone('bob')
  carol = await system.phone('carol')
  carrier = await system.carrier()
})
afterEach(async () => {
  await system.hangUpEverything()
  await system.expectNothingLeft()
})
afterAll(async () => {
  await browser?.close()
  await system?.close()
})

describe.each(visitors)('in $language at $width px', (visitor) => {
  const say = words[visitor.language]
  let page: Page

  beforeAll(async () => {
    page = await signedIn(browser, system, visitor)
  })
  afterAll(() => page.context().close())

  test('two calls appear on the live board, and go; a third is told as refused', async () => {
    await page.goto('/board')
    const slots = rowOf(page, 'bob').getByRole('listitem')
    await expectSlots(slots, [say.free, say.free])

    await alice.dial(numbers.bob)
    await bob.accept(await bob.ringing())
    await expectSlots(slots, [say.talking, say.free])
    await carol.dial(numbers.bob)
    await bob.ringing()
    await expectSlots(slots, [say.talking, say.ringing])
    expect(await violationsOn(page)).toEqual([])

    const call = await carrier.dial(
      `sip:+${numbers.bob.slice(2)}@${system.network.system}`,
    )
    expect((await carrier.ended(call)).reason).toContain('486')
    const refused = page.getByRole('region', { name: say.refusedCalls })
    await refused
      .getByText('+33612345678')
      .or(refused.getByText('06 12 34 56 78'))
      .first()
      .waitFor()

    await system.hangUpEverything()
    await expectSlots(slots, [say.free, say.free])
  })

  test('a call is told from its beginning to its end', async () => {
    await alice.dial(numbers.bob)
    await bob.accept(await bob.ringing())
    await alice.talking()
    await page.goto('/board')
    const recent = page.getByRole('region', { name: say.recentCalls })
    await recent.getByRole('link').first().click()
    await page.getByRole('heading', { level: 1 }).waitFor()
    expect(await page.locator('svg').count()).toBeGreaterThan(0)
    expect(await page.getByRole('table').last().textContent()).toMatch(/09 72 10 00 02/)
    expect(await violationsOn(page)).toEqual([])
  })
})

function rowOf(page: Page, person: keyof typeof numbers): Locator {
  return page.getByRole('row').filter({ has: page.getByText(person, { exact: true }) })
}

/** What the cells of a line say, in order; the page is told of each change by itself. */
async function expectSlots(
  slots: Locator,
  states: readonly [string, string],
): Promise<void> {
  const [first, second] = states
  await slots.nth(0).filter({ hasText: first }).waitFor()
  await slots.nth(1).filter({ hasText: second }).waitFor()
  expect(await slots.count()).toBe(2)
}
