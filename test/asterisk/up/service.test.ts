import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { claimNetwork, type TestNetwork } from '../../rig/ports.js'
import { program } from '../../rig/program.js'
import { siteText } from '../../rig/site-text.js'
import { until } from '../../rig/until.js'

/** `run` as a unit of systemd: what its program would be told, one line each time. */
const folder = mkdtempSync(join(tmpdir(), 'lk-service-'))
const site = join(folder, 'site.yaml')
const told = (): string[] =>
  readFileSync(join(folder, 'told'), 'utf8').trimEnd().split('\n')
const count = (what: string): number => told().filter((line) => line === what).length
const waiting = 'READY=1 STATUS=waiting for Asterisk'

let network: TestNetwork
let controller: ChildProcess
let log = ''

beforeAll(async () => {
  network = await claimNetwork()
  writeFileSync(join(folder, 'told'), '')
  const script = `#!/bin/sh\necho "$@" >> ${folder}/told\n`
  writeFileSync(join(folder, 'systemd-notify'), script, { mode: 0o755 })
  writeFileSync(site, siteText(network), { mode: 0o600 })
  controller = spawn(
    process.execPath,
    [program, 'run', site, '--dir', `${folder}/state`],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: {
        ...process.env,
        PATH: `${folder}:${process.env['PATH']}`,
        NOTIFY_SOCKET: '/run/nobody',
        WATCHDOG_USEC: '2000000',
      },
    },
  )
  controller.stderr?.on('data', (bytes: Buffer) => {
    log += bytes.toString()
  })
})
afterAll(async () => {
  controller.kill('SIGKILL')
  await network.release()
  rmSync(folder, { recursive: true, force: true })
})

const saw = () => [...told(), log.slice(-2000)].join('\n')

test('without Asterisk it runs, says so, and goes on being alive', async () => {
  await until('it says that it waits', () => count(waiting) === 1, {
    limitSeconds: 20,
    saw,
  })
  await until('it is alive again and again', () => count('WATCHDOG=1') > 2, {
    limitSeconds: 15,
    saw,
  })
})

test('SIGHUP: it reloads, then it is ready again; a wrong site file changes nothing', async () => {
  writeFileSync(site, 'site: nonsense\n')
  controller.kill('SIGHUP')
  await until('it is ready again', () => count(waiting) === 2, { limitSeconds: 15, saw })
  const reloading = told().findIndex((line) =>
    /^RELOADING=1 MONOTONIC_USEC=\d+$/.test(line),
  )
  expect(reloading).toBeGreaterThan(0)
  expect(told().lastIndexOf(waiting)).toBeGreaterThan(reloading)
  expect(log).toContain('site file refused: the old one stays')
  const { status } = await fetch(`http://${network.system}:8080/healthz`)
  expect(status).toBe(200)
})

test('SIGTERM: it says that it stops, and ends well', async () => {
  const ended = once(controller, 'exit')
  controller.kill('SIGTERM')
  const [code] = await ended
  expect(code, log).toBe(0)
  await until('it said so', () => count('STOPPING=1') === 1, { limitSeconds: 5, saw })
})
