import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { numbers } from '../../rig/site-text.js'
import { hears } from '../../rig/tone.js'
import { until } from '../../rig/until.js'
import {
  controllers,
  type Estate,
  type Phones,
  startEstate,
} from '../forwarding/estate.js'

const PIN = '4718'
const { bob } = numbers

describe.each(controllers)('a locked phone, controller %s', (controller) => {
  let estate: Estate
  let phones: Phones

  beforeAll(async () => {
    const alice = `lock: { pin: "${PIN}", active: true }
voicemail: { pin: "824613" }`
    ;({ estate, phones } = await startEstate(controller, { lines: { alice } }))
  })
  afterEach(() => estate.silence())
  afterAll(() => estate.system.close())

  test('emergency calls pass', async () => {
    await phones.alice.dial('112')
    await phones.carrier.ringing()
  })

  test('123 passes', async () => {
    const call = await phones.alice.dial('123')
    await phones.alice.talking(call)
  })

  test('it rings when it is called', async () => {
    await phones.bob.dial(numbers.alice)
    await phones.alice.ringing()
  })

  if (controller === 'gone') {
    test.each([bob, '0612345678', '7001', `3691${bob}`])(
      'without controller nobody can check the PIN: %s is refused',
      async (dialled) => {
        const call = await phones.alice.dial(dialled)
        expect((await phones.alice.ended(call, 15)).reason).toContain('403')
      },
    )
    return
  }

  test('the PIN lets one call out, and the next is asked again', async () => {
    const call = await phones.alice.dial('0612345678')
    await phones.alice.talking(call)
    await phones.alice.dtmf(`${PIN}#`, call)
    await phones.carrier.accept(await phones.carrier.ringing(10))
    await until('Alice hears the other side', () => hears(phones.alice.heard(), 1300))
    await phones.alice.hangup(call)
    const next = await phones.alice.dial(bob)
    await phones.alice.talking(next)
    expect(phones.bob.calls().filter(({ state }) => state === 'ringing')).toEqual([])
  })

  test('F24 without # the PIN is taken after five seconds', async () => {
    const call = await phones.alice.dial(bob)
    await phones.alice.talking(call)
    await phones.alice.dtmf(PIN, call)
    await phones.bob.ringing(12)
  })

  test('F24 twenty digits, nothing and letters: refused at the third try, and nobody rings', async () => {
    const call = await phones.alice.dial(bob)
    await phones.alice.talking(call)
    await phones.alice.dtmf(`${'1'.repeat(20)}#`, call)
    await until('it is asked again', () => asked(estate) === 2, { limitSeconds: 15 })
    await phones.alice.dtmf('#', call)
    await until('it is asked again', () => asked(estate) === 3, { limitSeconds: 15 })
    await phones.alice.dtmf('AB12#', call)
    await phones.alice.ended(call, 20)
    expect(phones.bob.calls().filter(({ state }) => state === 'ringing')).toEqual([])
    await estate.expectInUse(numbers.alice, 0)
  })

  test('no log has seen the PIN', () => {
    const logs = join(estate.system.state, 'log')
    const written = readdirSync(logs, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
    expect([estate.system.log(), ...written].join('')).not.toContain(PIN)
  })
})

/** How often the PIN was asked for in the call that is up. */
function asked({ system }: Estate): number {
  const last = system.log().lastIndexOf('"nthTry":1')
  return system.log().slice(last).split('"nthTry":').length - 1
}
