import { afterEach, describe, expect, test } from 'vitest'
import { numbers } from '../../rig/site-text.js'
import { until } from '../../rig/until.js'
import { type Subscribers, startAt } from './subscriber.js'

let site: Subscribers
afterEach(() => site.system.close())

interface Clock {
  readonly clock: { readonly now: string; readonly rehearsed: boolean }
}

async function clock(): Promise<Clock['clock']> {
  return ((await site.system.get('/api/v1/status')).body as Clock).clock
}

describe('fewer calls', () => {
  test('come at midnight of 1 February; running calls are kept (row 16)', async () => {
    site = await startAt('2026-01-20T12:00:00+01:00', { lines: { alice: 'calls: 4' } })
    await site.run(`calls-change ${numbers.alice} 3`)
    await site.restartAt('2026-01-31T23:50:00+01:00')
    const alice = await site.system.phone('alice')
    const bob = await site.system.phone('bob')
    const carrier = await site.system.carrier()
    for (const _ of ['first', 'second']) {
      await site.connect(bob, numbers.alice, alice)
      await site.connect(carrier, site.dialIn('alice'), alice)
    }
    await site.expectInUse('alice', 4)

    // The month ends while they talk: another `up` takes the calls over and the year on.
    await site.system.killUp()
    await site.upAt('2026-01-31T23:59:54+01:00')
    expect(await site.limit('alice')).toBe(4)
    await until('it is February', async () => (await site.limit('alice')) === 3, {
      limitSeconds: 15,
    })
    expect((await clock()).now).toMatch(/^2026-01-31T23:00:0\d/)
    await site.expectInUse('alice', 4)
    expect(await site.mirroredLimit('alice')).toContain('Value: 3')

    await bob.hangup()
    await site.expectInUse('alice', 3)
    const refused = await carrier.dial(site.dialIn('alice'))
    expect((await carrier.ended(refused)).reason).toContain('486')
    await site.silence()
  })
})

describe('a plan change', () => {
  test('comes with the renewal, not before, and can be cancelled (rows 17 to 19, 21)', async () => {
    site = await startAt('2026-01-31T23:50:00+01:00')
    const plan = async () =>
      ((await site.system.line('carol')) as unknown as { plan: string }).plan
    expect(
      (await site.run(`plan-change ${numbers.alice} decouverte`, 4)).stderr,
    ).toContain('cannot become decouverte')
    await site.run(`plan-change ${numbers.carol} affaires`)
    await site.run(`plan-change ${numbers.carol} --cancel`)
    const again = await site.run(`plan-change ${numbers.carol} --cancel`, 4)
    expect(again.stderr).toContain('no plan change waits')
    await site.run(`plan-change ${numbers.carol} affaires`)

    // Before the renewal: one call, and no order.
    const carol = await site.system.phone('carol')
    const bob = await site.system.phone('bob')
    const carrier = await site.system.carrier()
    await site.connect(bob, numbers.carol, carol)
    const refused = await carrier.dial(site.dialIn('carol'))
    expect((await carrier.ended(refused)).reason).toContain('486')
    const order = await site.run(`calls-change ${numbers.carol} 3 --accept-terms`, 4)
    expect(order.stderr).toContain('possible from 2026-02-01, with the plan affaires')

    // Asterisk and the call live on over the renewal, at which nobody runs.
    await site.system.killUp()
    await site.upAt('2026-02-02T08:00:00+01:00')
    expect(await plan()).toBe('affaires')
    await carrier.dial(site.dialIn('carol'))
    await carol.ringing()
    await site.expectInUse('carol', 2)
    await carol.accept()
    const late = await site.run(`plan-change ${numbers.carol} --cancel`, 4)
    expect(late.stderr).toContain('one that came stays')

    await site.pay(await site.order('carol', 3))
    await carrier.dial(site.dialIn('carol'))
    await carol.ringing()
    await site.expectInUse('carol', 3)
    const { stdout } = await site.run(`journal ${numbers.carol}`)
    expect(stdout).toContain('"effective":"2026-01-31T23:00:00.000Z"')
    await site.silence()
  })

  test('of several lines says what became of each (row 20)', async () => {
    const dora = '0033972100009'
    site = await startAt('2026-01-10T10:00:00+01:00', {
      moreLines: { [dora]: 'plan: decouverte' },
    })
    const lines = [numbers.carol, dora, numbers.bob].join(' ')
    const ended = await site.run(`plan-change ${lines} affaires`, 4)
    expect(ended.stdout).toMatch(
      new RegExp(
        `^${numbers.carol}  affaires from 2026-02-01 on\n${dora}  affaires from 2026-02-01 on\n$`,
      ),
    )
    expect(ended.stderr).toContain(`${numbers.bob}  refused: the plan entreprise`)
  })
})

describe('a rehearsed calendar', () => {
  test('is said so by the status, and goes on after the controller was killed', async () => {
    site = await startAt('2026-06-30T23:00:00+02:00')
    const before = await clock()
    expect(before).toMatchObject({ rehearsed: true })
    expect(before.now).toMatch(/^2026-06-30T21:00:/)
    const pid = await site.system.controllerPid()
    await site.system.killController()
    await until(
      'there is another controller',
      async () => (await site.system.controllerPid()) !== pid,
      { limitSeconds: 10 },
    )
    const after = await clock()
    expect(after.rehearsed).toBe(true)
    expect(Date.parse(after.now)).toBeGreaterThanOrEqual(Date.parse(before.now))
    expect(after.now).toMatch(/^2026-06-30T21:0/)
  })

  test('of no instant ends up with 5', async () => {
    site = await startAt('2026-06-30T23:00:00+02:00')
    await site.system.down()
    site.system.environment = { LINEKEEPER_CLOCK: '2026-06-30 23:00' }
    await expect(site.system.up()).rejects.toThrow(/up ended with 5/)
    expect(site.system.log()).toContain('clock.format')
  })
})
