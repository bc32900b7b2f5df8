import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Estate, startEstate } from '../../chaos/estate.js'
import { reconnects } from '../../chaos/reconnecting.js'
import { until } from '../../rig/until.js'
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

test.each([
  ['ChannelCreated', 'a leg that nobody told of counts'],
  ['ChannelDestroyed', 'an end that nobody told of frees its slot'],
])('E03 %s is lost: %s within 5 s', async (type) => {
  estate.ari.faults.loseTypes = [type]
  const calls = estate.call({ rate: 10, seconds: 0.4, talkMs: 6_500 })
  await pause(5_000)
  const talking = await slotsOfAsterisk(estate)
  expect(talking).toBeGreaterThan(0)
  expect(await estate.slotsInUse()).toBe(talking)
  await calls.finished(20)
  const ended = Date.now()
  const isFree = async () => (await estate.slotsInUse()) === 0
  await until('every slot is free', isFree, { limitSeconds: 6 })
  expect(Date.now() - ended).toBeLessThan(5_000)
  await calls.close()
})

/** Legs of lines in Asterisk's own list. */
async function slotsOfAsterisk({ system }: Estate): Promise<number> {
  const channels = (await system.ari('channels')) as { name: string }[]
  return channels.filter(({ name }) => /^PJSIP\/\d+-/.test(name)).length
}
