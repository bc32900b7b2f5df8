import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { startBrowser } from '../rig/browser.js'
import { numbers } from '../rig/site-text.js'
import { type System, startSystem } from '../rig/system.js'
import { signedIn, words } from './visitor.js'

/*
 * The pictures of the documentation: the portal of a real system, in which people
 * telephone. Run by `npm run pictures`; the argument is the folder they go to.
 */

const line = `/lines/${numbers.alice}`

/** File name and page, in the order of the portal's menu. */
const PAGES = [
  ['lines', '/'],
  ['line-plan', `${line}/plan`],
  ['line-calls', `${line}/calls`],
  ['line-voicemail', `${line}/voicemail`],
  ['line-assistance', `${line}/assistance`],
  ['orders', '/orders'],
  ['board', '/board'],
] as const

const site = {
  lines: {
    alice: `voicemail: { pin: "824613" }
forwarding: { noAnswer: { after: 20, to: voicemail }, busy: { to: "${numbers.bob}" } }`,
  },
}

async function main(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true })
  const system = await startSystem(site)
  const browser = await startBrowser()
  try {
    const page = await signedIn(browser, system, { language: 'fr', width: 1280 })
    await telephone(system)
    for (const [name, path] of PAGES) {
      await page.goto(path)
      await take(page, join(folder, `${name}.png`))
    }
    await page.goto('/board')
    const recent = page.getByRole('region', { name: words.fr.recentCalls })
    await recent.getByRole('link').last().click()
    await take(page, join(folder, 'call.png'))
  } finally {
    await browser.close()
    await system.close()
  }
}

/** Alice talks to Bob, Carol waits, and a fourth is turned away. */
async function telephone(system: System): Promise<void> {
  const alice = await system.phone('alice')
  const bob = await system.phone('bob')
  const carol = await system.phone('carol')
  const carrier = await system.carrier()
  await alice.dial(numbers.bob)
  await bob.accept(await bob.ringing())
  await carol.dial(numbers.bob)
  await bob.ringing()
  const fourth = await carrier.dial(
    `sip:+${numbers.bob.slice(2)}@${system.network.system}`,
  )
  await carrier.ended(fourth)
}

/** Small: what can be read is enough. */
async function take(page: Page, path: string): Promise<void> {
  await page.waitForLoadState('load')
  await page.screenshot({ path, fullPage: true })
}

const [folder] = process.argv.slice(2)
if (folder === undefined) throw new Error('pictures: the folder is missing')
await main(folder)
