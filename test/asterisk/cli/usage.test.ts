import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { ended, example, stackTrace } from './ended.js'

const folder = mkdtempSync(join(tmpdir(), 'lk-cli-'))
const empty = join(folder, 'empty.yaml')
writeFileSync(empty, '', { mode: 0o600 })
afterAll(() => rmSync(folder, { recursive: true }))

const commands = [
  ...['validate', 'render', 'plan', 'apply', 'run', 'up', 'schema'],
  ...['lines', 'calls', 'why', 'explain', 'doctor'],
  ...['plan-change', 'calls-change', 'orders', 'order'],
]

describe.concurrent('usage errors (C01, C02)', () => {
  it.each([
    ['no command', [], 'Usage: linekeeper'],
    ['an unknown command', ['valdate'], 'Did you mean validate?'],
    ['an unknown command far from all', ['frobnicate'], "unknown command 'frobnicate'"],
    ['help of an unknown command', ['help', 'frobnicate'], 'Usage: linekeeper'],
    ['a missing argument', ['validate'], "missing required argument 'site'"],
    ['one argument too many', ['validate', 'a', 'b'], 'too many arguments'],
    ['an unknown option', ['validate', '--jsn', 'x'], 'Did you mean --json?'],
    ['an option without its value', ['apply', 'x', '--confirm-delete'], 'missing'],
    ['a value that is no number', ['apply', 'x', '--confirm-delete', 'y'], 'invalid'],
    ['a value that is no choice', ['run', 'x', '--log-level', 'loud'], 'Allowed choices'],
    ['a plan without a line', ['plan-change', 'entreprise'], 'name a line first'],
    ['two plans', ['plan-change', '0972100001', 'a', 'b'], 'one plan is enough'],
    ['half a call', ['calls-change', '0972100001', '2.5'], 'whole number'],
    ['an order step that is none', ['order', 'burn', '1'], 'Allowed choices'],
    ['an order by a path', ['order', 'pay', '../1'], 'whole number'],
    ['a missing option', ['explain', '--from', '0972100001'], '--to'],
    ['a missing folder', ['render', example], '--out'],
    ['a path as a number', ['why', '../../etc/passwd'], 'telephone number'],
    ['an option as a number', ['why', '-rf'], "unknown option '-rf'"],
    ['a newline in a number', ['why', '0033972100001\n[x]'], 'control character'],
    ['an escape in a command', ['\u001b[2J'], 'control character'],
    ['a folder that is not empty', ['render', example, '--out', folder], 'not empty'],
    [
      'two options against each other',
      ['explain', '--site', 'x', '--dir', folder, '--from', '1', '--to', '2'],
      'cannot be used with',
    ],
  ])('%s', async (_, argv, said) => {
    const { exitCode, stdout, stderr } = await ended(argv)
    expect(stderr).toContain(said)
    expect(exitCode).toBe(64)
    expect(stdout).toBe('')
    expect(stderr).not.toMatch(stackTrace)
    // Nothing that a terminal would obey.
    expect(stderr).not.toMatch(/[^\P{Cc}\n]/u)
  })

  it.each(commands)('%s has help, on stdout', async (command) => {
    const { exitCode, stdout, stderr } = await ended([command, '--help'])
    expect(stdout).toContain(`Usage: linekeeper ${command}`)
    expect(stdout).toContain('--json')
    expect(stderr).toBe('')
    expect(exitCode).toBe(0)
  })

  it('lists the commands and the exit codes', async () => {
    const { exitCode, stdout } = await ended(['--help'])
    for (const command of commands) expect(stdout).toContain(`\n  ${command} `)
    expect(stdout).toContain('78 invalid site file')
    expect(exitCode).toBe(0)
  })

  it('tells its version', async () => {
    expect((await ended(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  })
})

const nowhere = join(folder, 'nowhere')

describe.concurrent('every error is one JSON document with --json (C14)', () => {
  it.each([
    ['an unknown command', ['valdate'], 64, 'usage'],
    ['an unknown option', ['validate', '--jsn'], 64, 'usage'],
    ['a path as a number', ['why', '../../etc/passwd'], 64, 'usage'],
    ['a control character', ['why', '0\n'], 64, 'usage'],
    [
      'a folder that is not empty',
      ['render', example, '--out', folder],
      64,
      'out.notEmpty',
    ],
    ['nothing deployed', ['lines', '--dir', nowhere], 5, 'dir.notDeployed'],
    ['nothing to ask', ['doctor', '--dir', nowhere], 5, 'asterisk.notAsked'],
    ['a file as a folder', ['plan', example, '--dir', `${empty}/x`], 5, 'dir.notFolder'],
    [
      'a state that is not understood',
      [
        'explain',
        '--site',
        example,
        '--from',
        '0972100001',
        '--to',
        '123',
        '--state',
        'x',
      ],
      64,
      'usage',
    ],
  ])('%s', async (_, argv, exit, code) => {
    const { exitCode, stdout, stderr } = await ended([...argv, '--json'])
    const document: unknown = JSON.parse(stdout)
    expect(document).toEqual({ ok: false, code, message: expect.any(String) })
    expect(exitCode).toBe(exit)
    expect(stderr).not.toMatch(stackTrace)
  })

  it.each(['validate', 'plan', 'apply', 'run', 'up'])(
    '%s of an invalid site file',
    async (command) => {
      const dir = command === 'validate' ? [] : ['--dir', nowhere]
      const { exitCode, stdout } = await ended([command, empty, ...dir, '--json'])
      expect(JSON.parse(stdout)).toMatchObject({
        ok: false,
        findings: [{ file: empty, line: 1, column: 1, code: 'model.empty' }],
      })
      expect(exitCode).toBe(78)
    },
  )

  it('consent that nobody can be asked for (C04)', async () => {
    const dir = join(folder, 'fresh')
    const apply = ['apply', example, '--dir', dir, '--offline', '--json']
    const { exitCode, stdout } = await ended(apply)
    expect(JSON.parse(stdout)).toMatchObject({ code: 'confirm.required' })
    expect(exitCode).toBe(4)
  })
})

describe.concurrent('a message quotes no secret', () => {
  it.each([
    ['a token with a newline in it', { LINEKEEPER_TOKEN: 'k7Vw2mXq\n9sLd' }],
    ['a token of other letters', { LINEKEEPER_TOKEN: 'k7Vw2mXqé' }],
    [
      'a password in an URL',
      { LINEKEEPER_TOKEN: 'x', LINEKEEPER_URL: 'http://me:k7Vw2mXq@127.0.0.1:1' },
    ],
  ])('%s', async (_, env) => {
    const url = { LINEKEEPER_URL: 'http://127.0.0.1:1' }
    const { exitCode, stdout, stderr } = await ended(['lines', '--json'], {
      env: { ...url, ...env },
    })
    expect(exitCode).toBe(5)
    expect(stdout + stderr).not.toContain('k7Vw2mXq')
  })

  it('a broken secrets.json', async () => {
    const dir = mkdtempSync(join(folder, 'broken-'))
    writeFileSync(join(dir, 'secrets.json'), '{"ariPassword": k7Vw2mXq9sLd}')
    const { exitCode, stderr } = await ended(['run', example, '--dir', dir])
    expect(exitCode).toBe(1)
    expect(stderr).toContain('secrets.json: not JSON')
    expect(stderr).not.toContain('k7Vw2mXq')
  })
})
