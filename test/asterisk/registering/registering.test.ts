import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { startPhone } from '../../rig/baresip.js'
import { alias, numbers, passwords } from '../../rig/site-text.js'
import { type System, startSystem } from '../../rig/system.js'
import { until } from '../../rig/until.js'

let system: System

beforeAll(async () => {
  system = await startSystem()
})
afterEach(() => system.expectNothingLeft())
afterAll(() => system.close())

test('a line registers with its number and password', async () => {
  await system.phone('alice')
  await until('Alice is registered', async () => (await system.line('alice')).registered)
  expect((await system.line('bob')).registered).toBe(false)
})

test('a phone registers and calls over TCP', async () => {
  const carol = await startPhone({
    number: numbers.carol,
    password: passwords.carol,
    server: system.network.system,
    address: system.network.peer(43),
    transport: 'tcp',
  })
  await carol.registered()
  await until('Carol is registered', async () => (await system.line('carol')).registered)
  const dialled = await carol.dial(numbers.bob)
  expect((await carol.ended(dialled)).reason).toContain('480')
  await carol.close()
})

test('after a restart of Asterisk the phones are known again at once', async () => {
  await until('Alice is registered', async () => (await system.line('alice')).registered)
  const registeredAt = Date.now()
  // Asterisk writes AstDB, where contacts are kept, to the disk once a second.
  await until('it is on the disk', () => Date.now() - registeredAt > 2_500)
  const pid = system.asteriskPid()
  process.kill(pid, 'SIGKILL')
  await until('another Asterisk runs', () => system.asteriskPid() !== pid, {
    limitSeconds: 20,
  })
  // By itself it asks each phone at a random moment of its first minute.
  await until('Alice is known', async () => (await system.line('alice')).registered, {
    limitSeconds: 10,
  })
})

test('a wrong password does not register', async () => {
  const wrong = await startPhone({
    number: numbers.bob,
    password: 'not-the-password',
    server: system.network.system,
    address: system.network.peer(40),
  })
  await until('the phone is refused', () => /\b40[13]\b/.test(finalAnswers(wrong.log())))
  expect((await system.line('bob')).registered).toBe(false)
  await wrong.close()
})

test('an alias cannot register, even with the password of its line', async () => {
  const phone = await startPhone({
    number: alias,
    password: passwords.alice,
    server: system.network.system,
    address: system.network.peer(41),
  })
  await until('the phone is refused', () => /\b40[134]\b/.test(finalAnswers(phone.log())))
  await phone.close()
})

test('S33 a second phone of the same line replaces the first', async () => {
  const bob = await system.phone('bob')
  const second = await startPhone({
    number: numbers.bob,
    password: passwords.bob,
    server: system.network.system,
    address: system.network.peer(42),
  })
  await second.registered()
  const carol = await system.phone('carol')
  await carol.dial(numbers.bob)
  await second.ringing()
  expect(bob.calls().filter(({ direction }) => direction === 'incoming')).toEqual([])
  await system.hangUpEverything()
  await second.close()
})

/** What came back last: the first 401 is only the challenge. */
function finalAnswers(log: string): string {
  const answers = [...log.matchAll(/SIP\/2\.0 (\d{3})/g)].map(([, code]) => code)
  return answers.slice(1).join(' ')
}
