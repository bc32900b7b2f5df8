import { execFileSync } from 'node:child_process'
import {
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { makers } from '../../corpus/y/inputs.js'
import { ended, example, program, stackTrace } from './ended.js'

const folder = mkdtempSync(join(tmpdir(), 'lk-cli-'))
afterAll(() => rmSync(folder, { recursive: true }))

const explain = ['explain', '--site', example, '--from', '0972100001', '--to', '123']
const printing = [['schema'], ['validate', example], ['--help'], [...explain, '--json']]

describe.concurrent('stdout (C03)', () => {
  it.each(printing)('%s is quiet when nobody reads on', (...argv) => {
    const words = argv.map((word) => `'${word}'`).join(' ')
    const line = `'${process.execPath}' '${program}' ${words} 2>&3 | true; echo $PIPESTATUS`
    const stderr = join(folder, 'stderr')
    const status = execFileSync('bash', ['-c', `{ ${line}; } 3>'${stderr}'`])
    expect(status.toString().trim()).toBe('0')
    expect(readFileSync(stderr, 'utf8')).not.toMatch(/EPIPE|\n\s+at /)
  })

  it.each(printing)('%s says so when the disk is full', async (...argv) => {
    const { exitCode, stderr } = await ended(argv, { stdout: openSync('/dev/full', 'w') })
    expect(exitCode).toBe(1)
    expect(stderr).toContain('ENOSPC')
    expect(stderr).not.toMatch(stackTrace)
  })
})

describe.concurrent('the language and the time zone of the machine (C10)', () => {
  const places = [
    { LANG: 'C', LC_ALL: undefined, TZ: undefined },
    { LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8', TZ: 'America/New_York' },
    { LANG: 'fr_FR.UTF-8', LC_ALL: undefined, TZ: 'Asia/Kolkata' },
  ]
  const at = '2026-01-31T23:59:50+01:00'

  it.each([
    [['validate', example, '--json']],
    [['schema']],
    [[...explain, '--at', at, '--json']],
    [['validate', '/nowhere', '--json']],
  ])('%s prints the same bytes', async (argv) => {
    const texts = await Promise.all(places.map((env) => ended(argv, { env })))
    expect(new Set(texts.map(({ stdout }) => stdout)).size).toBe(1)
  })

  it('render writes the same bytes', async () => {
    const rendered = await Promise.all(
      places.map(async (env, index) => {
        const out = join(folder, `rendered-${index}`)
        await ended(['render', example, '--out', out], { env })
        return readdirSync(out).map((name) => readFileSync(join(out, name), 'utf8'))
      }),
    )
    expect(rendered[0]).not.toEqual([])
    expect(rendered[1]).toEqual(rendered[0])
    expect(rendered[2]).toEqual(rendered[0])
  })
})

describe.concurrent('an error of the program itself', () => {
  const loop = join(folder, 'loop')
  symlinkSync(loop, loop)
  const broken = ['render', example, '--out', join(loop, 'x')]

  it('has no stack trace', async () => {
    const { exitCode, stderr } = await ended(broken)
    expect(exitCode).toBe(1)
    expect(stderr).toContain('ELOOP')
    expect(stderr).not.toMatch(stackTrace)
  })

  it('has one with LINEKEEPER_DEBUG', async () => {
    const { stderr } = await ended(broken, { env: { LINEKEEPER_DEBUG: '1' } })
    expect(stderr).toMatch(stackTrace)
  })
})

/** The most memory that `validate` ever had, in MB. */
async function memoryOf(site: string): Promise<number> {
  const report =
    'process.on("exit", () => console.error("RSS", process.resourceUsage().maxRSS))'
  const env = {
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(report)}`,
  }
  const { stderr } = await ended(['validate', site], { env })
  return Number(/^RSS (\d+)$/m.exec(stderr)?.[1]) / 1024
}

describe.concurrent('a hostile site file (Y08)', () => {
  it.each(['aliasBomb', 'anchors', 'aliases', 'brackets', 'indented', 'dashes'])(
    '%s needs 50 MB at most',
    async (name) => {
      const site = await makers[name]?.(mkdtempSync(join(folder, 'y08-')))
      const usual = await memoryOf(example)
      expect((await memoryOf(site ?? '')) - usual).toBeLessThan(50)
    },
  )
})
