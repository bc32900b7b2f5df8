import { afterAll, beforeAll, expect, test } from 'vitest'
import { loseController } from '../../rig/asterisk-console.js'
import type { Phone } from '../../rig/baresip.js'
import { writeDownPrompts } from '../../rig/played.js'
import { numbers } from '../../rig/site-text.js'
import { type System, startSystem } from '../../rig/system.js'
import { expectHeard } from './handset.js'

let system: System
let alice: Phone
let bob: Phone
let carrier: Phone

beforeAll(async () => {
  system = await startSystem()
  await writeDownPrompts(system)
  alice = await system.phone('alice')
  bob = await system.phone('bob')
  carrier = await system.carrier()
})
afterAll(() => system.close())

const callAlice = () =>
  carrier.dial(`sip:+${numbers.alice.slice(2)}@${system.network.system}`)

test('F15 the controller is away: calls go where the code said, other codes are refused at once', async () => {
  await expectHeard(system, alice, '*21*0972100002#', 'cfu-on')
  await loseController(system)
  const begun = Date.now()
  const call = await alice.dial('#21#')
  await alice.talking(call)
  expect(Date.now() - begun).toBeLessThan(1_000)
  await alice.hangup(call)
  await expectHeard(system, alice, '#21#', 'codes-unavailable')
  await callAlice()
  await bob.ringing()
  await system.hangUpEverything()
  await system.expectNoChannelLeft()
})

test('it comes back, by itself or with everything: what the code changed is still so', async () => {
  await system.up()
  await callAlice()
  await bob.ringing()
  await system.hangUpEverything()
  await system.expectNothingLeft()
  expect(await system.down()).toBe(0)
  await system.up()
  const { body } = await system.get(`/api/v1/lines/${numbers.alice}`)
  expect(body).toMatchObject({
    settings: { forwarding: { unconditional: { to: numbers.bob } } },
  })
})
