import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { consoleOf } from '../rig/asterisk-console.js'
import type { Phone } from '../rig/baresip.js'
import { numbers } from '../rig/site-text.js'
import type { System } from '../rig/system.js'
import { until } from '../rig/until.js'
import { FILLING, fill, mountOver, reopenStore, unmount } from './disk-full.js'
import type { Estate } from './estate.js'
import type { Traffic } from './traffic.js'

/** What stands between a line and help, and how it is put there and taken away. */
export interface Hostile {
  readonly state: string
  /** It takes seconds to get there: not beside the other tests. */
  readonly long?: boolean
  readonly begin?: (world: World) => Promise<void>
  readonly end?: (world: World) => Promise<void>
}

export interface World {
  readonly estate: Estate
  readonly system: System
  readonly carol: Phone
  readonly bob: Phone
  readonly carrier: Phone
}

const CAROL = numbers.carol

/** A change of Carol's settings, as she would make it herself. */
function set(state: string, on: object, off: object): Hostile {
  return {
    state,
    begin: ({ system }) => change(system, on),
    end: ({ system }) => change(system, off),
  }
}

function forwarding(kind: string, target: object): Hostile {
  const on = { forwarding: { [kind]: target } }
  return set(`forwarded: ${kind}`, on, { forwarding: { [kind]: null } })
}

function barred(state: string, filter: object): Hostile {
  const off = { filters: { outgoing: null } }
  return set(state, { filters: { outgoing: filter } }, off)
}

/** The controller writes it anew each second. */
function heartbeat(state: string, value: string): Hostile {
  return {
    state,
    begin: async ({ system }) => {
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

async function signalled(system: System, signal: NodeJS.Signals): Promise<number> {
  const pid = await system.controllerPid()
  process.kill(pid, signal)
  return pid
}

/** A controller that stands still, for so long before the call is made. */
function frozen(state: string, forMs: number): Hostile {
  let pid = 0
  return {
    state,
    begin: async ({ system }) => {
      pid = await signalled(system, 'SIGSTOP')
      await pause(forMs)
    },
    end: async ({ estate }) => {
      process.kill(pid, 'SIGCONT')
      await estate.decides()
    },
  }
}

const decides: Hostile['end'] = async ({ estate }) => {
  await estate.decides()
}

/** Calls to all lines, far more than there can be at once. */
function overload(rate: number): Hostile {
  let calls: Traffic | undefined
  return {
    state: `${rate} calls a second besides`,
    long: true,
    begin: async ({ estate }) => {
      calls = estate.call({ rate, seconds: 60, talkMs: 300 })
      await pause(1_000)
    },
    end: async ({ estate }) => {
      calls?.stop()
      await calls?.finished(30)
      await estate.settled(30)
    },
  }
}

/** Dials, and hangs up as soon as it is told what came of it. */
async function dialled(phone: Phone, number: string): Promise<void> {
  const { id } = await phone.dial(number)
  const mine = () => phone.calls().find((call) => call.id === id)
  const call = await until(`${number} is answered`, () => {
    const now = mine()
    return now && ['talking', 'ended'].includes(now.state) ? now : undefined
  })
  if (call.state === 'talking') await phone.hangup(call)
  await phone.ended(call)
}

const settings: readonly Hostile[] = [
  set('do not disturb', { doNotDisturb: true }, { doNotDisturb: false }),
  set('absent', { absent: true }, { absent: false }),
  set('number hidden', { hideNumber: true }, { hideNumber: false }),
  set('anonymous callers refused', { rejectAnonymous: true }, { rejectAnonymous: false }),
  set('intercom', { intercom: true }, { intercom: false }),
  set('no beep', { callWaiting: { beep: 'off' } }, { callWaiting: { beep: 'server' } }),
  forwarding('unconditional', { to: '0612345678' }),
  forwarding('busy', { to: '0612345678' }),
  forwarding('noAnswer', { after: 5, to: '0612345678' }),
  forwarding('unreachable', { to: '0612345678' }),
  barred('a white list of nobody', { mode: 'white', entries: [] }),
  barred('a black list of what begins with 1', { mode: 'black', entries: ['1*', '0*'] }),
  set('locked', { lock: { active: true, pin: '4711' } }, { lock: { active: false } }),
]

const calls: readonly Hostile[] = [
  { state: 'nothing in the way' },
  {
    state: 'the limit of calls reached',
    begin: async ({ carol, bob }) => {
      await carol.dial('0972100002')
      await bob.ringing()
    },
  },
  {
    state: 'in conversation',
    begin: async ({ carol, bob }) => {
      await carol.dial('0972100002')
      await bob.accept(await bob.ringing())
      await carol.talking()
    },
  },
  {
    state: 'called, and ringing',
    begin: async ({ carol, bob }) => {
      await bob.dial('0972100003')
      await carol.ringing()
    },
  },
  {
    state: 'an emergency call there already',
    begin: async ({ carol, carrier }) => {
      await carol.dial('112')
      await carrier.accept(await carrier.ringing())
    },
    end: ({ carrier }) => carrier.hangupAll(),
  },
  {
    state: 'shut by wrong PINs',
    long: true,
    begin: async ({ system, carol }) => {
      await change(system, { lock: { active: true, pin: '4711' } })
      for (let wrong = 0; wrong < 6; wrong++) await dialled(carol, '#33*1379#')
    },
    end: ({ system }) => change(system, { lock: { active: false, pin: '4712' } }),
  },
  {
    state: 'closed by too many calls abroad',
    long: true,
    begin: async ({ carol, carrier }) => {
      for (let call = 0; call < 5; call++) {
        const mine = await carol.dial('004930123456')
        await carrier.ringing()
        await carol.hangup(mine)
        await carol.ended(mine)
        await until('the carrier is rid of it', () =>
          carrier.calls().every(({ state }) => state === 'ended'),
        )
      }
      await dialled(carol, '004930123456')
    },
  },
  overload(100),
]

const faults: readonly Hostile[] = [
  heartbeat('the heartbeat lies in the future', '99999999999'),
  heartbeat('the heartbeat is no number', 'x'),
  {
    state: 'controller killed',
    begin: async ({ system }) => {
      await signalled(system, 'SIGKILL')
    },
    end: decides,
  },
  frozen('controller frozen, heartbeat still fresh', 0),
  frozen('controller frozen, heartbeat stale', 4_500),
  {
    state: 'Asterisk reloading',
    begin: ({ system }) => {
      void consoleOf(system, 'module reload res_pjsip.so')
      void consoleOf(system, 'dialplan reload')
      return Promise.resolve()
    },
  },
  {
    state: 'controller reloading the site',
    begin: async ({ system }) => {
      await signalled(system, 'SIGHUP')
    },
  },
  {
    state: 'the scheduler late: both stopped for a moment',
    begin: async ({ system }) => {
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
    begin: async ({ system }) => {
      for (const family of ['lk_line', 'lk_out', 'lk_group']) {
        await consoleOf(system, `database deltree ${family}`)
      }
      await signalled(system, 'SIGKILL')
    },
    end: decides,
  },
  {
    state: 'Asterisk killed, and back a moment ago',
    long: true,
    begin: async ({ system, estate }) => {
      const pid = system.asteriskPid()
      process.kill(pid, 'SIGKILL')
      await until('Asterisk is another', () => system.asteriskPid() !== pid, {
        limitSeconds: 20,
      })
      await estate.decides()
    },
  },
  {
    state: 'the disk of the store full',
    long: true,
    begin: async ({ system }) => {
      const store = join(system.state, 'store')
      if (!mountOver(store, 24)) throw new Error('tmpfs cannot be mounted')
      await reopenStore(system)
      fill(store)
    },
    end: async ({ system }) => {
      const store = join(system.state, 'store')
      rmSync(join(store, FILLING), { force: true })
      unmount(store)
      await reopenStore(system)
    },
  },
]

export const hostileStates: readonly Hostile[] = [...calls, ...settings, ...faults]
