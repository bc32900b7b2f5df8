import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Phone } from '../rig/baresip.js'
import { startBrowser } from '../rig/browser.js'
import { numbers, passwordOf } from '../rig/site-text.js'
import { type System, startSystem } from '../rig/system.js'
import { until } from '../rig/until.js'
import { signedIn, type Visitor, words } from './visitor.js'

const visitors: readonly Visitor[] = [
  { language: 'fr', width: 390 },
  { language: 'en', width: 1280 },
]

/** A plan of two calls, and more for 1.00 € each; Carol may change to it. */
const site = {
  morePlans:
    '  affaires: { label: Affaires, calls: { included: 2, maximum: 99, extraPrice: "1.00" }, upgradesFrom: [decouverte] }',
  moreLines: { '0033972100004': 'plan: affaires' },
}
const shared = '0033972100004'

describe.each(visitors)('in $language at $width px', (visitor) => {
  const say = words[visitor.language]
  let browser: Browser
  let system: System
  let page: Page

  beforeAll(async () => {
    system = await startSystem(site)
    browser = await startBrowser()
    page = await signedIn(browser, system, visitor)
  })
  afterAll(async () => {
    await browser?.close()
    await system?.close()
  })

  test('orders two more calls: nothing until they are paid, then a third call rings', async () => {
    const phone = await system.phone('carol', {
      number: shared,
      password: passwordOf(shared),
    })
    const [alice, bob, carrier] = [
      await system.phone('alice'),
      await system.phone('bob'),
      await system.carrier(),
    ]
    await page.goto(`/lines/${shared}/calls`)
    const order = page.locator('form', { has: page.getByLabel(say.wantedCalls) })
    await order.getByLabel(say.wantedCalls).fill('4')
    await order.getByRole('button', { name: say.order }).click()
    // Without the box of the terms there is no order form.
    await page.getByRole('alert').waitFor()

    await order.getByLabel(say.wantedCalls).fill('4')
    await order.getByText('280–400').waitFor()
    await order.getByLabel(say.terms).check()
    await order.getByRole('button', { name: say.order }).click()
    await page.getByRole('status').filter({ hasText: say.ordered }).waitFor()
    expect((await system.lineNumbered(shared)).calls.limit).toBe(2)

    await page.goto('/orders')
    expect(await page.getByRole('table').first().textContent()).toMatch(/2[.,]00/)
    await page.getByRole('button', { name: say.pay }).click()
    await page.getByText(say.applied).waitFor()
    await alice.dial(shared)
    await bob.dial(shared)
    await carrier.dial(`sip:+${shared.slice(2)}@${system.network.system}`)
    await until('three calls ring', () => ringing(phone) === 3)
    expect((await system.lineNumbered(shared)).calls).toMatchObject({
      limit: 4,
      inUse: 3,
    })
    await system.hangUpEverything()
    await system.expectNothingLeft()
  })

  test('changes a plan for the first of next month, and cancels it', async () => {
    await page.goto(`/lines/${numbers.carol}/plan`)
    await page.getByLabel(say.newPlan).selectOption({ label: 'Affaires' })
    await page.getByRole('button', { name: say.validate }).click()
    const told = page.getByRole('status')
    await told.filter({ hasText: say.planScheduled }).waitFor()
    expect(await told.textContent()).toMatch(/\b1(er|st)?\b|\b01\b/)
    expect(await page.getByText(say.pendingPlan).count()).toBe(1)
    expect((await system.line('carol')).calls.limit).toBe(1)
    await page.getByRole('button', { name: say.cancelPlan }).click()
    await page.getByRole('status').filter({ hasText: say.cancelled }).waitFor()
    expect(await page.getByText(say.pendingPlan).count()).toBe(0)
  })
})

function ringing(phone: Phone): number {
  return phone.calls().filter(({ state }) => state === 'ringing').length
}
