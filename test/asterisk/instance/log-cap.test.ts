import { readdirSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { capLogs } from '../../../src/instance/log-cap.js'
import { locateAsterisk } from '../../../src/instance/package.js'
import { rx } from '../../../src/instance/remote-console.js'
import { chooseUser } from '../../../src/instance/user.js'
import { expectShortened } from '../../rig/scanned.js'
import { type System, startSystem } from '../../rig/system.js'
import { until } from '../../rig/until.js'

let system: System

beforeAll(async () => {
  system = await startSystem()
})
afterAll(() => system.close())

test('a log of Asterisk that is too long is put aside, and only three of those are kept', async () => {
  const folder = join(system.state, 'log')
  const instance = {
    package: await locateAsterisk({}),
    configFile: join(system.state, 'etc/current/asterisk.conf'),
    runDir: join(system.state, 'run'),
    user: chooseUser(),
  }
  const reopen = (): Promise<unknown> => rx(instance, 'logger reload')
  const log = join(folder, 'messages.log')
  expect(await capLogs(folder, reopen)).toBe(false)
  for (let old = 0; old < 6; old++) {
    writeFileSync(`${log}.${old}`, '')
    utimesSync(`${log}.${old}`, old + 1, old + 1)
  }
  truncateSync(log, 60 * 1024 * 1024)
  expect(await capLogs(folder, reopen)).toBe(true)
  await until('another one is begun', () => statSync(log).size < 1_000_000)
  const aside = readdirSync(folder).filter((name) => /^messages\.log\.\d+$/.test(name))
  expect(aside).toHaveLength(3)
  expect(aside.some((name) => statSync(join(folder, name)).size > 50_000_000)).toBe(true)
})

test('of a long security log what matters is kept, and Asterisk begins another', () =>
  expectShortened(join(system.state, 'log')))
