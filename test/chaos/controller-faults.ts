import { setTimeout as pause } from 'node:timers/promises'
import { until } from '../rig/until.js'
import { again } from './again.js'
import type { Estate } from './estate.js'
import { type Experiment, zeros } from './experiment.js'
import { onEstate } from './shared-estate.js'

const killed: Experiment = {
  name: 'controller-kill',
  goals: 'R06 F01',
  fault: 'kill -9 of the controller at random times',
  target: '0 lost, 0 over the limit, 0 wrongly refused; decides again ≤ 5 s; slots exact',
  quick: true,
  run: (setting) =>
    onEstate(setting, async (estate) => {
      let [kills, slowestMs] = [0, 0]
      const load = setting.sized(
        { rate: 6, seconds: 60, talkMs: 2_000 },
        { rate: 15, seconds: 120, talkMs: 4_000 },
        { rate: 15, seconds: 900, talkMs: 12_000 },
      )
      const verdict = await estate.underLoad(
        load,
        async (calls) => {
          const times = setting.sized(3, 10, 100)
          kills = await again(setting, calls, times, [100, 600], async () => {
            slowestMs = Math.max(slowestMs, await killAndWait(estate))
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

/** Milliseconds until another controller decides. */
async function killAndWait({ system }: Estate): Promise<number> {
  const pid = await system.controllerPid()
  process.kill(pid, 'SIGKILL')
  const killedAt = Date.now()
  await until(
    'another controller decides',
    async () =>
      (await system.get('/readyz')).status === 200 &&
      (await system.controllerPid()) !== pid,
    { limitSeconds: 15 },
  )
  return Date.now() - killedAt
}

const frozen: Experiment = {
  name: 'controller-freeze',
  goals: 'R06 F03',
  fault: 'SIGSTOP of the controller for 0.7 to 2.5 s, every tenth for 4 to 6 s',
  target: '0 lost, 0 over the limit; nobody waits longer than 2 s (+1 s of SIP timers)',
  quick: false,
  run: (setting) =>
    onEstate(setting, async (estate) => {
      let freezes = 0
      const load = setting.sized(
        { rate: 5, seconds: 60, talkMs: 2_000 },
        { rate: 12, seconds: 120, talkMs: 4_000 },
        { rate: 15, seconds: 900, talkMs: 12_000 },
      )
      const verdict = await estate.underLoad(
        load,
        async (calls) => {
          const times = setting.sized(2, 10, 60)
          freezes = await again(setting, calls, times, [300, 1_000], async (nth) => {
            const { random } = setting
            const forMs =
              nth % 10 === 9 ? random.between(4_000, 6_000) : random.between(700, 2_500)
            const pid = await estate.system.controllerPid()
            process.kill(pid, 'SIGSTOP')
            await pause(forMs)
            process.kill(pid, 'SIGCONT')
            await estate.decides()
          })
        },
        { graceMs: 3_000 },
      )
      const settledMs = await estate.settled(15)
      return {
        pass: zeros(verdict) && verdict.longestMs <= 3_000 && freezes > 0,
        measured: { freezes, ...verdict, settledMs },
      }
    }),
}

export const controllerFaults = [killed, frozen]
