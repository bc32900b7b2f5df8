/** `npm run bench`: see docs/measuring.md. The parts, one after the other, and the report. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { callPath, ramp, type Settings } from './call-path.js'
import { configurationCost } from './configuration-cost.js'
import { Estate } from './estate.js'
import { memoryPerThousand } from './growth.js'
import { lineChange } from './line-change.js'
import { overload } from './overload.js'
import { type Report, reportText } from './report.js'
import { chosenVariants } from './variants.js'

const { values } = parseArgs({
  options: {
    project: { type: 'string', default: process.cwd() },
    compiled: { type: 'string', default: process.cwd() },
    quick: { type: 'boolean', default: false },
    json: { type: 'string' },
    only: { type: 'string', default: 'calls,configuration,change,growth,overload' },
    rounds: { type: 'string' },
    seconds: { type: 'string' },
    profiles: { type: 'string' },
    variants: { type: 'string' },
  },
})

const { project, compiled, quick } = values
const place = { project, compiled, ...(values.profiles && { profiles: values.profiles }) }
const parts = new Set(values.only.split(','))
const rounds = Number(values.rounds ?? 3)
const settings: Settings = {
  project,
  pairs: 500,
  callsPerSecond: 60,
  variants: chosenVariants(values.variants?.split(',')),
  seconds: Number(values.seconds ?? (quick ? 4 : 12)),
  warmUpSeconds: quick ? 4 : 30,
  rounds,
  mostRounds: quick ? rounds : 4 * rounds,
  tell: (line) => process.stderr.write(`${line}\n`),
}
const LINES = 1_000
const MANY_LINES = 10_000

async function calls(): Promise<Partial<Report>> {
  const estate = await Estate.start(LINES, place)
  try {
    const measured = await callPath(estate, settings)
    const sustained = quick
      ? undefined
      : Object.fromEntries(await ramp(estate, { ...settings, seconds: 6 }))
    const after = parts.has('overload')
      ? await overload(estate, settings, twice(sustained?.['linekeeper']))
      : undefined
    return {
      calls: measured,
      ...(sustained && { sustained }),
      ...(after && { overload: after }),
    }
  } finally {
    await estate.close()
  }
}

function twice(rate: number | undefined): number | undefined {
  return rate === undefined ? undefined : 2 * rate
}

async function all(): Promise<Report> {
  const began = Date.now()
  const sizes = quick ? [1_000, MANY_LINES] : [1_000, MANY_LINES, 50_000]
  return {
    at: new Date(began).toISOString(),
    quick,
    ...(parts.has('calls') ? await calls() : {}),
    ...(parts.has('configuration') && { configuration: await configurationCost(sizes) }),
    ...(parts.has('change') && {
      change: await lineChange(MANY_LINES, place, {
        ...settings,
        rounds: quick ? 1 : rounds,
      }),
    }),
    ...(parts.has('growth') && { growth: await memoryPerThousand(MANY_LINES, place) }),
    tookSeconds: (Date.now() - began) / 1000,
  }
}

// Estates end with the process.
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => process.exit(1))
}

const report = await all()
const file = values.json ?? join(project, 'reports/bench.json')
mkdirSync(dirname(file), { recursive: true })
writeFileSync(file, `${JSON.stringify(report, undefined, 2)}\n`)
process.stdout.write(`${reportText(report)}\n\nwritten to ${file}\n`)
