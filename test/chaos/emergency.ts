import { setTimeout as pause } from 'node:timers/promises'
import { emergencyNumbersOf } from '../../src/model/emergency.js'
import { consoleOf } from '../rig/asterisk-console.js'
import type { Phone } from '../rig/baresip.js'
import { type System, startSystem } from '../rig/system.js'
import { until } from '../rig/until.js'
import type { Experiment, Setting } from './experiment.js'

/** What stands between a line and help, and how it is put there and taken away. */
interface Hostile {
  readonly state: string
  readonly begin?: (system: System, phones: Phones) => Promise<void>
  readonly end?: (system: System, phones: Phones) => Promise<void>
}

interface Phones {
  readonly carol: Phone
  readonly bob: Phone
  readonly carrier: Phone
}

const CAROL = '0033972100003'

/** A change of Carol's settings, as she would make it herself. */
function set(state: string, on: object, off: object): Hostile {
  return {
    state,
    begin: (system) => change(system, on),
    end: (system) => change(system, off),
  }
}

function forwarding(kind: string, target: object): Hostile {
  const on = { forwarding: { [kind]: target } }
  return set(`forwarded: ${kind}`, on, { forwarding: { [kind]: null } })
}

/** The controller writes it anew each second. */
function variable(state: string, value: string): Hostile {
  return {
    state,
    begin: async (system) => {
      await consoleOf(system, `dialplan set global LK_HB ${value}`)
    },
  }
}

async function change(system: System, settings: object): Promise<void> {
  const response = await fetch(
    `http://${system.network.system}:8080/api/v1/lines/${CAROL}/settings`,
    {
      method: 'PATCH',
      headers: {
        authorization: `Bearer ${system.token()}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify(settings),
    },
  )
  if (!response.ok)
    throw new Error(`settings: ${response.status} ${await response.text()}`)
}

async function signalled(system: System, signal: NodeJS.Signals): Promise<void> {
  process.kill(await system.controllerPid(), signal)
}

let frozen = 0

const states: readonly Hostile[] = [
  { state: 'nothing in the way' },
  {
    state: 'the limit of calls reached',
    begin: async (_system, { carol, bob }) => {
      await carol.dial('0972100002')
      await bob.ringing()
    },
  },
  set('do not disturb', { doNotDisturb: true }, { doNotDisturb: false }),
  set('absent', { absent: true }, { absent: false }),
  set('number hidden', { hideNumber: true }, { hideNumber: false }),
  set(
    'all calls forwarded',
    { forwarding: { unconditional: { to: '0612345678' } } },
    { forwarding: { unconditional: null } },
  ),
  set(
    'anonymous callers rejected',
    { rejectAnonymous: true },
    { rejectAnonymous: false },
  ),
  set('intercom', { intercom: true }, { intercom: false }),
  set('no beep', { callWaiting: { beep: 'off' } }, { callWaiting: { beep: 'server' } }),
  forwarding('busy', { to: '0612345678' }),
  forwarding('noAnswer', { after: 5, to: '0612345678' }),
  forwarding('unreachable', { to: '0612345678' }),
  {
    state: 'in conversation',
    begin: async (_system, { carol, bob }) => {
      await carol.dial('0972100002')
      await bob.accept(await bob.ringing())
      await carol.talking()
    },
  },
  {
    state: 'called, and ringing',
    begin: async (_system, { carol, bob }) => {
      await bob.dial('0972100003')
      await carol.ringing()
    },
  },
  variable('the heartbeat lies in the future', '99999999999'),
  variable('the heartbeat is no number', 'x'),
  set('locked', { lock: { active: true, pin: '4711' } }, { lock: { active: false } }),
  {
    state: 'controller killed',
    begin: (system) => signalled(system, 'SIGKILL'),
    end: decides,
  },
  {
    state: 'controller frozen, heartbeat still fresh',
    begin: async (system) => {
      frozen = await system.controllerPid()
      process.kill(frozen, 'SIGSTOP')
    },
    end: async (system) => {
      process.kill(frozen, 'SIGCONT')
      await decides(system)
    },
  },
  {
    state: 'controller frozen, heartbeat stale',
    begin: async (system) => {
      frozen = await system.controllerPid()
      process.kill(frozen, 'SIGSTOP')
      await pause(4_500)
    },
    end: async (system) => {
      process.kill(frozen, 'SIGCONT')
      await decides(system)
    },
  },
  {
    state: 'Asterisk reloading',
    begin: (system) => {
      void consoleOf(system, 'module reload res_pjsip.so')
      void consoleOf(system, 'dialplan reload')
      return Promise.resolve()
    },
  },
  {
    state: 'controller reloading the site',
    begin: (system) => signalled(system, 'SIGHUP'),
  },
  {
    state: 'the scheduler late: both stopped for a moment',
    begin: async (system) => {
      const pids = [await system.controllerPid(), system.asteriskPid()]
      for (const pid of pids) process.kill(pid, 'SIGSTOP')
      setTimeout(() => {
        for (const pid of pids) process.kill(pid, 'SIGCONT')
      }, 150)
    },
    end: decides,
  },
  {
    state: 'AstDB emptied of every setting',
    begin: async (system) => {
      for (const family of ['lk_line', 'lk_out', 'lk_group']) {
        await consoleOf(system, `database deltree ${family}`)
      }
      await signalled(system, 'SIGKILL')
    },
    end: decides,
  },
]

async function decides(system: System): Promise<void> {
  await until(
    'calls are decided',
    async () => (await system.get('/readyz')).status === 200,
    {
      limitSeconds: 20,
    },
  )
}

const everyState: Experiment = {
  name: 'emergency',
  goals: 'R11',
  fault: 'emergency numbers dialled in every hostile state of a line and of the system',
  target: '100 % reach the carrier; p99 ≤ 500 ms to its INVITE',
  quick: true,
  run: async (setting) => {
    const system = await startSystem({ lines: { carol: 'calls: 1' } })
    try {
      const carol = await system.phone('carol')
      const bob = await system.phone('bob')
      const carrier = await system.carrier()
      return await dialAll(setting, system, { carol, bob, carrier })
    } finally {
      await system.close()
    }
  },
}

async function dialAll(
  { sized, random }: Setting,
  system: System,
  phones: Phones,
): ReturnType<Experiment['run']> {
  const all = emergencyNumbersOf('FR')
  const [waits, missed, skipped]: [number[], string[], string[]] = [[], [], []]
  for (const { state, begin, end } of states) {
    const numbers = sized([random.pick(all) ?? '112', '112'], all, all)
    try {
      await begin?.(system, phones)
    } catch (error) {
      // A service that this version does not have cannot stand in the way.
      skipped.push(`${state}: ${error instanceof Error ? error.message : ''}`)
      continue
    }
    for (const number of numbers) {
      const dialledAt = Date.now()
      const arrived = await reached(phones, number)
      if (arrived === undefined) missed.push(`${number} (${state})`)
      else waits.push(arrived - dialledAt)
      for (const call of phones.carrier.calls()) {
        if (call.state !== 'ended') await phones.carrier.hangup(call)
      }
    }
    await phones.carol.hangupAll()
    await phones.bob.hangupAll()
    await end?.(system, phones)
  }
  waits.sort((a, b) => a - b)
  const p99Ms = waits[Math.min(waits.length - 1, Math.floor(waits.length * 0.99))] ?? 0
  return {
    pass: missed.length === 0 && p99Ms <= 500,
    measured: {
      states: states.length - skipped.length,
      dialled: waits.length + missed.length,
      missed: missed.join('; ') || 0,
      p99Ms,
      skipped: skipped.join('; ') || 0,
    },
  }
}

/** When the carrier's phone rang for this number; undefined: it did not in 5 s. */
async function reached(
  { carol, carrier }: Phones,
  number: string,
): Promise<number | undefined> {
  const before = carrier.sip().length
  await carol.dial(number)
  try {
    await until('it arrives', () =>
      carrier
        .sip()
        .slice(before)
        .some(({ text }) => text.startsWith(`INVITE sip:${number}@`)),
    )
    return Date.now()
  } catch {
    return undefined
  }
}

export const emergency = [everyState]
