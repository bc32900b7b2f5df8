/**
 * `npm run chaos`: faults under load (docs/operating.md). `--quick` takes a minute, `--full`
 * is as long as the goals are written; `--only NAME[,NAME]`, `--seed N`.
 */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { exitCodeOf, fetchTree } from '../asterisk/fetch.mjs'
import { cacheFolder } from '../asterisk/tree.mjs'
import { prepare, projectFolder } from './prepare.mjs'

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean' },
    full: { type: 'boolean' },
    only: { type: 'string', default: '' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
})

async function chaos() {
  prepare()
  await fetchTree('asterisk')
  await fetchTree('phones')
  let size = 'short'
  if (values.quick) size = 'quick'
  if (values.full) size = 'full'
  console.log(`chaos: ${size}, seed ${values.seed}; reports in reports/`)
  const vitest = join(projectFolder, 'node_modules/vitest/vitest.mjs')
  const argv = [vitest, 'run', '-c', 'vitest.chaos.config.ts', '--reporter=verbose']
  const { status } = spawnSync(process.execPath, argv, {
    cwd: projectFolder,
    stdio: 'inherit',
    env: {
      ...process.env,
      LINEKEEPER_CACHE: cacheFolder(),
      CHAOS_SIZE: size,
      CHAOS_SEED: values.seed,
      CHAOS_ONLY: values.only,
    },
  })
  return status ?? 1
}

process.exitCode = await chaos().catch(exitCodeOf)
