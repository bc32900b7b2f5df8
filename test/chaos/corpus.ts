import { writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { ANSWERED_OTHERWISE, allRows, NOT_APPLICABLE, rowsIn } from './corpus-rows.js'
import { type Results, runTests, type Tested } from './corpus-tests.js'
import type { Experiment, Outcome } from './experiment.js'
import { ROWS_WITHOUT_TEST } from './goals.js'
import { project } from './interrupted.js'

/** A test that names rows, and where it stands. */
interface RowTest extends Tested {
  readonly file: string
  readonly rows: readonly string[]
}

const badInput: Experiment = {
  name: 'corpus',
  goals: 'R09',
  fault:
    'every row of the bad-input corpus: files, HTTP, codes, commands, SIP, ARI and AMI',
  target: 'the expected answer each time, 0 crashes',
  quick: false,
  run: async ({ name, tell }) => {
    const folder = join(project, 'reports/chaos', name)
    const results = await runTests(folder, tell)
    const tests = rowTestsOf(results)
    writeFileSync(join(folder, 'rows.md'), pageOf(tests))
    return judge(tests, results)
  },
}

function rowTestsOf({ files }: Results): RowTest[] {
  return files
    .flatMap(({ name, assertionResults }) =>
      assertionResults.map((test) => ({
        ...test,
        file: relative(join(project, 'test'), name).replace(/\.test\.ts$/, ''),
        rows: rowsIn(test.fullName),
      })),
    )
    .filter((test) => test.rows.length > 0 && (passes(test) || fails(test)))
}

const passes = ({ status }: Tested): boolean => status === 'passed'
const fails = ({ status }: Tested): boolean => status === 'failed'

function judge(tests: readonly RowTest[], { exitCode, files }: Results): Outcome {
  const passed = tests.filter(passes)
  const failed = tests.filter(fails)
  const tried = passed.filter(({ failureMessages }) => failureMessages.length > 0)
  const rows = new Set(passed.flatMap((test) => test.rows))
  // A file that could not be run to its end: the process of its tests died.
  const broken = files.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some(fails),
  )
  // The exit code also tells of what was thrown outside every test and every file.
  const outside = exitCode !== 0 && files.every(({ status }) => status !== 'failed')
  const crashes = broken.length + Number(outside)
  const notApplicable = NOT_APPLICABLE.flatMap(([, ...each]) => each)
  const without = allRows.filter((row) => !rows.has(row) && !notApplicable.includes(row))
  const unexplained = without.filter((row) => !ROWS_WITHOUT_TEST.includes(row))
  const wrong = failed.length
  return {
    pass: wrong + crashes + unexplained.length === 0 && rows.size > 0,
    measured: {
      ...{ rows: rows.size, inputs: tests.length, expected: passed.length },
      ...{ wrong, crashes, notApplicable: notApplicable.length },
      ...{ rowsWithoutTest: without.length, onSecondTry: tried.length },
      answeredOtherwise: Object.keys(ANSWERED_OTHERWISE).join(' '),
      ...(without.length > 0 && { without: without.join(' ') }),
      ...(tried.length > 0 && { triedTwice: tried.map(reasonOf).join('; ') }),
      ...(wrong > 0 && { failed: failed.map(reasonOf).join('; ') }),
      ...(crashes > 0 && {
        crashed: [
          ...broken.map(({ name, message }) => `${name}: ${firstLine(message)}`),
          ...(outside ? [`vitest ended with ${exitCode}`] : []),
        ].join('; '),
      }),
      rowByRow: 'reports/chaos/corpus/rows.md',
    },
  }
}

function reasonOf({ file, fullName, failureMessages: [first = ''] }: RowTest): string {
  return `${file} > ${fullName}: ${firstLine(first)}`
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? ''
}

/** A line for each row: how many inputs, how many were answered as expected, and where. */
function pageOf(tests: readonly RowTest[]): string {
  const absent = new Map(
    NOT_APPLICABLE.flatMap(([what, ...rows]) => rows.map((row) => [row, what] as const)),
  )
  const lines = allRows.map((row) => {
    const own = tests.filter(({ rows }) => rows.includes(row))
    const missing = absent.get(row)
    if (own.length === 0 && missing) return `| ${row} | – | – | not here: ${missing} |`
    const files = [...new Set(own.map(({ file }) => file))].join(', ')
    const otherwise = ANSWERED_OTHERWISE[row]
    const note = otherwise ? `${files} (otherwise: ${otherwise})` : files || 'no test'
    return `| ${row} | ${own.length} | ${own.filter(passes).length} | ${note} |`
  })
  return `# Rows of the bad-input corpus

\`npm run chaos -- --only corpus\`: the tests whose titles name a row, and how many of them got the
answer that is expected. What they said is in \`tests.log\`.

| row | tests | as expected | where |
|---|---|---|---|
${lines.join('\n')}
`
}

export const corpus = [badInput]
