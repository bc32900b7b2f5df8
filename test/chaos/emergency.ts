import { emergencyNumbersOf } from '../../src/model/emergency.js'
import { until } from '../rig/until.js'
import type { Estate } from './estate.js'
import type { Experiment, Outcome, Setting } from './experiment.js'
import { type Hostile, hostileStates, type World } from './hostile-states.js'
import { percentile } from './judge.js'
import { onEstate } from './shared-estate.js'

/** How long each call took to the carrier, and those that did not come or came as others. */
interface Dialled {
  readonly waits: number[]
  readonly missed: string[]
}

const everyState: Experiment = {
  name: 'emergency',
  goals: 'R11',
  fault: 'emergency numbers dialled in every hostile state of a line and of the system',
  target: '100 % reach the carrier; p99 ≤ 500 ms to its INVITE',
  quick: true,
  run: (setting) => onEstate(setting, (estate) => inEvery(setting, estate)),
}

async function inEvery(setting: Setting, estate: Estate): Promise<Outcome> {
  const { system } = estate
  const carol = await system.phone('carol')
  const bob = await system.phone('bob')
  const carrier = await system.carrier()
  const world = { estate, system, carol, bob, carrier }
  const all = emergencyNumbersOf('FR')
  const dialled: Dialled = { waits: [], missed: [] }
  const skipped: string[] = []
  let states = 0
  for (const hostile of hostileStates) {
    if (hostile.long && setting.size === 'quick') continue
    const one = [setting.random.pick(all) ?? '112']
    const numbers = setting.sized(one, [...one, '112', '15'], all)
    const failed = await inOne(world, hostile, numbers, dialled)
    if (failed === undefined) states += 1
    else skipped.push(`${hostile.state}: ${failed}`)
    setting.tell(`${states} states`)
  }
  for (const phone of [carol, bob, carrier]) await phone.hangupAll()
  const { waits, missed } = dialled
  waits.sort((a, b) => a - b)
  const p99Ms = percentile(waits, 0.99)
  // Beside other tests the clock says more about them than about us.
  const inTime = setting.size === 'quick' || p99Ms <= 500
  return {
    pass: missed.length + skipped.length === 0 && inTime,
    measured: {
      ...{ states, dialled: waits.length + missed.length },
      ...{ missed: missed.join('; ') || 0, p50Ms: percentile(waits, 0.5), p99Ms },
      ...(skipped.length > 0 && { skipped: skipped.join('; ') }),
    },
  }
}

/** Dials each number in one state; tells why it could not get there, if it could not. */
async function inOne(
  world: World,
  { state, begin, end }: Hostile,
  numbers: readonly string[],
  { waits, missed }: Dialled,
): Promise<string | undefined> {
  const { carol, bob, carrier } = world
  try {
    await begin?.(world)
    const before = carrier.sip().length
    for (const number of numbers) {
      const wait = await reached(world, number)
      if (wait === undefined) missed.push(`${number} (${state})`)
      else waits.push(wait)
    }
    const invited = carrier
      .sip()
      .slice(before)
      .flatMap(({ text }) => /^INVITE sip:(\d+)@/.exec(text)?.[1] ?? [])
    const others = numbers.filter((number) => !invited.includes(number))
    missed.push(...others.map((number) => `${number} came as another (${state})`))
    return undefined
  } catch (error) {
    return (error instanceof Error ? error.message : String(error)).slice(0, 150)
  } finally {
    await carol.hangupAll()
    await bob.hangupAll()
    await end?.(world)
  }
}

/** Milliseconds until the carrier's phone rings; undefined: it does not in 5 s. */
async function reached({ carol, carrier }: World, number: string) {
  const dialledAt = Date.now()
  const mine = await carol.dial(number)
  try {
    const call = await carrier.ringing()
    const wait = Date.now() - dialledAt
    await carrier.hangup(call)
    return wait
  } catch {
    return undefined
  } finally {
    await carol.hangup(mine).catch(() => undefined)
    await until('the carrier is free', () =>
      carrier.calls().every(({ state }) => state !== 'ringing'),
    )
  }
}

export const emergency = [everyState]
