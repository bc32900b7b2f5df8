import { afterAll, expect, test } from 'vitest'
import type { Size } from './experiment.js'
import { experiments, type Report, runExperiment, writeReports } from './report.js'

/* What `npm run chaos` runs; its options come by the environment. */
const { CHAOS_SIZE = 'short', CHAOS_SEED, CHAOS_ONLY = '' } = process.env
const size: Size = CHAOS_SIZE === 'quick' || CHAOS_SIZE === 'full' ? CHAOS_SIZE : 'short'
const seed = Number(CHAOS_SEED)
const only = CHAOS_ONLY.split(',').filter((name) => name !== '')
const chosen = experiments.filter(({ name, quick }) =>
  only.length > 0 ? only.includes(name) : size !== 'quick' || quick,
)
const reports: Report[] = []

afterAll(() => writeReports(reports))

test.each(chosen.map((experiment) => [experiment.name, experiment] as const))(
  '%s',
  async (_name, experiment) => {
    const report = await runExperiment(experiment, { size, seed })
    reports.push(report)
    process.stdout.write(`${JSON.stringify(report)}\n`)
    expect(report.pass, JSON.stringify(report.measured)).toBe(true)
  },
)
