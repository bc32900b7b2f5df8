import { readFile } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { consoleOf } from '../rig/asterisk-console.js'
import { until } from '../rig/until.js'
import { again } from './again.js'
import type { Estate } from './estate.js'
import { type Experiment, zeros } from './experiment.js'
import type { Reset } from './judge.js'
import { onEstate } from './shared-estate.js'

const killed: Experiment = {
  name: 'asterisk-kill',
  goals: 'R04 R06 F04',
  fault: 'kill -9 of Asterisk under load',
  target:
    'its calls end (excused); service ≤ 10 s; from then on 0 lost, 0 wrongly refused, ' +
    '0 over the limit',
  quick: false,
  run: (setting) =>
    onEstate(setting, async (estate) => {
      const resets: Reset[] = []
      const load = setting.sized(
        { rate: 6, seconds: 60, talkMs: 1_500 },
        { rate: 10, seconds: 120, talkMs: 2_500 },
        { rate: 12, seconds: 900, talkMs: 4_000 },
      )
      const verdict = await estate.underLoad(
        load,
        async (calls) => {
          const times = setting.sized(1, 4, 30)
          await again(setting, calls, times, [1_500, 3_500], async () => {
            const at = Date.now()
            await killAndWait(estate)
            resets.push({ at, until: Date.now() })
          })
        },
        () => ({ resets, graceMs: 5_000 }),
      )
      const settledMs = await estate.settled(15)
      const slowestMs = Math.max(...resets.map(({ at, until: back }) => back - at))
      return {
        pass: zeros(verdict) && slowestMs <= 10_000 && resets.length > 0,
        measured: { kills: resets.length, slowestMs, ...verdict, settledMs },
      }
    }),
}

/** Returns when calls are decided again and every phone is known. */
async function killAndWait(estate: Estate): Promise<void> {
  const { system } = estate
  const pid = system.asteriskPid()
  process.kill(pid, 'SIGKILL')
  await until('Asterisk is another', () => system.asteriskPid() !== pid, {
    limitSeconds: 20,
  })
  await estate.phonesKnown()
  await estate.decides()
}

const frozen: Experiment = {
  name: 'asterisk-freeze',
  goals: 'R06 F05',
  fault: 'SIGSTOP of Asterisk for 3 to 6 s under load',
  target: 'no call lost; slots exact ≤ 5 s after it goes on; controller memory +≤ 50 MB',
  quick: false,
  run: (setting) =>
    onEstate(setting, async (estate) => {
      const memory = async (): Promise<number> =>
        await memoryOf(await estate.system.controllerPid())
      const before = await memory()
      let freezes = 0
      const load = setting.sized(
        { rate: 4, seconds: 60, talkMs: 7_000 },
        { rate: 6, seconds: 120, talkMs: 7_000 },
        { rate: 10, seconds: 900, talkMs: 8_000 },
      )
      const verdict = await estate.underLoad(
        load,
        async (calls) => {
          const times = setting.sized(1, 4, 20)
          freezes = await again(setting, calls, times, [1_500, 2_500], async () => {
            const pid = estate.system.asteriskPid()
            process.kill(pid, 'SIGSTOP')
            await pause(setting.random.between(3_000, 6_000))
            process.kill(pid, 'SIGCONT')
            await estate.decides()
          })
        },
        { graceMs: 8_000 },
      )
      const settledMs = await estate.settled(40)
      const grownMb = Math.round((await memory()) - before)
      return {
        pass: zeros(verdict) && grownMb <= 50 && freezes > 0,
        measured: { freezes, grownMb, ...verdict, settledMs },
      }
    }),
}

async function memoryOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024
}

const reloaded: Experiment = {
  name: 'reloads',
  goals: 'R06 F06',
  fault: 'res_pjsip, the dialplan and the site file reloaded again and again',
  target: '0 lost, 0 wrongly refused',
  quick: false,
  run: (setting) =>
    onEstate(setting, async (estate) => {
      const { system } = estate
      let reloads = 0
      const load = setting.sized(
        { rate: 5, seconds: 60, talkMs: 1_500 },
        { rate: 15, seconds: 120, talkMs: 3_000 },
        { rate: 20, seconds: 900, talkMs: 5_000 },
      )
      const verdict = await estate.underLoad(load, async (calls) => {
        const times = setting.sized(5, 25, 200)
        reloads = await again(setting, calls, times, [100, 600], async () => {
          await consoleOf(system, 'module reload res_pjsip.so')
          await consoleOf(system, 'dialplan reload')
          process.kill(await system.controllerPid(), 'SIGHUP')
        })
      })
      const settledMs = await estate.settled(10)
      return {
        pass: zeros(verdict) && reloads > 0,
        measured: { reloads, ...verdict, settledMs },
      }
    }),
}

export const asteriskFaults = [killed, frozen, reloaded]
