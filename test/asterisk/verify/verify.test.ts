import { afterAll, beforeAll, expect, test } from 'vitest'
import { numbers } from '../../rig/site-text.js'
import { type System, startSystem } from '../../rig/system.js'

let system: System
const [first, second, single] = ['0033972100098', '0033972100099', '0033972100097']

beforeAll(async () => {
  system = await startSystem({
    moreLines: {
      [first]: 'calls: 3',
      [second]: 'calls: 2\nvoicemail: { pin: "824613" }',
      [single]: 'calls: 1',
    },
  })
})
afterAll(() => system.close())

const verify = (from: string, to: string) =>
  system.run('verify', '--from', from, '--to', to, '--dir', system.state, '--json')

test('canary calls on a running site go well, in less than 20 s, and leave nothing', async () => {
  const begun = Date.now()
  const { exitCode, stdout, stderr } = await verify(first, second)
  const { ok, steps } = JSON.parse(stdout) as {
    ok: boolean
    steps: { step: string; outcome: string; detail: string }[]
  }
  expect({ steps: steps.filter(({ outcome }) => outcome !== 'ok'), stderr }).toEqual({
    steps: [],
    stderr: '',
  })
  expect(steps.map(({ step }) => step)).toEqual([
    ...['register', 'call', 'limit', 'forward', 'nothing left'],
  ])
  expect({ ok, exitCode }).toEqual({ ok: true, exitCode: 0 })
  expect(steps[2]?.detail).toContain('486')
  expect(Date.now() - begun).toBeLessThan(20_000)
  const line = (await system.lineNumbered(second)) as unknown as {
    registered: boolean
    settings: { forwarding: { unconditional: unknown } }
  }
  expect(line.settings.forwarding.unconditional).toBeNull()
  await system.expectNothingLeft()
})

test('the caller’s own limit is refused with 503; without voicemail no forward is tried', async () => {
  const { exitCode, stdout } = await verify(single, first)
  expect({ exitCode, stdout }).toMatchObject({ exitCode: 0 })
  expect(stdout).toContain('refused with 503')
  expect(stdout).toContain('skipped')
  await system.expectNothingLeft()
})

test('a line with a phone is left alone', async () => {
  await system.phone('alice')
  expect(await verify(first, numbers.alice)).toMatchObject({ exitCode: 4 })
  expect(await verify(first, '0612345678')).toMatchObject({ exitCode: 64 })
})
