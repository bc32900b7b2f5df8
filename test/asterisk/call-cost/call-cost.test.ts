import { afterAll, beforeAll, expect, test } from 'vitest'
import { numbers } from '../../rig/site-text.js'
import { type System, startSystem } from '../../rig/system.js'
import { until } from '../../rig/until.js'

/**
 * What a normal call costs the controller. Their number is what loads Asterisk
 * (performance §5), so it may only fall.
 */
const COST = { requests: 1, events: 8, bytes: 4_600 }
const CALLS = 10

let system: System

beforeAll(async () => {
  system = await startSystem()
})
afterAll(() => system.close())

test(`a call costs ${COST.requests} request and at most ${COST.events} events`, async () => {
  const alice = await system.phone('alice')
  const bob = await system.phone('bob', { answersAll: true })
  const before = await cost()
  for (let call = 0; call < CALLS; call++) {
    const dialled = await alice.dial(numbers.bob)
    await alice.talking(dialled)
    await alice.hangup(dialled)
    await until('Bob is rid of it', () =>
      bob.calls().every(({ state }) => state === 'ended'),
    )
  }
  await system.expectNothingLeft()
  const after = await cost()
  const perCall = (name: keyof typeof COST) => (after[name] - before[name]) / CALLS
  expect(perCall('requests')).toBe(COST.requests)
  expect(perCall('events')).toBeLessThanOrEqual(COST.events)
  expect(perCall('bytes')).toBeLessThanOrEqual(COST.bytes)
})

async function cost(): Promise<typeof COST> {
  const text = await (
    await fetch(`http://${system.network.system}:8080/metrics`, {
      headers: { authorization: `Bearer ${system.token()}` },
    })
  ).text()
  const value = (line: RegExp): number => Number(line.exec(text)?.[1] ?? 0)
  return {
    requests: value(/request_duration_seconds_count\{request="answer"\} (\d+)/),
    events: value(/ari_events_total (\d+)/),
    bytes: value(/ari_event_bytes_total (\d+)/),
  }
}
