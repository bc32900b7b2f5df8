/**
 * `npm run bench`: what a call, a line and a change of a line cost (docs/measuring.md).
 * `-- --quick` ends in three minutes, `--json FILE` says where the figures go, `--only
 * calls,change` runs some parts only, `--rounds N` asks for more of them, `--profiles DIR`
 * has Node profile the controllers.
 */
import { join } from 'node:path'
import { exitCodeOf, fetchTree } from '../asterisk/fetch.mjs'
import { cacheFolder } from '../asterisk/tree.mjs'
import { compile } from './compile.mjs'
import { foreground } from './foreground.mjs'
import { prepare, projectFolder } from './prepare.mjs'

async function bench(given) {
  prepare()
  await fetchTree('asterisk')
  await fetchTree('phones')
  const compiled = compile()
  const main = join(compiled, 'test/bench/main.js')
  const places = ['--project', projectFolder, '--compiled', compiled]
  return foreground([main, ...places, ...given], {
    cwd: projectFolder,
    env: { ...process.env, LINEKEEPER_CACHE: cacheFolder() },
  })
}

process.exitCode = await bench(process.argv.slice(2)).catch(exitCodeOf)
