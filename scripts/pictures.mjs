/** `npm run pictures`: the pictures of the portal in docs/pictures, taken anew. */
import { join } from 'node:path'
import { exitCodeOf, fetchTree } from '../asterisk/fetch.mjs'
import { cacheFolder } from '../asterisk/tree.mjs'
import { compile } from './compile.mjs'
import { foreground } from './foreground.mjs'
import { prepare, projectFolder } from './prepare.mjs'

async function pictures() {
  prepare()
  for (const tree of ['asterisk', 'phones', 'browser']) await fetchTree(tree)
  const main = join(compile(), 'test/browser/pictures.js')
  return foreground([main, join(projectFolder, 'docs/pictures')], {
    cwd: projectFolder,
    env: { ...process.env, LINEKEEPER_CACHE: cacheFolder() },
  })
}

process.exitCode = await pictures().catch(exitCodeOf)
