import { afterAll, expect, test } from 'vitest'
import type { Size } from './experiment.js'
import { experiments } from './experiments.js'
import { begun, keep, runExperiment, writeReports } from './report.js'
import { endSharedEstate } from './shared-estate.js'

/* What `npm run chaos` runs; its options come by the environment. */
const { CHAOS_SIZE = 'short', CHAOS_SEED, CHAOS_ONLY = '' } = process.env
const size: Size = CHAOS_SIZE === 'quick' || CHAOS_SIZE === 'full' ? CHAOS_SIZE : 'short'
const seed = Number(CHAOS_SEED)
const only = CHAOS_ONLY.split(',').filter((name) => name !== '')
const unknown = only.filter((name) => !experiments.some((each) => each.name === name))
if (unknown.length > 0) {
  const names = experiments.map(({ name }) => name).join(', ')
  throw new Error(
    `chaos: no experiment is named ${unknown.join(', ')}; there are ${names}`,
  )
}
const chosen = experiments.filter(({ name, quick }) =>
  only.length > 0 ? only.includes(name) : size !== 'quick' || quick,
)
const TOLD_EVERY_MS = 15_000

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

function teller(name: string): (progress: string) => void {
  let toldAt = Date.now()
  return (progress) => {
    if (Date.now() - toldAt < TOLD_EVERY_MS) return
    toldAt = Date.now()
    say(`  ${name}: ${progress}`)
  }
}

afterAll(async () => {
  await endSharedEstate()
  for (const goal of writeReports()) say(goal)
})

test.each(chosen.map((experiment, at) => [experiment.name, at, experiment] as const))(
  '%s',
  async (name, at, experiment) => {
    say(`${at + 1}/${chosen.length} ${name}: ${experiment.fault}`)
    const run = { size, seed, tell: teller(name) }
    keep(begun(experiment, run))
    const report = await runExperiment(experiment, run)
    keep(report)
    writeReports()
    say(JSON.stringify(report))
    expect(report.pass, JSON.stringify(report.measured)).toBe(true)
  },
)
