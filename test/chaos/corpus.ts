import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Experiment } from './experiment.js'
import { ROWS_WITHOUT_TEST } from './goals.js'
import { project } from './interrupted.js'

/** The letters of the bad-input corpus, and how many rows each has. */
const ROWS: Readonly<Record<string, number>> = {
  ...{ C: 14, E: 20, F: 24, H: 30, L: 4, P: 3, S: 42, V: 13, Y: 40 },
}

/** Rows about what does not exist here, and what that is. */
const NOT_APPLICABLE: readonly (readonly [what: string, ...rows: string[]])[] = [
  ['time slots of a line: a site file has none', 'Y32'],
  ['queues', 'Y33'],
  ['interactive voice menus (IVR)', 'Y34'],
  ['click-to-call', 'H23'],
  ['recordings of calls', 'E19'],
  ['a controller on another host than its Asterisk', 'E20'],
  ['imports of forwards: tables hold short numbers and filter lists', 'V10'],
  ['a ledger shared by several nodes', 'L01', 'L02', 'L03', 'L04'],
  ['provisioning of phones', 'P01', 'P02', 'P03'],
]
/** Rows with another answer than the corpus asks for, and why that is accepted. */
const ANSWERED_OTHERWISE: Readonly<Record<string, string>> = {
  // pjproject#3541; only a program that calls it has it, and no module of Asterisk does.
  S15:
    'a merged request is a second call with a slot of its own instead of 482: PJSIP could ' +
    'tell, but Asterisk does not ask it and has no option for it; no limit is passed',
}
const ROW = new RegExp(`\\b([${Object.keys(ROWS).join('')}])(\\d\\d)\\b`, 'g')

/** The rows that a title names: `Y04 a number without quotes`, `consent (C04, C05)`. */
function rowsIn(title: string): string[] {
  return [...title.matchAll(ROW)].flatMap(([row, letter = '', number]) =>
    Number(number) >= 1 && Number(number) <= (ROWS[letter] ?? 0) ? [row] : [],
  )
}

/** What vitest says of one test (its reporter `json`). */
interface Tested {
  readonly fullName: string
  readonly status: 'passed' | 'failed' | 'skipped' | 'pending' | 'todo'
  readonly failureMessages: readonly string[]
}

interface Results {
  readonly success: boolean
  readonly testResults: readonly {
    readonly name: string
    readonly status: string
    readonly message: string
    readonly assertionResults: readonly Tested[]
  }[]
}

/** The test files in which a title names a row, or whose rows are files beside them. */
function filesWithRows(): string[] {
  return ['corpus', 'unit', 'asterisk'].flatMap((folder) =>
    readdirSync(join(project, 'test', folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.test.ts'))
      .map((path) => join('test', folder, path))
      .filter((path) => folder === 'corpus' || namesRows(path)),
  )
}

function namesRows(path: string): boolean {
  const text = readFileSync(join(project, path), 'utf8')
  // A browser is not fetched for this.
  if (text.includes('rig/browser.js')) return false
  const strings = text.matchAll(/['"`]([^'"`\n]*)['"`]/g)
  return [...strings].some(([, title = '']) => rowsIn(title).length > 0)
}

/** Runs them as `npm test` does. Tests of a file may build on each other: whole files. */
async function results(dir: string): Promise<Results> {
  const file = join(dir, 'results.json')
  const vitest = join(project, 'node_modules/vitest/vitest.mjs')
  const argv = [
    ...[vitest, 'run', ...filesWithRows()],
    ...['--no-file-parallelism', '--reporter=json', `--outputFile=${file}`],
  ]
  const child = spawn(process.execPath, argv, {
    cwd: project,
    stdio: 'ignore',
    // It is a run of its own, not a part of this one.
    env: Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !name.startsWith('VITEST')),
    ),
  })
  await new Promise((resolve) => child.on('close', resolve))
  return JSON.parse(readFileSync(file, 'utf8')) as Results
}

const badInput: Experiment = {
  name: 'corpus',
  goals: 'R09',
  fault:
    'every row of the bad-input corpus: files, HTTP, codes, commands, SIP, ARI and AMI',
  target: 'the expected answer each time, 0 crashes',
  quick: false,
  run: async () => {
    const dir = mkdtempSync(join(tmpdir(), 'lk-corpus-run-'))
    try {
      const { testResults } = await results(dir)
      const tested = testResults
        .flatMap(({ assertionResults }) => assertionResults)
        .filter(({ fullName, status }) => rowsIn(fullName).length > 0 && isRun(status))
      const passed = tested.filter(({ status }) => status === 'passed')
      const failed = tested.filter(({ status }) => status === 'failed')
      const rows = new Set(passed.flatMap(({ fullName }) => rowsIn(fullName)))
      // A file that could not be run to its end: the process of its tests died.
      const crashes = testResults.filter(
        ({ status, assertionResults }) =>
          status === 'failed' &&
          assertionResults.every((each) => each.status !== 'failed'),
      ).length
      const wrong = failed.length
      const notApplicable = NOT_APPLICABLE.flatMap(([, ...each]) => each)
      const without = absent(new Set([...rows, ...notApplicable]))
      const unexplained = without.filter((row) => !ROWS_WITHOUT_TEST.includes(row))
      return {
        pass: wrong + crashes + unexplained.length === 0 && rows.size > 0,
        measured: {
          ...{ rows: rows.size, inputs: tested.length, expected: passed.length },
          ...{ wrong, crashes, notApplicable: notApplicable.length },
          ...{ rowsWithoutTest: without.length, without: without.join(' ') },
          answeredOtherwise: Object.keys(ANSWERED_OTHERWISE).join(' '),
          ...(unexplained.length > 0 && { unexplained: unexplained.join(' ') }),
          ...(wrong > 0 && { failed: failed.map(reasonOf).join('; ') }),
        },
      }
    } finally {
      rmSync(dir, { recursive: true, force: true })
    }
  },
}

function reasonOf({ fullName, failureMessages: [first = ''] }: Tested): string {
  return `${fullName}: ${first.split('\n')[0]}`
}

function isRun(status: Tested['status']): boolean {
  return status === 'passed' || status === 'failed'
}

function absent(rows: ReadonlySet<string>): string[] {
  return Object.entries(ROWS).flatMap(([letter, count]) =>
    Array.from(
      { length: count },
      (_, at) => `${letter}${String(at + 1).padStart(2, '0')}`,
    ).filter((row) => !rows.has(row)),
  )
}

export const corpus = [badInput]
