import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type System, startSystem } from '../../rig/system.js'
import { until } from '../../rig/until.js'

let system: System
/** Where a service manager's program writes what it was told. */
const bin = mkdtempSync(join(tmpdir(), 'lk-notify-'))
const told = (): string => readFileSync(join(bin, 'told'), 'utf8')
const { PATH, NOTIFY_SOCKET, WATCHDOG_USEC } = process.env

beforeAll(async () => {
  mkdirSync(bin, { recursive: true })
  writeFileSync(join(bin, 'told'), '')
  writeFileSync(join(bin, 'systemd-notify'), `#!/bin/sh\necho "$@" >> ${bin}/told\n`)
  chmodSync(join(bin, 'systemd-notify'), 0o755)
  Object.assign(process.env, {
    PATH: `${bin}:${PATH}`,
    NOTIFY_SOCKET: '/run/nobody',
    WATCHDOG_USEC: '3000000',
  })
  system = await startSystem()
})
afterAll(async () => {
  Object.assign(process.env, {
    PATH,
    NOTIFY_SOCKET: NOTIFY_SOCKET ?? '',
    WATCHDOG_USEC: WATCHDOG_USEC ?? '',
  })
  await system.close()
  rmSync(bin, { recursive: true, force: true })
})

test('the service manager hears that calls are decided, and goes on hearing it', async () => {
  expect(told()).toContain('READY=1')
  await until('it is told again and again', () => told().split('WATCHDOG=1').length > 2, {
    limitSeconds: 15,
  })
})

test('a controller that stands still is replaced within 10 s', async () => {
  const pid = await system.controllerPid()
  process.kill(pid, 'SIGSTOP')
  await until(
    'another one decides calls',
    async () => {
      const { status } = await system.get('/readyz')
      return status === 200 && (await system.controllerPid()) !== pid
    },
    { limitSeconds: 18 },
  )
  await system.expectNothingLeft()
})
