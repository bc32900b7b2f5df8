import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Random } from '../simulation/random.js'
import type { Experiment, Outcome, Setting, Size } from './experiment.js'
import { experiments } from './experiments.js'
import { NOT_RUN, reached, repetitionsOf } from './goals.js'

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

export interface Run {
  readonly size: Size
  readonly seed: number
  readonly tell?: Setting['tell']
}

/** What is kept while it runs: whatever ends it before its end leaves no older success. */
export function begun(experiment: Experiment, { size, seed }: Run): Report {
  const { name: id, goals, fault, target } = experiment
  const measured = { failed: 'did not come to its end' }
  return { id, goals, fault, target, size, seed, pass: false, seconds: 0, measured }
}

/** Runs one experiment; what it throws is a promise that was not kept. */
export async function runExperiment(
  experiment: Experiment,
  { size, seed, tell = () => undefined }: Run,
): Promise<Report> {
  const { name: id, goals, fault, target } = experiment
  const begun = Date.now()
  const setting: Setting = {
    name: id,
    size,
    random: new Random(seed),
    sized: (quick, short, full) => ({ quick, short, full })[size],
    tell,
  }
  const outcome = await experiment.run(setting).catch((error: unknown): Outcome => {
    const failed = error instanceof Error ? error.message.slice(0, 600) : String(error)
    return { pass: false, measured: { failed } }
  })
  const seconds = Math.round((Date.now() - begun) / 100) / 10
  const report = { id, goals, fault, target, size, seed, seconds, ...outcome }
  const { missed } = repetitionsOf(report)
  if (size !== 'full' || missed.length === 0) return report
  const measured = { ...outcome.measured, tooFew: missed.join(', ') }
  return { ...report, pass: false, measured }
}

const folder = fileURLToPath(new URL('../../reports', import.meta.url))

/** Keeps a run: `reports/chaos/<experiment>.json`. */
export function keep(report: Report): void {
  mkdirSync(join(folder, 'chaos'), { recursive: true })
  writeFileSync(pathOf(report.id), `${JSON.stringify(report, undefined, 2)}\n`)
}

function pathOf(id: string): string {
  return join(folder, 'chaos', `${id}.json`)
}

/**
 * `chaos.json` and the one page `chaos.md`: every experiment that was ever run here, each
 * by its last run. Returns a line for each goal.
 */
export function writeReports(): readonly string[] {
  const last = experiments.flatMap(({ name }) =>
    existsSync(pathOf(name))
      ? [JSON.parse(readFileSync(pathOf(name), 'utf8')) as Report]
      : [],
  )
  const goals = reached(last)
  const all = { goals, experiments: last }
  writeFileSync(join(folder, 'chaos.json'), `${JSON.stringify(all, undefined, 2)}\n`)
  writeFileSync(join(folder, 'chaos.md'), pageOf(last))
  return goals.filter(({ size }) => size !== NOT_RUN).map((goal) => JSON.stringify(goal))
}

/** Figures that have a column of their own, and what they are a part of. */
const COLUMNS = {
  lost: ['lost', 'missed', 'missing', 'unreadable', 'crashes'],
  wrong: ['wronglyRefused', 'overLimit', 'unaccounted', 'over', 'under', 'wrong'],
  left: ['left'],
} as const

function pageOf(reports: readonly Report[]): string {
  const minutes = Math.round(reports.reduce((sum, { seconds }) => sum + seconds, 0) / 60)
  const goals = reached(reports).map(({ id, target, measured, size, pass }) =>
    row([mark(pass), id, target, figuresOf(measured, []), size]),
  )
  const rows = reports.map((report) => {
    const { id, goals: proves, fault, pass, size, seed, seconds, measured } = report
    const { figure, count } = repetitionsOf(report)
    const sums = Object.values(COLUMNS).map((names) => sumOf(measured, names))
    const told = [figure, ...Object.values(COLUMNS).flat()]
    const run = `${size}, seed ${seed}, ${seconds} s`
    const cells = [mark(pass), id, proves, fault, String(count), ...sums]
    return row([...cells, figuresOf(measured, told), run])
  })
  return `# Faults

\`npm run chaos\`: each experiment by its last run, ${minutes} minutes in all. One is repeated with
\`npm run chaos -- --only NAME --seed N\` and its size. Lost and wrong are counted by SIPp, on both sides
of the switchboard, never by the controller; left are channels and slots when all calls have ended.

|   | goal | target | measured | size |
|---|---|---|---|---|
${goals.join('\n')}

|   | experiment | proves | fault | repetitions | lost | wrong | left | besides | run |
|---|---|---|---|---|---|---|---|---|---|
${rows.join('\n')}
`
}

function mark(pass: boolean): string {
  return pass ? '✓' : '✗'
}

/** A list of what was lost is as many as it names. */
function sumOf(measured: Report['measured'], names: readonly string[]): string {
  const present = names.flatMap((name) => measured[name] ?? [])
  if (present.length === 0) return '–'
  const count = (value: number | string): number =>
    typeof value === 'number' ? value : value.split(';').length
  return String(present.reduce<number>((sum, value) => sum + count(value), 0))
}

function figuresOf(measured: Report['measured'], told: readonly string[]): string {
  return Object.entries(measured)
    .filter(([name]) => !told.includes(name))
    .map(([name, value]) => `${name} ${value}`)
    .join(', ')
}

function row(cells: readonly string[]): string {
  const plain = cells.map((cell) => cell.replaceAll('|', '/').replaceAll('\n', ' '))
  return `| ${plain.join(' | ')} |`
}
