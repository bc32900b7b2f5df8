import { afterAll, beforeAll, expect, test } from 'vitest'
import { numbers } from '../../rig/site-text.js'
import { until } from '../../rig/until.js'
import { ask, bearerOf } from '../api/asking.js'
import { type Subscribers, startAt } from './subscriber.js'

const ROUNDS = 8

let site: Subscribers
beforeAll(async () => {
  site = await startAt('2026-01-10T10:00:00+01:00')
})
afterAll(() => site.system.close())

async function post(path: string, body: object = {}): Promise<{ id: string }> {
  const { status, text } = await ask(site.system, `/api/v1/${path}`, {
    method: 'POST',
    headers: { ...bearerOf(site.system), 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  expect(status, text).toBeLessThan(300)
  return JSON.parse(text) as { id: string }
}

test('orders are applied once, wherever the controller was killed while they were paid', async () => {
  const { system } = site
  for (let round = 0; round < ROUNDS; round += 1) {
    const wanted = { calls: 3 + round, termsAccepted: true }
    const { id } = await post(`lines/${numbers.bob}/calls-change`, wanted)
    const pid = await system.controllerPid()
    const paying = [1, 2, 3].map(() => post(`orders/${id}/pay`).catch(() => undefined))
    // Earlier than they can arrive, while they are written, after they were.
    await new Promise((resolve) => setTimeout(resolve, round * 2))
    process.kill(pid, 'SIGKILL')
    await Promise.all(paying)
    await until(
      'another controller is ready',
      async () => {
        const { status } = await system.get('/readyz').catch(() => ({ status: 0 }))
        return status === 200 && (await system.controllerPid()) !== pid
      },
      { limitSeconds: 20 },
    )
    await post(`orders/${id}/pay`)
    expect(await site.limit('bob')).toBe(3 + round)
    expect(await site.mirroredLimit('bob')).toContain(`Value: ${3 + round}`)
  }
  const { body } = await system.get(`/api/v1/lines/${numbers.bob}/journal`)
  const changes = (body as { key: string }[]).filter(({ key }) => key === 'contract')
  expect(changes).toHaveLength(ROUNDS)
  await system.expectNothingLeft()
})
