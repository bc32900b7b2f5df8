import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { loseController, replaceController } from '../../rig/asterisk-console.js'
import { numbers } from '../../rig/site-text.js'
import { until } from '../../rig/until.js'
import { Estate, type Phones, startEstate } from '../forwarding/estate.js'

let estate: Estate
let phones: Phones

beforeAll(async () => {
  const site = { lines: { alice: 'outgoing: { international: true }' } }
  ;({ estate, phones } = await startEstate('up', site))
})
afterEach(() => estate.silence())
afterAll(() => estate.system.close())

/** Alice calls abroad and hangs up as soon as it rings; `true` when it did. */
async function rings(): Promise<boolean> {
  const call = await phones.alice.dial('004930123456')
  const ringing = await until(
    'it rings, or is over',
    () => {
      const mine = phones.alice.calls().find(({ id }) => id === call.id)
      if (mine?.state === 'ended') return 'refused'
      const waits = phones.carrier.calls().some(({ state }) => state === 'ringing')
      return waits ? 'rings' : undefined
    },
    { limitSeconds: 12 },
  )
  await estate.silence()
  return ringing === 'rings'
}

const run = (...argv: readonly string[]) =>
  estate.system.run(...argv, '--dir', estate.system.state)

test('the sixth call abroad within a minute closes the class, and it stays closed', async () => {
  const calls: boolean[] = []
  for (let call = 1; call <= 6; call += 1) calls.push(await rings())
  expect(calls).toEqual([true, true, true, true, true, false])
  await replaceController(estate.system)
  expect(await rings()).toBe(false)
  // What every plan covers, and emergency calls, go on.
  await phones.alice.dial('0612345678')
  await phones.carrier.ringing()
  await estate.silence()
  await phones.alice.dial('112')
  await phones.carrier.ringing()
})

test('an administrator reopens it', async () => {
  const { exitCode, stdout } = await run('reopen', numbers.alice)
  expect([exitCode, stdout]).toEqual([0, `${numbers.alice}: open again\n`])
  expect(await rings()).toBe(true)
  const journal = await estate.system.get(`/api/v1/lines/${numbers.alice}/journal`)
  expect(JSON.stringify(journal.body)).toContain('"limits"')
})

test('closed, it is closed without controller too', async () => {
  const calls: boolean[] = []
  for (let call = 1; call <= 6; call += 1) calls.push(await rings())
  expect(calls).toContain(false)
  await loseController(estate.system)
  estate = new Estate(estate.system, 'gone')
  expect(await rings()).toBe(false)
})
