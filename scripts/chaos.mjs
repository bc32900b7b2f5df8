/**
 * `npm run chaos`: faults under load (docs/measuring.md). Everything it starts works in one
 * folder of its own, so that whatever is left at the end, however it ends, is found there.
 */
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { exitCodeOf, fetchTree } from '../asterisk/fetch.mjs'
import { cacheFolder } from '../asterisk/tree.mjs'
import { foreground } from './foreground.mjs'
import { prepare, projectFolder } from './prepare.mjs'

const USAGE = `npm run chaos -- [options]

  (none)         every experiment in a short form, about twenty minutes
  --quick        seconds of the most important ones; a part of npm test
  --full         as long as the goals are written, about an hour on a quiet machine
  --only A[,B]   these experiments alone; a name that is none lists those that are
  --seed N       the same chance as that run

Writes reports/chaos.json and the page reports/chaos.md, which know the last run of each
experiment. Prints a line for each goal. Ends with 0 when every target is met, else with 1.
`

const USAGE_ERROR = 64

/** The options; undefined when they cannot be meant. */
function given() {
  const options = {
    ...{ quick: { type: 'boolean' }, full: { type: 'boolean' } },
    only: { type: 'string', default: '' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    help: { type: 'boolean', short: 'h' },
  }
  try {
    const { values } = parseArgs({ options })
    if (values.quick && values.full) throw new Error('--quick and --full are two sizes')
    if (!/^\d+$/.test(values.seed)) throw new Error(`--seed ${values.seed} is no number`)
    return values
  } catch (error) {
    console.error(`chaos: ${error.message}\n\n${USAGE}`)
    return undefined
  }
}

async function chaos() {
  const values = given()
  if (!values) return USAGE_ERROR
  if (values.help) {
    console.log(USAGE)
    return 0
  }
  prepare()
  await fetchTree('asterisk')
  await fetchTree('phones')
  let size = 'short'
  if (values.quick) size = 'quick'
  if (values.full) size = 'full'
  console.log(`chaos: ${size}, seed ${values.seed}; reports in reports/`)
  const folder = mkdtempSync(join(tmpdir(), 'lk-chaos-'))
  // Asterisk is another user, and must pass through.
  chmodSync(folder, 0o755)
  try {
    return await foreground(
      [
        ...[join(projectFolder, 'node_modules/vitest/vitest.mjs'), 'run'],
        ...['-c', 'vitest.chaos.config.ts', '--reporter=dot'],
      ],
      {
        cwd: projectFolder,
        env: {
          ...process.env,
          ...{ LINEKEEPER_CACHE: cacheFolder(), TMPDIR: folder },
          ...{ CHAOS_SIZE: size, CHAOS_SEED: values.seed, CHAOS_ONLY: values.only },
        },
      },
    )
  } finally {
    endWhatIsLeft(folder)
  }
}

/** Processes that were told of the folder, mounts below it, and the folder. */
function endWhatIsLeft(folder) {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    if (knows(pid, folder)) process.kill(Number(pid), 'SIGKILL')
  }
  const mounts = readFileSync('/proc/self/mounts', 'utf8').split('\n')
  for (const [, place = ''] of mounts.map((line) => line.split(' '))) {
    if (place.startsWith(`${folder}/`)) spawnSync('umount', ['-l', place])
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
}

/**
 * In its command line, or as its TMPDIR (proc_pid_environ(5)): a worker of vitest that
 * outlived vitest has only the latter. One that has ended meanwhile has neither.
 */
function knows(pid, folder) {
  try {
    return ['cmdline', 'environ'].some((file) =>
      readFileSync(`/proc/${pid}/${file}`, 'utf8').includes(folder),
    )
  } catch {
    return false
  }
}

process.exitCode = await chaos().catch(exitCodeOf)
