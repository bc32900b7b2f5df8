import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, statfsSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { leaveMessage, SPEAKS_HZ } from '../asterisk/voicemail/messages.js'
import { consoleOf } from '../rig/asterisk-console.js'
import type { Phone } from '../rig/baresip.js'
import { numbers } from '../rig/site-text.js'
import type { System } from '../rig/system.js'
import { until } from '../rig/until.js'
import { again } from './again.js'
import type { Estate } from './estate.js'
import { type Experiment, type Outcome, type Setting, zeros } from './experiment.js'
import { onEstate } from './shared-estate.js'

/** What is written to a disk of its own, and how one knows whether it is. */
interface Writing {
  readonly name: string
  readonly what: string
  readonly folder: string
  readonly target: string
  readonly sizeMb: number
  /** Those who have files open find them on the new disk from here on. */
  reopen(system: System): Promise<void>
  /** Tries to write once; whether it is there, or refused as it should be. */
  write(estate: Estate, carrier: Phone): Promise<'written' | 'refused'>
  /** Whether what is refused must be told: a change is, a line of the log is not. */
  readonly tells: boolean
}

const LINE = numbers.bob

const store: Writing = {
  name: 'disk-full-store',
  what: 'the store',
  folder: 'store',
  target: '0 lost; a change is refused with 503, nothing to restart when there is room',
  sizeMb: 24,
  tells: true,
  reopen: reopenStore,
  write: async ({ system }) => {
    const status = await changeSetting(system)
    if (status !== 200 && status !== 503) throw new Error(`a change: ${status}`)
    return status === 200 ? 'written' : 'refused'
  },
}

const voicemail: Writing = {
  name: 'disk-full-voicemail',
  what: 'the messages of voicemail',
  folder: 'spool',
  target: '0 lost; a call to a box ends, messages are kept again when there is room',
  sizeMb: 8,
  tells: false,
  reopen: () => Promise.resolve(),
  write: async ({ system }, carrier) => {
    try {
      await leaveMessage(system, carrier, numbers.alice)
      return 'written'
    } catch {
      await carrier.hangupAll()
      return 'refused'
    }
  },
}

const log: Writing = {
  name: 'disk-full-log',
  what: 'the logs of Asterisk and the book of calls',
  folder: 'log',
  target: '0 lost; changes are taken, lines of the log come again when there is room',
  sizeMb: 8,
  tells: false,
  reopen: async (system) => {
    await consoleOf(system, 'logger reload')
  },
  write: async (estate) => {
    const file = join(estate.system.state, 'log/security.log')
    const size = (): number => (existsSync(file) ? statSync(file).size : 0)
    const before = size()
    const [line = ''] = estate.limits.keys()
    await estate.registerAt(estate.phones, [line])
    await pause(100)
    return size() > before ? 'written' : 'refused'
  },
}

function fullDisk(writing: Writing): Experiment {
  const { name, what, target } = writing
  return {
    name,
    goals: 'R08 F13',
    fault: `${what} on a small disk of its own, filled to the last byte at random moments`,
    target,
    quick: false,
    run: (setting) =>
      onEstate(setting, (estate) => onSmallDisk(setting, estate, writing), {
        alone: true,
      }),
  }
}

async function onSmallDisk(
  setting: Setting,
  estate: Estate,
  writing: Writing,
): Promise<Outcome> {
  const { system } = estate
  const folder = join(system.state, writing.folder)
  const mounted = mountOver(folder, writing.sizeMb)
  if (!mounted) return { pass: false, measured: { skipped: 'tmpfs cannot be mounted' } }
  try {
    await writing.reopen(system)
    const carrier = await system.carrier({ toneHz: SPEAKS_HZ })
    let [fillings, refusals, taken, recoveredMs] = [0, 0, 0, 0]
    const load = setting.sized(
      { rate: 4, seconds: 60, talkMs: 1_500 },
      { rate: 10, seconds: 300, talkMs: 2_000 },
      { rate: 15, seconds: 900, talkMs: 8_000 },
    )
    const verdict = await estate.underLoad(load, async (calls) => {
      const times = setting.sized(1, 2, 3)
      fillings = await again(setting, calls, times, [500, 2_500], async () => {
        fill(folder)
        const endsAt = Date.now() + setting.random.between(3_000, 9_000)
        do {
          const came = await writing.write(estate, carrier)
          if (came === 'refused') refusals += 1
          else taken += 1
          await pause(200)
        } while (Date.now() < endsAt)
        rmSync(join(folder, FILLING))
        const freeAt = Date.now()
        await until(
          'it is written again',
          async () => (await writing.write(estate, carrier)) === 'written',
          { limitSeconds: 60 },
        )
        recoveredMs = Math.max(recoveredMs, Date.now() - freeAt)
      })
    })
    const told = !writing.tells || refusals > 0
    return {
      pass: zeros(verdict) && fillings > 0 && told,
      measured: { fillings, refusals, taken, recoveredMs, ...verdict },
    }
  } finally {
    unmount(folder)
  }
}

/** A disk in memory over a folder, with what is in the folder and whose it is. */
export function mountOver(folder: string, sizeMb: number): boolean {
  const kept = mkdtempSync(join(tmpdir(), 'lk-kept-'))
  try {
    spawnSync('cp', ['-a', `${folder}/.`, kept])
    const argv = ['-t', 'tmpfs', '-o', `size=${sizeMb}m`, 'tmpfs', folder]
    if (spawnSync('mount', argv).status !== 0) return false
    spawnSync('cp', ['-a', `${kept}/.`, folder])
    return true
  } finally {
    rmSync(kept, { recursive: true, force: true })
  }
}

export const FILLING = 'filling'

/** What was there before is there again. */
export function unmount(folder: string): void {
  spawnSync('umount', ['-l', folder])
}

/** Another controller, with what is now in the folder of the store. */
export async function reopenStore(system: System): Promise<void> {
  const pid = await system.controllerPid()
  process.kill(pid, 'SIGKILL')
  await until(
    'another controller decides',
    async () =>
      (await system.get('/readyz')).status === 200 &&
      (await system.controllerPid()) !== pid,
    { limitSeconds: 20 },
  )
}

export function fill(folder: string): void {
  const { bavail, bsize } = statfsSync(folder)
  const of = `of=${join(folder, FILLING)}`
  spawnSync('dd', ['if=/dev/zero', of, `bs=${bsize}`, `count=${bavail + 10}`])
}

/** The answer to a change that is another one each time. */
async function changeSetting(system: System): Promise<number> {
  const response = await fetch(
    `http://${system.network.system}:8080/api/v1/lines/${LINE}/settings`,
    {
      method: 'PATCH',
      headers: {
        authorization: `Bearer ${system.token()}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ hideNumber: Math.random() < 0.5 }),
    },
  )
  await response.arrayBuffer()
  return response.status
}

export const diskFull = [store, voicemail, log].map(fullDisk)
