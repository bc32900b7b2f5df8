import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { claimNetwork, type TestNetwork } from '../../rig/ports.js'
import { siteText } from '../../rig/site-text.js'
import { until } from '../../rig/until.js'

/** What `npm pack` makes, installed in a clean folder, as somebody who has nothing else. */
const project = join(import.meta.dirname, '../../..')
const folder = mkdtempSync(join(tmpdir(), 'lk-package-'))
const clean = join(folder, 'clean')
const installed = join(clean, 'node_modules')
let network: TestNetwork
let up: ChildProcess | undefined

function npm(cwd: string, ...argv: string[]): void {
  const { status, stderr } = spawnSync('npm', argv, { cwd, encoding: 'utf8' })
  if (status !== 0) throw new Error(`npm ${argv.join(' ')}: ${stderr}`)
}

const linekeeper = (...argv: string[]) =>
  spawnSync('npx', ['--no', 'linekeeper', ...argv], { cwd: clean, encoding: 'utf8' })

const versionIn = (packageFolder: string): string =>
  z
    .object({ version: z.string() })
    .parse(JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8'))).version

beforeAll(async () => {
  network = await claimNetwork()
  // Asterisk is another user, and must pass through.
  chmodSync(folder, 0o755)
  mkdirSync(clean)
  writeFileSync(join(clean, 'package.json'), '{ "private": true }\n')
  // It is built already, and other tests work with what is built.
  npm(project, 'pack', '--ignore-scripts', '--silent', '--pack-destination', folder)
  const tarball = join(folder, `linekeeper-${versionIn(project)}.tgz`)
  npm(clean, 'install', '--prefer-offline', '--no-audit', '--no-fund', tarball)
}, 300_000)
afterAll(async () => {
  up?.kill('SIGTERM')
  await network.release()
  rmSync(folder, { recursive: true, force: true })
})

test('nothing is installed that only its makers need', () => {
  for (const name of ['vitest', 'typescript', 'playwright-core', '@biomejs']) {
    expect(existsSync(join(installed, name)), name).toBe(false)
  }
  expect(existsSync(join(installed, 'linekeeper/src'))).toBe(false)
  expect(existsSync(join(installed, 'linekeeper/test'))).toBe(false)
})

/** npm obeys `overrides` of the folder it works in only: what we replace comes with us. */
test('the packages we replace are replaced there as well', () => {
  const major = (name: string): number =>
    Number.parseInt(versionIn(join(installed, 'linekeeper/node_modules', name)), 10)
  expect(major('request')).toBeGreaterThanOrEqual(4)
  expect(major('ws')).toBeGreaterThanOrEqual(8)
  expect(major('tough-cookie')).toBeGreaterThanOrEqual(5)
})

test('npx linekeeper validate, render and explain', () => {
  const site = join(installed, 'linekeeper/examples/site.yaml')
  const validated = linekeeper('validate', site)
  expect(validated.status, validated.stderr).toBe(0)
  expect(validated.stdout).toContain('3 lines')
  const rendered = linekeeper('render', site, '--out', join(folder, 'rendered'))
  expect(rendered.status, rendered.stderr).toBe(0)
  expect(existsSync(join(folder, 'rendered/extensions.conf'))).toBe(true)
  const explained = linekeeper(
    ...['explain', '--site', site, '--from', '0972100002', '--to', '0972100001'],
  )
  expect(explained.status, explained.stderr).toBe(0)
})

test('linekeeper up says ready, shows its lines and its portal, and stops', async () => {
  const site = join(folder, 'site.yaml')
  writeFileSync(site, siteText(network), { mode: 0o600 })
  const state = join(folder, 'state')
  const started = spawn(
    join(installed, '.bin/linekeeper'),
    ['up', site, '--dir', state, '--log-level', 'warn'],
    { cwd: clean, stdio: ['ignore', 'pipe', 'pipe'] },
  )
  up = started
  let printed = ''
  let log = ''
  started.stdout.on('data', (bytes: Buffer) => {
    printed += bytes.toString()
  })
  started.stderr.on('data', (bytes: Buffer) => {
    log += bytes.toString()
  })
  await until('up prints ready', () => printed.split('\n').includes('ready'), {
    limitSeconds: 30,
    saw: () => log.slice(-3000),
  })

  const lines = linekeeper('lines', '--dir', state)
  expect(lines.stdout, lines.stderr).toContain('0033972100001')
  const portal = `http://${network.system}:8080`
  const html = await (await fetch(portal)).text()
  expect(html).toContain('<form')
  const parts = [...html.matchAll(/(?:src|href)="(\/[^"]*\.(?:js|css|svg))"/g)]
  expect(parts.length).toBeGreaterThan(1)
  for (const [, path = ''] of parts) {
    expect((await fetch(`${portal}${path}`)).status, path).toBe(200)
  }

  started.kill('SIGTERM')
  const [code] = await once(started, 'exit')
  expect(code, log).toBe(0)
})
