import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Phone } from '../../rig/baresip.js'
import { headerValues } from '../../rig/sip-trace.js'
import { numbers, type SiteChanges } from '../../rig/site-text.js'
import { type System, startSystem } from '../../rig/system.js'
import { hears, type Stretch, toneStretches } from '../../rig/tone.js'
import { until } from '../../rig/until.js'

/** The French call-waiting tone, as indications.conf has it. */
const BEEP_HZ = 440

let system: System
let alice: Phone
let bob: Phone
let carol: Phone
let carrier: Phone

/** Nobody's microphone has 440 Hz, so that the beep is the only one who has. */
async function startPhones(changes: SiteChanges): Promise<void> {
  system = await startSystem(changes)
  alice = await system.phone('alice', { toneHz: 700, holdsOthers: false })
  bob = await system.phone('bob', { toneHz: 1000, obeysAutoAnswer: true })
  carol = await system.phone('carol', { toneHz: 1300 })
  carrier = await system.carrier({ toneHz: 1600 })
}

describe('the system beeps', () => {
  beforeAll(() =>
    startPhones({
      lines: {
        alice: 'calls: 3',
        bob: 'intercom: true\nforwarding: { noAnswer: { after: 5, to: "0612345678" } }',
      },
    }),
  )
  afterEach(nothingIsLeft)
  afterAll(() => system.close())

  test('300 ms of 440 Hz every 10 s, in the ear of the called line only', async () => {
    await talk(alice, bob)
    const since = Date.now()
    await carol.dial(numbers.alice)
    await alice.ringing()
    const beeps = await until(
      'Alice hears two beeps',
      () => heardBeeps(alice, since, 2),
      {
        limitSeconds: 14,
        saw: () => toneStretches(alice.heard(since), BEEP_HZ),
      },
    )
    const [first, second] = beeps
    expect(first?.fromSeconds).toBeLessThan(1)
    for (const beep of beeps) {
      expect(lasting(beep)).toBeGreaterThan(0.25)
      // Broken by a stall it is longer by that.
      expect(lasting(beep)).toBeLessThan(0.5)
    }
    expect((second?.fromSeconds ?? 0) - (first?.fromSeconds ?? 0)).toBeCloseTo(10.3, 0)
    expect(toneStretches(bob.heard(since), BEEP_HZ)).toEqual([])
    // Bob is heard all the while, the beep over him.
    expect(shareHeard(toneStretches(alice.heard(since), 1000))).toBeGreaterThan(0.95)
    expect(shareHeard(toneStretches(bob.heard(since), 700))).toBeGreaterThan(0.95)
  })

  test('until the waiting call is answered', async () => {
    await talk(alice, bob)
    await carol.dial(numbers.alice)
    const waiting = await alice.ringing()
    await beginsToBeep()
    await alice.accept(waiting)
    await alice.talking(waiting)
    await stopsBeeping()
  })

  test('until its caller gives up', async () => {
    await talk(alice, bob)
    await carol.dial(numbers.alice)
    await alice.ringing()
    await beginsToBeep()
    await carol.hangupAll()
    await stopsBeeping()
  })

  test('until it is refused', async () => {
    await talk(alice, bob)
    await carol.dial(numbers.alice)
    const waiting = await alice.ringing()
    await beginsToBeep()
    await alice.hangup(waiting)
    await stopsBeeping()
  })

  test('until it is forwarded', async () => {
    await talk(alice, bob)
    await carol.dial(numbers.bob)
    const since = Date.now()
    await bob.ringing()
    await beginsToBeep()
    await until('Bob hears it', () => hears(bob.heard(since), BEEP_HZ))
    await carrier.ringing(8)
    await stopsBeeping()
    expect(toneStretches(alice.heard(since), BEEP_HZ)).toEqual([])
  })

  test('until the talking call ends', async () => {
    const first = await talk(alice, bob)
    await carol.dial(numbers.alice)
    await alice.ringing()
    await beginsToBeep()
    await alice.hangup(first)
    await stopsBeeping()
  })

  test('not while the talking call is held, and again when it is not', async () => {
    const first = await talk(alice, bob)
    await carol.dial(numbers.alice)
    await alice.ringing()
    await beginsToBeep()
    await alice.hold(first)
    await stopsBeeping()
    const since = Date.now()
    await alice.resume(first)
    await beginsToBeep()
    await until('Alice hears it', () => hears(alice.heard(since), BEEP_HZ))
  })

  test('in every call that talks', async () => {
    await talk(alice, bob)
    await carol.dial(numbers.alice)
    const second = await alice.ringing()
    await alice.accept(second)
    await alice.talking(second)
    await until('Carol hears Alice', () => hears(carol.heard(), 700))
    const since = Date.now()
    await carrier.dial(`sip:+${numbers.alice.slice(2)}@${system.network.system}`)
    await alice.ringing()
    await until('two beeps', async () => (await beeps()).length === 2)
    await until(
      'both ears hear it',
      () => {
        const ears = alice
          .streams()
          .filter(({ samples }) => hears(samples, BEEP_HZ, { seconds: 0.1 }))
        return ears.length === 2
      },
      // The next one comes after ten seconds, should the machine have stalled in this one.
      { limitSeconds: 14 },
    )
    expect(toneStretches(bob.heard(since), BEEP_HZ)).toEqual([])
    expect(toneStretches(carol.heard(since), BEEP_HZ)).toEqual([])
    await carrier.hangupAll()
    await stopsBeeping()
  })

  test('never into an intercom call', async () => {
    await alice.dial(`3691${numbers.bob}`)
    await bob.talking()
    await alice.talking()
    const since = Date.now()
    await carol.dial(numbers.bob)
    await bob.ringing()
    await carrier.dial(`sip:+${numbers.alice.slice(2)}@${system.network.system}`)
    await alice.ringing()
    await until('Bob hears Alice', () => hears(bob.heard(since), 700, { seconds: 1 }))
    expect(await beeps()).toEqual([])
    expect(toneStretches(bob.heard(since), BEEP_HZ)).toEqual([])
    expect(toneStretches(alice.heard(since), BEEP_HZ)).toEqual([])
  })

  test('a controller that dies during a beep leaves none to its successor', async () => {
    const first = await talk(alice, bob)
    await carol.dial(numbers.alice)
    const waiting = await alice.ringing()
    await beginsToBeep()
    const pid = await system.controllerPid()
    await system.killController()
    await alice.accept(waiting)
    await alice.talking(waiting)
    await until('another controller decides calls', async () => {
      const { status, body } = await system.get('/readyz')
      return status === 200 && body && (await system.controllerPid()) !== pid
    })
    await stopsBeeping()
    await alice.hangup(first)
  })
})

describe.each(['phone', 'off'])('callWaiting.beep: %s', (setting) => {
  beforeAll(() =>
    startPhones({ lines: { alice: `callWaiting: { beep: "${setting}" }` } }),
  )
  afterEach(nothingIsLeft)
  afterAll(() => system.close())

  test('the INVITE is marked, and the system plays nothing', async () => {
    await talk(alice, bob)
    const since = Date.now()
    await carol.dial(numbers.alice)
    await alice.ringing()
    const invite = alice.sip().findLast(({ firstLine }) => firstLine.startsWith('INVITE'))
    expect(invite && headerValues(invite, 'Alert-Info')).toEqual([
      '<urn:alert:service:call-waiting>',
    ])
    await until('Bob is heard for two seconds', () =>
      hears(alice.heard(since), 1000, { seconds: 2 }),
    )
    expect(await beeps()).toEqual([])
    expect(toneStretches(alice.heard(since), BEEP_HZ)).toEqual([])
  })
})

async function nothingIsLeft(): Promise<void> {
  await system.hangUpEverything()
  await system.expectNothingLeft()
}

async function talk(from: Phone, to: Phone) {
  const since = Date.now()
  const call = await from.dial(to.options.number)
  await to.accept(await to.ringing())
  await from.talking(call)
  const hz = to.options.toneHz ?? 0
  await until('the caller hears the called', () => hears(from.heard(since), hz))
  return call
}

/** The snoop channels that beep. */
async function beeps(): Promise<string[]> {
  const channels = (await system.ari('channels')) as { name: string }[]
  return channels.map(({ name }) => name).filter((name) => name.startsWith('Snoop/'))
}

async function beginsToBeep(): Promise<void> {
  await until('it beeps', async () => (await beeps()).length > 0, { limitSeconds: 1 })
}

async function stopsBeeping(): Promise<void> {
  await until('no beep is left', async () => (await beeps()).length === 0, {
    limitSeconds: 1,
  })
}

/** The beeps that a phone has heard since a moment, once they are so many. */
function heardBeeps(phone: Phone, since: number, count: number): Stretch[] | undefined {
  const stretches = unbroken(toneStretches(phone.heard(since), BEEP_HZ))
  const last = stretches.at(-1)
  return stretches.length >= count && last && lasting(last) > 0.25 ? stretches : undefined
}

/** What a machine that stands still for a moment breaks is one beep: they are 10 s apart. */
function unbroken(stretches: readonly Stretch[]): Stretch[] {
  const whole: Stretch[] = []
  for (const each of stretches) {
    const last = whole.at(-1)
    if (last && each.fromSeconds - last.toSeconds < 0.25) last.toSeconds = each.toSeconds
    else whole.push({ ...each })
  }
  return whole
}

function lasting({ fromSeconds, toSeconds }: Stretch): number {
  return toSeconds - fromSeconds
}

/**
 * How much of the time, from its beginning to its end, a tone was heard: 1 is without a
 * gap. A virtual machine that stands still for a tenth of a second makes one in every ear.
 */
function shareHeard(stretches: readonly Stretch[]): number {
  const [first, last] = [stretches[0], stretches.at(-1)]
  if (!first || !last) return 0
  const heard = stretches.reduce((seconds, each) => seconds + lasting(each), 0)
  return heard / (last.toSeconds - first.fromSeconds)
}
