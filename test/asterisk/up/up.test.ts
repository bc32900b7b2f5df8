import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { numbers } from '../../rig/site-text.js'
import { type System, startSystem } from '../../rig/system.js'
import { until } from '../../rig/until.js'

const systems: System[] = []
afterEach(async () => {
  for (const system of systems.splice(0)) await system.close()
})

async function start(): Promise<System> {
  const system = await startSystem()
  systems.push(system)
  return system
}

test('two systems run side by side, and do not know each other’s lines', async () => {
  const [here, there] = [await start(), await start()]
  await here.phone('alice')
  const bob = await there.phone('bob')
  expect((await there.line('alice')).registered).toBe(false)
  const call = await bob.dial(numbers.alice)
  expect((await bob.ended(call)).reason).toContain('480')
  await here.expectNothingLeft()
  await there.expectNothingLeft()
})

test('a second `up` on the same folder is refused and names the first', async () => {
  const system = await start()
  const second = await system.run('up', system.siteFile, '--dir', system.state)
  expect(second.exitCode).toBe(5)
  expect(second.stderr).toMatch(/up\.lock.*process \d+/)
  await system.expectNothingLeft()
})

test('SIGTERM ends everything within 5 s, with exit code 0', async () => {
  const system = await start()
  const asterisk = system.asteriskPid()
  const began = Date.now()
  expect(await system.down()).toBe(0)
  expect(Date.now() - began).toBeLessThan(5_000)
  await until('Asterisk is gone', () => !existsSync(`/proc/${asterisk}/exe`))
})

test('Asterisk is killed: it is started again and calls are decided', async () => {
  const system = await start()
  const asterisk = system.asteriskPid()
  process.kill(asterisk, 'SIGKILL')
  await until('another Asterisk runs', () => system.asteriskPid() !== asterisk, {
    limitSeconds: 10,
  })
  await until(
    'the controller is connected again',
    async () => (await system.get('/readyz')).status === 200,
    { limitSeconds: 10 },
  )
  const alice = await system.phone('alice')
  const bob = await system.phone('bob')
  await alice.dial(numbers.bob)
  await bob.ringing()
  await system.hangUpEverything()
  await system.expectNothingLeft()
})

test('Asterisk does not run as root, and secrets are readable by their owners only', async () => {
  const system = await start()
  expect(statSync(`/proc/${system.asteriskPid()}`).uid).not.toBe(0)
  for (const [file, mode] of [
    ['api-token', 0o600],
    ['secrets.json', 0o600],
    ['etc/current/pjsip_auth.conf', 0o640],
    ['etc/current/manager.conf', 0o640],
    ['etc/current/ari.conf', 0o640],
  ] as const) {
    expect(statSync(join(system.state, file)).mode & 0o777, file).toBe(mode)
  }
  await system.expectNothingLeft()
})

test('no secret is in the log, on the command lines or in what the API says', async () => {
  const system = await start()
  await system.phone('alice')
  const said = [
    system.log(),
    JSON.stringify(await system.get('/api/v1/lines')),
    JSON.stringify(await system.get('/api/v1/status')),
    (await system.run('plan', system.siteFile, '--dir', system.state)).stdout,
  ].join('\n')
  expect(said).not.toMatch(/k7Vw2mXq9sLd4RtY|Zt5nB8uHc3JpW6eA|q4Gf7yRk2DxN9vMs/)
  await system.expectNothingLeft()
})
