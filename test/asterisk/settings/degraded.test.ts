import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { loseController } from '../../rig/asterisk-console.js'
import type { Phone } from '../../rig/baresip.js'
import { numbers } from '../../rig/site-text.js'
import { type System, startSystem } from '../../rig/system.js'
import { patch, settingsOf } from './changing.js'

const { alice: ALICE, bob: BOB, carol: CAROL } = numbers

/** What was confirmed holds, whoever decides the next call (decision 4). */
describe('settings changed over the API, then no controller', () => {
  let system: System
  let alice: Phone
  let bob: Phone
  let carol: Phone
  let carrier: Phone

  beforeAll(async () => {
    system = await startSystem({
      lines: { bob: `forwarding: { unconditional: { to: "${ALICE}" } }` },
    })
    alice = await system.phone('alice')
    bob = await system.phone('bob')
    carol = await system.phone('carol')
    carrier = await system.carrier()
    const changes = [
      [ALICE, { forwarding: { unconditional: { to: '0612345678' } } }],
      [BOB, { forwarding: { unconditional: null }, intercom: true, hideNumber: true }],
      [CAROL, { doNotDisturb: true }],
    ] as const
    for (const [number, change] of changes) {
      expect(await patch(system, number, change)).toMatchObject({
        ...{ status: 200, body: { applied: true } },
      })
    }
    await loseController(system)
  })
  afterEach(async () => {
    await system.hangUpEverything()
    await system.expectNoChannelLeft()
  })
  afterAll(() => system.close())

  test('a forward that was set is taken', async () => {
    await bob.dial(ALICE)
    await carrier.ringing()
    expect(alice.calls()).toEqual([])
  })

  test('a forward that was cleared is not', async () => {
    await carol.dial(BOB)
    await bob.ringing()
  })

  test('do not disturb is obeyed', async () => {
    const call = await bob.dial(CAROL)
    expect((await bob.ended(call)).reason).toContain('480')
    expect(carol.calls().filter(({ direction }) => direction === 'incoming')).toEqual([])
  })

  test('a line that hides its number is anonymous to the carrier', async () => {
    await bob.dial('0612345678')
    expect((await carrier.ringing()).peer).toContain('anonymous')
  })

  test('the next controller has them as well', async () => {
    await system.up()
    expect(await settingsOf(system, CAROL)).toMatchObject({ doNotDisturb: true })
    await bob.dial(ALICE)
    await carrier.ringing()
    await system.hangUpEverything()
    await system.expectNothingLeft()
  })
})
