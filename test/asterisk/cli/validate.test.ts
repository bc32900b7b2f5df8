import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { file, makers, replaced } from '../../corpus/y/inputs.js'
import { slowness } from '../../rig/slowness.js'
import { ended, example, stackTrace } from './ended.js'

const folder = mkdtempSync(join(tmpdir(), 'lk-validate-'))
afterAll(() => rmSync(folder, { recursive: true }))

const bob = 'number: "0033972100002"'
const target = 'busy: { to: "0033612345678" }'

/** Rows of corpus Y, by what is written instead of a piece of its base. */
const rows = [
  ['Y04', { [bob]: 'number: 0972100002' }, 78, 'number.unquoted', 20],
  ['Y11', { 'calls: 3': 'call: 3' }, 78, 'key.unknown', 14],
  ['Y13', { 'plan: decouverte': 'plan: decouverte\n    calls: 2' }, 4, 'plan.limit', 24],
  ['Y14', { [bob]: 'number: "09 72 10 00 01"' }, 78, 'number.duplicate', 20],
  ['Y17', { 'name: Bob': 'name: "x\\n[b]"' }, 78, 'name.chars', 21],
  ['Y22', { Zt5nB8uHc3JpW6eA: 'password' }, 78, 'secret.weak', 22],
  ['Y25', { [target]: 'busy: { to: "112" }' }, 4, 'forward.class', 30],
] as const

describe.concurrent('linekeeper validate', () => {
  it.each(rows)('%s in words and as JSON', async (_, pieces, exit, code, line) => {
    const site = file(mkdtempSync(join(folder, 'y-')), replaced(pieces))
    const words = await ended(['validate', site])
    expect(words.stderr).toMatch(
      new RegExp(`^${site}:${line}:\\d+  ${code}  .+ — .+`, 'm'),
    )
    expect(words).toMatchObject({ exitCode: exit, stdout: '' })
    expect(words.stderr).not.toMatch(stackTrace)

    const { exitCode, stdout, stderr } = await ended(['validate', site, '--json'])
    expect(exitCode).toBe(exit)
    expect(stderr).toBe('')
    const document = JSON.parse(stdout)
    expect(document.ok).toBe(false)
    expect(document.findings).toContainEqual({
      ...{ file: site, line, column: expect.any(Number), code },
      severity: exit === 4 ? 'policy' : 'invalid',
      ...{ message: expect.any(String), remedy: expect.any(String) },
    })
  })

  it.each(['fifo', 'folder', 'device', 'link', 'megabytes65', 'aliasBomb'])(
    'ends at once on %s (Y08, Y37, Y39)',
    async (name) => {
      const site = await makers[name]?.(mkdtempSync(join(folder, 'y-')))
      const { exitCode, stdout } = await ended(['validate', site ?? '', '--json'])
      expect(exitCode).toBe(78)
      expect(JSON.parse(stdout).findings).toHaveLength(1)
    },
    5_000 * slowness(),
  )

  it('counts what is in a good file, and lets warnings pass', async () => {
    const site = file(mkdtempSync(join(folder, 'y-')), replaced({}), 0o644)
    const { exitCode, stdout, stderr } = await ended(['validate', site])
    expect(stdout).toBe('ok: 3 lines, 1 aliases, 1 shortNumbers, 1 trunks\n')
    expect(stderr).toContain('file.mode')
    expect(exitCode).toBe(0)
  })

  it('accepts the example', async () => {
    const { exitCode, stdout } = await ended(['validate', example, '--json'])
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, summary: { lines: 3 } })
    expect(exitCode).toBe(0)
  })
})
