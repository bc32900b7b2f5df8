import { readFile } from 'node:fs/promises'
import { consoleOf } from '../rig/asterisk-console.js'
import { until } from '../rig/until.js'
import type { Estate } from './estate.js'
import { type Experiment, zeros } from './experiment.js'
import type { Reset } from './judge.js'
import { type Rounds, rounds, standsStill } from './rounds.js'
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
      const plan: Rounds = {
        load: [
          { rate: 6, seconds: 60, talkMs: 1_500 },
          { rate: 10, seconds: 120, talkMs: 2_500 },
          { rate: 12, seconds: 900, talkMs: 4_000 },
        ],
        ...{ times: [1, 4, 30], pausesMs: [1_500, 3_500], settlesWithinSeconds: 15 },
        excused: () => ({ resets, graceMs: 5_000 }),
      }
      const { verdict, settledMs } = await rounds(setting, estate, plan, async () => {
        const at = Date.now()
        await killAndWait(estate)
        resets.push({ at, until: Date.now() })
      })
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
      const plan: Rounds = {
        load: [
          { rate: 4, seconds: 60, talkMs: 7_000 },
          { rate: 6, seconds: 120, talkMs: 7_000 },
          { rate: 10, seconds: 900, talkMs: 8_000 },
        ],
        ...{ times: [1, 4, 20], pausesMs: [1_500, 2_500], settlesWithinSeconds: 40 },
        excused: { graceMs: 8_000 },
      }
      const { done, verdict, settledMs } = await rounds(setting, estate, plan, () => {
        const forMs = setting.random.between(3_000, 6_000)
        return standsStill(estate, estate.system.asteriskPid(), forMs)
      })
      const grownMb = Math.round((await memory()) - before)
      return {
        pass: zeros(verdict) && grownMb <= 50 && done > 0,
        measured: { freezes: done, grownMb, ...verdict, settledMs },
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
      const plan: Rounds = {
        load: [
          { rate: 5, seconds: 60, talkMs: 1_500 },
          { rate: 15, seconds: 120, talkMs: 3_000 },
          { rate: 20, seconds: 900, talkMs: 5_000 },
        ],
        ...{ times: [5, 25, 200], pausesMs: [100, 600], settlesWithinSeconds: 10 },
      }
      const { done, verdict, settledMs } = await rounds(
        setting,
        estate,
        plan,
        async () => {
          await consoleOf(system, 'module reload res_pjsip.so')
          await consoleOf(system, 'dialplan reload')
          process.kill(await system.controllerPid(), 'SIGHUP')
        },
      )
      return {
        pass: zeros(verdict) && done > 0,
        measured: { reloads: done, ...verdict, settledMs },
      }
    }),
}

export const asteriskFaults = [killed, frozen, reloaded]
