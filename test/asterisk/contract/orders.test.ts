import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { Phone } from '../../rig/baresip.js'
import { numbers } from '../../rig/site-text.js'
import { type Subscribers, startAt } from './subscriber.js'

let site: Subscribers
let alice: Phone
let bob: Phone
let carrier: Phone

beforeAll(async () => {
  site = await startAt('2026-01-10T10:00:00+01:00', { lines: { bob: 'calls: 1' } })
  alice = await site.system.phone('alice')
  bob = await site.system.phone('bob')
  carrier = await site.system.carrier()
})
afterEach(() => site.silence())
afterAll(() => site.system.close())

test('an order changes nothing until it is paid; then the next call rings (rows 11, 12)', async () => {
  const id = await site.order('bob', 2)
  await site.connect(alice, numbers.bob, bob)
  const refused = await carrier.dial(site.dialIn('bob'))
  expect((await carrier.ended(refused)).reason).toContain('486')

  const pid = await site.system.controllerPid()
  await site.pay(id)
  expect(await site.mirroredLimit('bob')).toContain('Value: 2')
  await carrier.dial(site.dialIn('bob'))
  await bob.ringing()
  await site.expectInUse('bob', 2)
  expect(await site.system.controllerPid()).toBe(pid)

  // Said twice, it counts once.
  await site.pay(id)
  expect(await site.limit('bob')).toBe(2)
})

test('an order needs the terms, a plan that has room, and a price (rows 13 to 15)', async () => {
  const { stderr } = await site.run(`calls-change ${numbers.alice} 5`, 4)
  expect(stderr).toContain('accept the general conditions')
  const before = (await site.run('orders --json')).stdout
  const hint = await site.run(`calls-change ${numbers.carol} 2 --accept-terms`, 4)
  expect(hint.stderr).toContain('change to affaires first')
  expect((await site.run('orders --json')).stdout).toBe(before)

  const { stdout } = await site.run(`calls-change ${numbers.alice} 5 --accept-terms`)
  expect(stdout).toContain('3 more, 3.00 € a month excl. VAT')
})

test('a hundred alias numbers cost 100.00 €, one more is refused (row 50)', async () => {
  const { stdout } = await site.run('order aliases 100 --accept-terms --json')
  expect(JSON.parse(stdout)).toMatchObject({ count: 100, price: { total: '100.00' } })
  const { stderr } = await site.run('order aliases 101 --accept-terms', 4)
  expect(stderr).toContain('1 to 100 numbers')
})

test('what is paid outlives the controller and its machine', async () => {
  const id = await site.order('bob', 4)
  await site.pay(id)
  await site.system.killController()
  await site.restartAt('2026-01-20T10:00:00+01:00')
  expect(await site.limit('bob')).toBe(4)
  expect(await site.mirroredLimit('bob')).toContain('Value: 4')
  // The site file says 1, and does not take back what was paid for, unless it is told to.
  const { siteFile } = site.system
  const kept = `${numbers.bob}  calls: 4 (file: 1)`
  expect((await site.run(`plan ${siteFile}`)).stdout).toContain(kept)
  await site.run(`apply ${siteFile} --yes`)
  expect(await site.limit('bob')).toBe(4)
  await site.run(`apply ${siteFile} --yes --reset-contracts ${numbers.alice}`)
  expect(await site.limit('bob')).toBe(4)
  const reset = await site.run(`apply ${siteFile} --yes --reset-contracts`)
  expect(reset.stderr).toContain('1 lines are as the site file says again')
  expect(await site.limit('bob')).toBe(1)
  expect(await site.mirroredLimit('bob')).toContain('Value: 1')
})
