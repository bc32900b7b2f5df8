import { afterAll, beforeAll, expect, test } from 'vitest'
import { loseController } from '../../rig/asterisk-console.js'
import type { Phone } from '../../rig/baresip.js'
import { promptsPlayed, writeDownPrompts } from '../../rig/played.js'
import { numbers } from '../../rig/site-text.js'
import { type System, startSystem } from '../../rig/system.js'
import { until } from '../../rig/until.js'

const SAID = 'lk-do-not-disturb (en)'

let system: System
let alice: Phone
let carrier: Phone

beforeAll(async () => {
  system = await startSystem({ lines: { carol: 'language: en\ndoNotDisturb: true' } })
  alice = await system.phone('alice')
  carrier = await system.carrier()
  await writeDownPrompts(system)
})
afterAll(() => system?.close())

test('whoever calls a line hears it speak its own language', async () => {
  await bothHearIt()
  await system.expectNothingLeft()
})

test('and the same while the controller is away', async () => {
  await loseController(system)
  await bothHearIt()
  await system.expectNoChannelLeft()
})

/** The site and Alice speak French, and are told in English by Carol's line. */
async function bothHearIt(): Promise<void> {
  const before = promptsPlayed(system).length
  const outside = await carrier.dial(
    `sip:+${numbers.carol.slice(2)}@${system.network.system}`,
  )
  expect((await carrier.ended(outside, 15)).reason).toContain('480')
  const inside = await alice.dial(numbers.carol)
  expect((await alice.ended(inside, 15)).reason).toContain('480')
  await until('both prompts are written down', () => {
    return promptsPlayed(system, before).length >= 2
  })
  expect(promptsPlayed(system, before)).toEqual([SAID, SAID])
}
