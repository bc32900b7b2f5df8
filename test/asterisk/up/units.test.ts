import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { locateAsterisk } from '../../../src/instance/package.js'
import { chooseUser } from '../../../src/instance/user.js'
import { claimNetwork, type TestNetwork } from '../../rig/ports.js'
import { program } from '../../rig/program.js'
import { expectShortened } from '../../rig/scanned.js'
import { siteText } from '../../rig/site-text.js'
import { until } from '../../rig/until.js'

/** Asterisk and the controller as units of their own: the lines of ops/systemd are run. */
const folder = mkdtempSync(join(tmpdir(), 'lk-units-'))
const state = join(folder, 'state')
const running: ChildProcess[] = []
let network: TestNetwork
let asterisk: Awaited<ReturnType<typeof locateAsterisk>>

function lineOf(unit: string, key: string): string {
  const file = join(import.meta.dirname, '../../../ops/systemd', unit)
  const [, line = ''] =
    new RegExp(`^${key}=-?(.*)$`, 'm').exec(readFileSync(file, 'utf8')) ?? []
  return line
}

/** The words of `ExecStart=` and the like, in this test's places. */
function wordsOf(unit: string, key: string): string[] {
  const [command = '', ...words] = lineOf(unit, key)
    .split(' ')
    .map((word) =>
      word
        .replace('/var/lib/linekeeper', state)
        .replace('/etc/linekeeper/site.yaml', join(folder, 'site.yaml'))
        .replace(/^\/usr\/sbin\/asterisk$/, asterisk.argv.at(-1) ?? asterisk.command),
    )
  if (command === 'linekeeper') return [process.execPath, program, ...words]
  return [asterisk.command, ...asterisk.argv, ...words]
}

function start(unit: string, key: string): ChildProcess {
  const [command = '', ...words] = wordsOf(unit, key)
  const user = unit.includes('asterisk') && key === 'ExecStart' ? chooseUser() : undefined
  const child = spawn(command, words, {
    stdio: 'ignore',
    ...(user && { uid: user.uid, gid: user.gid }),
  })
  running.push(child)
  return child
}

const ready = async (): Promise<boolean> => {
  const answer = await fetch(`http://${network.system}:8080/readyz`).catch(
    () => undefined,
  )
  return answer?.status === 200
}

beforeAll(async () => {
  network = await claimNetwork()
  chmodSync(folder, 0o755)
  writeFileSync(join(folder, 'site.yaml'), siteText(network), { mode: 0o600 })
  asterisk = await locateAsterisk({})
})
afterAll(async () => {
  for (const child of running.reverse()) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    await ended
  }
  await network.release()
  rmSync(folder, { recursive: true, force: true })
})

test('the site is applied before Asterisk starts, and the controller finds both', async () => {
  const [code] = await once(start('linekeeper-asterisk.service', 'ExecStartPre'), 'exit')
  expect(code).toBe(0)
  start('linekeeper-asterisk.service', 'ExecStart')
  start('linekeeper-controller.service', 'ExecStart')
  await until('calls are decided', ready, { limitSeconds: 30 })
})

test('the controller keeps the logs of the Asterisk beside it short', () =>
  expectShortened(join(state, 'log')))

test('systemctl reload: the edited site is in force', async () => {
  const moreShortNumbers = ['{ number: "7002", to: "0033612345678" }']
  const edited = siteText(network, { moreShortNumbers })
  writeFileSync(join(folder, 'site.yaml'), edited, { mode: 0o600 })
  const [code] = await once(start('linekeeper-controller.service', 'ExecReload'), 'exit')
  expect(code).toBe(0)
  expect(readFileSync(join(state, 'etc/current/site.yaml'), 'utf8')).toBe(edited)
})

test('a controller that is started again finds the same Asterisk', async () => {
  const controller = running.find(({ spawnargs }) => spawnargs.includes('run'))
  expect(controller).toBeDefined()
  controller?.kill('SIGKILL')
  await until('nobody decides', async () => !(await ready()), { limitSeconds: 10 })
  start('linekeeper-controller.service', 'ExecStart')
  await until('calls are decided again', ready, { limitSeconds: 30 })
})

test('the units of backup and retention do what they say', async () => {
  for (const unit of ['linekeeper-backup.service', 'linekeeper-retention.service']) {
    const line = lineOf(unit, 'ExecStart')
      .replaceAll('%%', '%')
      .replace('linekeeper', `${process.execPath} ${program}`)
      .replace('/var/backups/linekeeper', folder)
      .replace('/var/lib/linekeeper', state)
    const [code] = await once(spawn('sh', ['-c', line], { stdio: 'inherit' }), 'exit')
    expect(code, line).toBe(0)
  }
  expect(readdirSync(folder).filter((name) => /^\d{4}-.*\.gz$/.test(name))).toHaveLength(
    1,
  )
})
