import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Estate, startEstate } from '../../chaos/estate.js'
import { reconnects } from '../../chaos/reconnecting.js'
import { Random } from '../../simulation/random.js'

/* What the controller makes of a bad connection to a good Asterisk (F07). */

let estate: Estate

beforeAll(async () => {
  estate = await startEstate(4, new Random(7))
  await estate.putBetween()
})
beforeEach(async () => {
  Object.assign(estate.ari.faults, { cutAnswers: 0, loseTypes: [] })
  await estate.decides()
})
afterAll(() => estate.close())

test('what is cut while a connection begins costs no more than another try', async () => {
  for (const cutAnswers of [1, 2, 3, 4]) {
    estate.ari.faults.cutAnswers = cutAnswers
    const backMs = await reconnects(estate, () => estate.ari.cutAfter(0))
    expect(estate.ari.faults.cutAnswers).toBe(0)
    expect(backMs).toBeLessThan(2_000)
  }
})

test('a connection that is cut while it begins is not begun with again', async () => {
  for (const ms of [0, 10, 20, 40, 80, 160]) {
    estate.ari.cutAfter(0)
    await pause(100 + ms)
    expect(await reconnects(estate, () => estate.ari.cutAfter(0))).toBeLessThan(2_000)
  }
})

test('a connection that carries nothing more, and says nothing, is replaced', async () => {
  expect(await reconnects(estate, () => estate.ari.deaden())).toBeLessThan(5_000)
})

test('nobody answers for a while, not even the handshake', async () => {
  const silent = (): void => {
    estate.ari.hush()
    setTimeout(() => estate.ari.speak(), 6_000)
  }
  expect(await reconnects(estate, silent)).toBeLessThan(6_000 + 2_000)
})

test('an Asterisk that stood still is served again', async () => {
  const pid = estate.system.asteriskPid()
  const frozen = async (): Promise<void> => {
    process.kill(pid, 'SIGSTOP')
    await pause(6_000)
    process.kill(pid, 'SIGCONT')
  }
  expect(await reconnects(estate, frozen)).toBeLessThan(5_000)
})
