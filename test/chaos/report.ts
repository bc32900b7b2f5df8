import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Random } from '../simulation/random.js'
import { diskFaults } from './disk-faults.js'
import { emergency } from './emergency.js'
import type { Experiment, Outcome, Setting, Size } from './experiment.js'
import { processFaults } from './process-faults.js'
import { races } from './races.js'
import { wireFaults } from './wire-faults.js'

export const experiments: readonly Experiment[] = [
  ...processFaults,
  ...wireFaults,
  ...races,
  ...emergency,
  ...diskFaults,
]

/** One line of the report. */
export interface Report {
  readonly id: string
  readonly goals: string
  readonly fault: string
  readonly target: string
  readonly size: Size
  readonly seed: number
  readonly pass: boolean
  readonly seconds: number
  readonly measured: Outcome['measured']
}

/** Runs one experiment; what it throws is a promise that was not kept. */
export async function runExperiment(
  experiment: Experiment,
  { size, seed }: { readonly size: Size; readonly seed: number },
): Promise<Report> {
  const { name: id, goals, fault, target } = experiment
  const begun = Date.now()
  const setting: Setting = {
    size,
    random: new Random(seed),
    sized: (quick, short, full) => ({ quick, short, full })[size],
  }
  const outcome = await experiment.run(setting).catch((error: unknown): Outcome => {
    const failed = error instanceof Error ? error.message.slice(0, 600) : String(error)
    return { pass: false, measured: { failed } }
  })
  const seconds = Math.round((Date.now() - begun) / 100) / 10
  return { id, goals, fault, target, size, seed, seconds, ...outcome }
}

const folder = fileURLToPath(new URL('../../reports', import.meta.url))

/** `reports/<id>.json`, and all of them on one page. */
export function writeReports(reports: readonly Report[]): void {
  mkdirSync(folder, { recursive: true })
  for (const report of reports) {
    const text = `${JSON.stringify(report, undefined, 2)}\n`
    writeFileSync(join(folder, `${report.id}.json`), text)
  }
  // The page tells of every experiment that was ever run here, each by its last run.
  const last = experiments.flatMap(({ name }) => {
    const path = join(folder, `${name}.json`)
    return existsSync(path) ? [JSON.parse(readFileSync(path, 'utf8')) as Report] : []
  })
  writeFileSync(join(folder, 'chaos.md'), pageOf(last))
}

function pageOf(reports: readonly Report[]): string {
  const rows = reports.map((report) => {
    const { id, goals, fault, target, pass, size, seed, seconds, measured } = report
    const figures = Object.entries(measured).map(([name, value]) => `${name} ${value}`)
    const run = `${size}, seed ${seed}, ${seconds} s`
    const cells = [id, goals, fault, target, figures.join(', '), run]
    return `| ${[pass ? '✓' : '✗', ...cells].map(plain).join(' | ')} |`
  })
  return `# Faults

\`npm run chaos\`; a run is repeated with \`--seed N --only NAME\`. Counts are those of SIPp, on both sides of the switchboard; never the controller's own.

|   | experiment | goals | fault | target | measured | run |
|---|---|---|---|---|---|---|
${rows.join('\n')}
`
}

function plain(cell: string): string {
  return cell.replaceAll('|', '/').replaceAll('\n', ' ')
}
