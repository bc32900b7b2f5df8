import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, openSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { claimNetwork } from '../../rig/ports.js'
import { program } from '../../rig/program.js'
import { numbers } from '../../rig/site-text.js'
import { System } from '../../rig/system.js'
import { until } from '../../rig/until.js'
import { ask, bearerOf } from '../api/asking.js'
import { plans } from './subscriber.js'

/*
 * A year of the back office, month by month, each with a controller of its own whose
 * calendar begins in it. No Asterisk runs: contracts need none.
 */

interface Contract {
  readonly plan: string
  readonly calls: { readonly limit: number }
}

let system: System
let controller: ChildProcess | undefined

beforeEach(async () => {
  system = new System(await claimNetwork(), mkdtempSync(join(tmpdir(), 'lk-year-')))
  system.writeSite(plans)
  const apply = ['apply', system.siteFile, '--offline', '--yes', '--dir', system.state]
  const applied = await system.run(...apply)
  expect(applied, applied.stderr).toMatchObject({ exitCode: 0 })
})
afterEach(async () => {
  await end('SIGTERM')
  await system.close()
})

async function beginAt(clock: string): Promise<void> {
  const site = join(system.state, 'etc/current/site.yaml')
  controller = spawn(process.execPath, [program, 'run', site, '--dir', system.state], {
    env: { ...process.env, LINEKEEPER_CLOCK: clock },
    stdio: ['ignore', 'ignore', openSync(join(system.dir, 'controller.log'), 'a')],
  })
  await until(
    'the controller answers',
    async () => (await system.get('/healthz')).status,
    {
      limitSeconds: 20,
      saw: () => readFileSync(join(system.dir, 'controller.log'), 'utf8').slice(-2000),
    },
  )
}

async function end(signal: NodeJS.Signals): Promise<void> {
  const ending = controller
  controller = undefined
  if (!ending) return
  ending.kill(signal)
  await until(
    'it has ended',
    () => ending.exitCode !== null || ending.signalCode !== null,
  )
}

async function post(path: string, body: object = {}): Promise<{ id?: string }> {
  const { status, text } = await ask(system, `/api/v1/${path}`, {
    method: 'POST',
    headers: { ...bearerOf(system), 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  expect(status, text).toBeLessThan(300)
  return JSON.parse(text) as { id?: string }
}

async function contractOf(line: string): Promise<string> {
  const { body } = await system.get(`/api/v1/lines/${line}/contract`)
  const { plan, calls } = body as Contract
  return `${plan} ${calls.limit}`
}

test('a rehearsed year: what each month asked for is there in the next, once', async () => {
  const { bob, carol } = numbers
  const seen: string[] = []
  for (let month = 1; month <= 12; month += 1) {
    const mm = String(month).padStart(2, '0')
    await beginAt(`2026-${mm}-15T12:00:00Z`)
    const now = await contractOf(bob)
    seen.push(`${mm} ${now} | ${await contractOf(carol)}`)
    const calls = Number(now.split(' ')[1])
    const more = month % 4 === 1
    const wanted = { calls: more ? calls + 4 : calls - 1, termsAccepted: more }
    const { id } = await post(`lines/${bob}/calls-change`, wanted)
    if (more) await post(`orders/${id}/pay`)
    if (month === 6) await post(`lines/${carol}/plan-change`, { plan: 'affaires' })
    await end(month % 2 === 0 ? 'SIGKILL' : 'SIGTERM')
  }
  expect(seen).toEqual([
    '01 entreprise 2 | decouverte 1',
    '02 entreprise 6 | decouverte 1',
    '03 entreprise 5 | decouverte 1',
    '04 entreprise 4 | decouverte 1',
    '05 entreprise 3 | decouverte 1',
    '06 entreprise 7 | decouverte 1',
    '07 entreprise 6 | affaires 2',
    '08 entreprise 5 | affaires 2',
    '09 entreprise 4 | affaires 2',
    '10 entreprise 8 | affaires 2',
    '11 entreprise 7 | affaires 2',
    '12 entreprise 6 | affaires 2',
  ])
})

test.each([
  ['1970-01-01T00:00:10Z', false],
  ['2026-07-01T12:00:00Z', true],
  ['2099-06-01T12:00:00Z', false],
])(
  'C09 the clock says %s: contracts work, and what cannot be right is told of',
  async (clock, plausible) => {
    await beginAt(clock)
    const { id } = await post(`lines/${numbers.bob}/calls-change`, {
      ...{ calls: 6, termsAccepted: true },
    })
    await post(`orders/${id}/pay`)
    expect(await contractOf(numbers.bob)).toBe('entreprise 6')
    const { body } = await system.get('/api/v1/status')
    expect(body).toMatchObject({ clock: { rehearsed: true, plausible } })
    const log = readFileSync(join(system.dir, 'controller.log'), 'utf8')
    expect(log.includes('the clock cannot be right')).toBe(!plausible)
  },
)
