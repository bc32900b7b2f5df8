import { setTimeout as pause } from 'node:timers/promises'
import { consoleOf } from '../rig/asterisk-console.js'
import { until } from '../rig/until.js'
import { type Estate, startEstate } from './estate.js'
import { type Experiment, type Outcome, type Setting, zeros } from './experiment.js'
import type { Traffic } from './traffic.js'

/** Runs an experiment on an estate of its own. */
export async function onEstate(
  setting: Setting,
  work: (estate: Estate) => Promise<Outcome>,
): Promise<Outcome> {
  const estate = await startEstate(setting.sized(12, 20, 40), setting.random)
  try {
    return await work(estate)
  } finally {
    await estate.close()
  }
}

const loadHeld: Experiment = {
  name: 'load',
  goals: 'R01 R04 R05',
  fault: 'none: calls to lines with limits of one to four',
  target: '0 lost, 0 wrongly refused, 0 over the limit, 0 left; admission p99 ≤ 50 ms',
  quick: true,
  run: (setting) =>
    onEstate(setting, async (estate) => {
      const load = setting.sized(
        { rate: 8, seconds: 5, talkMs: 1_500 },
        { rate: 25, seconds: 20, talkMs: 3_000 },
        { rate: 25, seconds: 600, talkMs: 16_000 },
      )
      const verdict = await estate.underLoad(load, () => Promise.resolve())
      const settledMs = await estate.settled(10)
      // Beside other tests the clock says more about them than about us.
      const inTime = setting.size === 'quick' || verdict.p99Ms <= 50
      return { pass: zeros(verdict) && inTime, measured: { ...verdict, settledMs } }
    }),
}

/** A fault again and again while calls come; ends with the calls. */
async function again(
  calls: Traffic,
  setting: Setting,
  fault: () => Promise<void>,
): Promise<number> {
  let times = 0
  await pause(setting.random.between(300, 1_000))
  while (!calls.ended) {
    await fault()
    times += 1
    await pause(setting.random.between(800, 3_000))
  }
  return times
}

const controllerKilled: Experiment = {
  name: 'controller-kill',
  goals: 'R06 F01',
  fault: 'kill -9 of the controller at random times',
  target: '0 lost, 0 over the limit, 0 wrongly refused; decides again ≤ 5 s; slots exact',
  quick: true,
  run: (setting) =>
    onEstate(setting, async (estate) => {
      let [kills, slowestMs] = [0, 0]
      const load = setting.sized(
        { rate: 6, seconds: 7, talkMs: 2_000 },
        { rate: 15, seconds: 30, talkMs: 4_000 },
        { rate: 15, seconds: 420, talkMs: 12_000 },
      )
      const verdict = await estate.underLoad(
        load,
        async (calls) => {
          kills = await again(calls, setting, async () => {
            const pid = await estate.system.controllerPid()
            process.kill(pid, 'SIGKILL')
            const killedAt = Date.now()
            await until(
              'another controller decides',
              async () =>
                (await estate.system.get('/readyz')).status === 200 &&
                (await estate.system.controllerPid()) !== pid,
              { limitSeconds: 15 },
            )
            slowestMs = Math.max(slowestMs, Date.now() - killedAt)
          })
        },
        { graceMs: 1_000 },
      )
      const settledMs = await estate.settled(10)
      const inTime = setting.size === 'quick' || slowestMs <= 5_000
      return {
        pass: zeros(verdict) && inTime && kills > 0,
        measured: { kills, slowestMs, ...verdict, settledMs },
      }
    }),
}

const controllerFrozen: Experiment = {
  name: 'controller-freeze',
  goals: 'R06 F03',
  fault: 'SIGSTOP of the controller for 1 to 5 s',
  target: '0 lost, 0 over the limit; nobody waits longer than 2 s (+1 s of SIP timers)',
  quick: false,
  run: (setting) =>
    onEstate(setting, async (estate) => {
      let freezes = 0
      const load = setting.sized(
        { rate: 5, seconds: 8, talkMs: 2_000 },
        { rate: 12, seconds: 40, talkMs: 4_000 },
        { rate: 15, seconds: 400, talkMs: 12_000 },
      )
      const verdict = await estate.underLoad(
        load,
        async (calls) => {
          freezes = await again(calls, setting, async () => {
            const pid = await estate.system.controllerPid()
            process.kill(pid, 'SIGSTOP')
            await pause(setting.random.between(1_000, 5_000))
            process.kill(pid, 'SIGCONT')
            await estate.decides()
          })
        },
        { graceMs: 3_000 },
      )
      const settledMs = await estate.settled(15)
      return {
        pass: zeros(verdict) && verdict.longestMs <= 3_000,
        measured: { freezes, ...verdict, settledMs },
      }
    }),
}

const asteriskKilled: Experiment = {
  name: 'asterisk-kill',
  goals: 'R06 F04',
  fault: 'kill -9 of Asterisk under load',
  target:
    'its calls end (excused); service ≤ 10 s; slots free ≤ 5 s after; 0 over the limit',
  quick: false,
  run: (setting) =>
    onEstate(setting, async (estate) => {
      const times = setting.sized(1, 3, 30)
      const resets: number[] = []
      let [slowestMs, excused, after] = [0, 0, 0]
      const afterwards: string[] = []
      for (let kill = 0; kill < times; kill++) {
        const load = { rate: 10, seconds: 6, talkMs: 3_000 }
        const calls = estate.call(load)
        await pause(setting.random.between(1_500, 4_000))
        const pid = estate.system.asteriskPid()
        process.kill(pid, 'SIGKILL')
        resets.push(Date.now())
        await until('Asterisk is another', () => estate.system.asteriskPid() !== pid, {
          limitSeconds: 20,
        })
        await estate.phonesKnown()
        await estate.decides()
        slowestMs = Math.max(slowestMs, Date.now() - (resets.at(-1) ?? 0))
        await calls.finished(60)
        const verdict = estate.judge([calls], [calls.counted()], {
          resets,
          graceMs: 9_000,
        })
        excused += verdict.lost
        await calls.close()
        await estate.settled(15)
        const clean = await estate.underLoad(
          { rate: 8, seconds: 3, talkMs: 1_000 },
          () => Promise.resolve(),
          { resets },
        )
        afterwards.push(clean.answers)
        after += clean.lost + clean.overLimit + clean.wronglyRefused + clean.unaccounted
      }
      return {
        pass: after === 0 && slowestMs <= 10_000,
        measured: {
          ...{ kills: times, slowestMs, excused, wrongAfterwards: after },
          afterwards: afterwards.join('; '),
        },
      }
    }),
}

const asteriskFrozen: Experiment = {
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
        { rate: 4, seconds: 8, talkMs: 7_000 },
        { rate: 6, seconds: 30, talkMs: 7_000 },
        { rate: 10, seconds: 300, talkMs: 8_000 },
      )
      const verdict = await estate.underLoad(
        load,
        async (calls) => {
          freezes = await again(calls, setting, async () => {
            const pid = estate.system.asteriskPid()
            process.kill(pid, 'SIGSTOP')
            await pause(setting.random.between(3_000, 6_000))
            process.kill(pid, 'SIGCONT')
            await estate.decides()
            await pause(2_000)
          })
        },
        { graceMs: 8_000 },
      )
      const settledMs = await estate.settled(40)
      const grownMb = Math.round((await memory()) - before)
      return {
        pass:
          verdict.lost + verdict.overLimit + verdict.unaccounted === 0 && grownMb <= 50,
        measured: { freezes, grownMb, ...verdict, settledMs },
      }
    }),
}

async function memoryOf(pid: number): Promise<number> {
  const { readFile } = await import('node:fs/promises')
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024
}

const reloads: Experiment = {
  name: 'reloads',
  goals: 'R06 R14 F06',
  fault: 'res_pjsip, the dialplan and the site file reloaded again and again',
  target: '0 lost, 0 wrongly refused',
  quick: false,
  run: (setting) =>
    onEstate(setting, async (estate) => {
      let times = 0
      const load = setting.sized(
        { rate: 5, seconds: 6, talkMs: 1_500 },
        { rate: 15, seconds: 20, talkMs: 3_000 },
        { rate: 20, seconds: 300, talkMs: 5_000 },
      )
      const verdict = await estate.underLoad(load, async (calls) => {
        while (!calls.ended) {
          await consoleOf(estate.system, 'module reload res_pjsip.so')
          await consoleOf(estate.system, 'dialplan reload')
          process.kill(await estate.system.controllerPid(), 'SIGHUP')
          times += 1
          await pause(400)
        }
      })
      await estate.settled(10)
      return {
        pass: zeros(verdict) && times > 0,
        measured: { reloads: times, ...verdict },
      }
    }),
}

export const processFaults = [
  ...[loadHeld, controllerKilled, controllerFrozen, asteriskKilled, asteriskFrozen],
  reloads,
]
