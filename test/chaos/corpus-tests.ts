import { spawn } from 'node:child_process'
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { rowsIn } from './corpus-rows.js'
import { project } from './interrupted.js'

/** What vitest says of one test (its reporter `json`). */
export interface Tested {
  readonly fullName: string
  readonly status: 'passed' | 'failed' | 'skipped' | 'pending' | 'todo'
  /** Also of a test that passed when it was tried again. */
  readonly failureMessages: readonly string[]
}

export interface TestedFile {
  readonly name: string
  readonly status: string
  readonly message: string
  readonly assertionResults: readonly Tested[]
}

/** `exitCode` is not 0 either when something failed outside every test. */
export interface Results {
  readonly exitCode: number | null
  readonly files: readonly TestedFile[]
}

/** A file that is done, as the reporter `default` says it. */
const DONE = /^ [✓❯] .*\.test\.ts \(\d+ tests?\b/gm

/**
 * Runs every test file with a row as `npm test` does. Tests of a file may build on each
 * other: whole files. Leaves `tests.log` and `tests.json` in `folder`.
 */
export async function runTests(
  folder: string,
  tell: (progress: string) => void,
): Promise<Results> {
  mkdirSync(folder, { recursive: true })
  const log = join(folder, 'tests.log')
  // By its place `npm run chaos` finds and ends the run when it is itself interrupted.
  const dir = mkdtempSync(join(tmpdir(), 'lk-corpus-'))
  try {
    const report = join(dir, 'tests.json')
    writeFileSync(log, '')
    const exitCode = await vitest(report, (said) => appendFileSync(log, said), tell)
    if (!existsSync(report)) {
      throw new Error(`vitest ended with ${exitCode} and without results: see ${log}`)
    }
    copyFileSync(report, join(folder, 'tests.json'))
    const read = JSON.parse(readFileSync(report, 'utf8')) as { testResults: TestedFile[] }
    return { exitCode, files: read.testResults }
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

async function vitest(
  report: string,
  note: (said: string) => void,
  tell: (progress: string) => void,
): Promise<number | null> {
  const paths = filesWithRows()
  const argv = [
    ...[join(project, 'node_modules/vitest/vitest.mjs'), 'run', ...paths],
    ...['--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
  ]
  // It is a run of its own, not a part of this one.
  const inherited = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('VITEST'),
  )
  const child = spawn(process.execPath, argv, {
    cwd: project,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...Object.fromEntries(inherited), NO_COLOR: '1' },
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      note(text)
      said += text
      tell(`${said.match(DONE)?.length ?? 0} of ${paths.length} files of tests`)
    })
  }
  return await new Promise<number | null>((resolve) => {
    child.on('close', resolve)
  })
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
