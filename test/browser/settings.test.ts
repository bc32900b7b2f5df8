import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Phone } from '../rig/baresip.js'
import { startBrowser } from '../rig/browser.js'
import { numbers } from '../rig/site-text.js'
import { type System, startSystem } from '../rig/system.js'
import { signedIn, tabTo, type Visitor, words } from './visitor.js'

/** Each with another delay, so that each really changes something. */
const visitors: readonly (Visitor & { readonly delay: number })[] = [
  { language: 'fr', width: 1280, delay: 5 },
  { language: 'en', width: 390, delay: 6 },
]

let browser: Browser
let system: System
let alice: Phone
let bob: Phone
let carol: Phone

beforeAll(async () => {
  system = await startSystem()
  browser = await startBrowser()
  alice = await system.phone('alice', { obeysAutoAnswer: true })
  bob = await system.phone('bob', { obeysAutoAnswer: true })
  carol = await system.phone('carol', { obeysAutoAnswer: true })
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

  test('a person forwards Bob on no answer, by the keyboard alone; the next call obeys', async () => {
    await tabTo(page, page.getByRole('link', { name: '09 72 10 00 02' }))
    await page.keyboard.press('Enter')
    await tabTo(page, page.getByRole('link', { name: say.calls, exact: true }))
    await page.keyboard.press('Enter')
    const forward = page.getByRole('group', { name: say.noAnswer })
    const isOn = forward.getByRole('checkbox')
    await tabTo(page, isOn)
    if (!(await isOn.isChecked())) await page.keyboard.press('Space')
    await tabTo(page, forward.getByLabel(say.after))
    await page.keyboard.press('Control+a')
    await page.keyboard.type(String(visitor.delay))
    await tabTo(page, forward.getByLabel(say.forwardTo))
    await page.keyboard.type(say.toNumber)
    await tabTo(page, forward.getByLabel(say.target))
    await page.keyboard.press('Control+a')
    await page.keyboard.type('09 72 10 00 01')
    await page.keyboard.press('Enter')
    await expectDone(page, visitor)

    const since = Date.now()
    await carol.dial(numbers.bob)
    await bob.ringing()
    await alice.ringing(8)
    expect(Date.now() - since).toBeGreaterThan(visitor.delay * 1000 - 100)
  })

  test('turns intercom on for three lines at once, and off again', async () => {
    await setIntercom(page, visitor, true)
    for (const [caller, called] of [
      [alice, 'bob'],
      [bob, 'carol'],
      [carol, 'alice'],
    ] as const) {
      await caller.talking(await caller.dial(`3691${numbers[called]}`), 3)
      await system.hangUpEverything()
      await system.expectNothingLeft()
    }
    await setIntercom(page, visitor, false)
    const call = await alice.dial(`3691${numbers.bob}`)
    expect((await alice.ended(call)).reason).toContain('404')
  })
})

/** Ticks the box of Alice's line and chooses the two other lines as well. */
async function setIntercom(page: Page, visitor: Visitor, isOn: boolean): Promise<void> {
  const say = words[visitor.language]
  await page.goto(`/lines/${numbers.alice}/calls`)
  const box = page.getByLabel(say.intercom)
  const form = page.locator('form', { has: box })
  await box.setChecked(isOn)
  await form.getByText(say.several).click()
  for (const other of ['09 72 10 00 02', '09 72 10 00 03']) {
    await form.getByRole('checkbox', { name: other }).check()
  }
  await form.getByRole('button', { name: say.validate }).click()
  await expectDone(page, visitor)
}

/** The page says that it is done, and when it takes effect. */
async function expectDone(page: Page, { language }: Visitor): Promise<void> {
  const status = page.getByRole('status').filter({ hasText: words[language].done })
  await status.waitFor()
  expect(await status.textContent()).toMatch(words[language].now)
}
