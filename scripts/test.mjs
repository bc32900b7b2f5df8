/**
 * `npm test`: every test, with a real Asterisk, real phones and a real browser, on a machine
 * with nothing but Node and root. Arguments after `--` go to vitest.
 */
import { join } from 'node:path'
import { exitCodeOf, fetchTree } from '../asterisk/fetch.mjs'
import { cacheFolder } from '../asterisk/tree.mjs'
import { foreground } from './foreground.mjs'
import { prepare, projectFolder } from './prepare.mjs'

async function test(given) {
  prepare()
  await fetchTree('asterisk')
  await fetchTree('phones')
  await fetchTree('browser')
  return foreground(
    [join(projectFolder, 'node_modules/vitest/vitest.mjs'), 'run', ...given],
    {
      cwd: projectFolder,
      env: { ...process.env, LINEKEEPER_CACHE: cacheFolder() },
    },
  )
}

process.exitCode = await test(process.argv.slice(2)).catch(exitCodeOf)
