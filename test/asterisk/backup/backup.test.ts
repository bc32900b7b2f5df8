import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Phone } from '../../rig/baresip.js'
import { numbers } from '../../rig/site-text.js'
import { type Ended, type System, startSystem } from '../../rig/system.js'
import { until } from '../../rig/until.js'

let system: System
let alice: Phone
let bob: Phone

beforeAll(async () => {
  system = await startSystem({
    lines: {
      bob: 'voicemail: { pin: "824613" }\nforwarding: { noAnswer: { after: 5, to: voicemail } }',
    },
  })
  alice = await system.phone('alice', { toneHz: 440 })
  bob = await system.phone('bob')
})
afterAll(() => system.close())

const backupFile = (): string => join(system.dir, 'backup.tar.gz')

function json({ stdout }: Ended): Record<string, unknown> {
  return JSON.parse(stdout) as Record<string, unknown>
}

async function callsKept(): Promise<number> {
  const { body } = await system.get('/api/v1/cdr')
  return (body as unknown[]).length
}

test('a backup of a running system, wiped and restored, telephones again', async () => {
  await alice.dial(numbers.bob)
  await bob.accept(await bob.ringing())
  await alice.talking()
  // Records are written once a second.
  await until('the call is on record', async () => (await callsKept()) === 1)
  const saved = await system.run('backup', backupFile(), '--dir', system.state, '--json')
  expect(saved).toMatchObject({ exitCode: 0, stderr: '' })
  await system.hangUpEverything()
  await system.expectNothingLeft()

  // Nothing is put into a system that runs.
  const restore = (...more: string[]) =>
    system.run('restore', backupFile(), '--dir', system.state, '--json', ...more)
  expect(await restore()).toMatchObject({ exitCode: 4 })
  expect(await restore('--replace')).toMatchObject({ exitCode: 5 })

  const token = system.token()
  expect(await system.down()).toBe(0)
  const begun = Date.now()
  const restored = await restore('--replace')
  expect(restored).toMatchObject({ exitCode: 0, stderr: '' })
  expect(json(restored)['replaced']).toContain(system.state)
  await system.up()
  // R22: five minutes.
  expect(Date.now() - begun).toBeLessThan(60_000)
  expect(system.token()).toBe(token)
  // The call of the backup went on then, so it is ended as one whose end was not heard.
  await until('the call is there', async () => (await callsKept()) === 1)

  await until(
    'the phones are registered again',
    async () => {
      const { body } = await system.get('/api/v1/lines')
      const lines = body as { number: string; registered: boolean }[]
      return lines.filter(({ registered }) => registered).length === 2
    },
    { limitSeconds: 70 },
  )
  await alice.dial(numbers.bob)
  await bob.accept(await bob.ringing())
  await alice.talking()
  await system.hangUpEverything()
  await system.expectNothingLeft()
})

test('a damaged backup changes nothing', async () => {
  writeFileSync(join(system.dir, 'damaged'), 'this is no backup')
  const target = join(system.dir, 'elsewhere')
  const ended = await system.run('restore', join(system.dir, 'damaged'), '--dir', target)
  expect(ended).toMatchObject({ exitCode: 1 })
  expect(ended.stderr).toContain('restore.damaged')
})

test('retention deletes call records by age', async () => {
  const retention = (...more: string[]) =>
    system.run('retention', '--dir', system.state, '--json', ...more)
  expect(json(await retention('--cdr-days', '1', '--dry-run'))).toMatchObject({
    calls: 0,
  })
  expect(await retention('--log-days', '1', '--voicemail-days', '30')).toMatchObject({
    exitCode: 0,
  })
  expect(await retention('--cdr-days', '0')).toMatchObject({ exitCode: 64 })
  expect(await callsKept()).toBeGreaterThan(0)
})
