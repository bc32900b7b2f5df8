import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import { type Browser, chromium, type Page } from 'playwright-core'
import { browserOf, treeFolder } from '../../asterisk/tree.mjs'

/** Starts the private Chromium that `npm test` fetches; the caller closes it. */
export function startBrowser(): Promise<Browser> {
  const found = browserOf(treeFolder('browser'))
  if (!found) {
    throw new Error(
      'browser: not there; fetch it with "node asterisk/fetch.mjs --browser"',
    )
  }
  // As root Chromium has no sandbox; it only ever opens pages of the test's own server.
  return chromium.launch({
    executablePath: found.path,
    args: ['--no-sandbox'],
    env: { ...definedOnly(process.env), ...found.env },
  })
}

function definedOnly(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    ),
  )
}

/** What an accessibility rule found wrong, and where. */
export interface Violation {
  readonly rule: string
  readonly help: string
  readonly places: readonly string[]
}

const axeSource = readFileSync(
  createRequire(import.meta.url).resolve('axe-core/axe.min.js'),
  'utf8',
)

/** Every violation axe finds on the page; none is what a test expects. */
export async function violationsOn(page: Page): Promise<readonly Violation[]> {
  // The devtools evaluate it, so the page's own policy against foreign scripts holds.
  await page.evaluate(axeSource)
  const { violations } = await page.evaluate<AxeResults>('axe.run()')
  return violations.map(({ id, help, nodes }) => ({
    rule: id,
    help,
    places: nodes.map(({ target }) => target.join(' ')),
  }))
}
