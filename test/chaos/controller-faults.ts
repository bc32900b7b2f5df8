import { until } from '../rig/until.js'
import type { Estate } from './estate.js'
import { type Experiment, zeros } from './experiment.js'
import { type Rounds, rounds, standsStill } from './rounds.js'
import { onEstate } from './shared-estate.js'

const killed: Experiment = {
  name: 'controller-kill',
  goals: 'R06 F01',
  fault: 'kill -9 of the controller at random times',
  target: '0 lost, 0 over the limit, 0 wrongly refused; decides again ≤ 5 s; slots exact',
  quick: true,
  run: (setting) =>
    onEstate(setting, async (estate) => {
      let slowestMs = 0
      const plan: Rounds = {
        load: [
          { rate: 6, seconds: 60, talkMs: 2_000 },
          { rate: 15, seconds: 120, talkMs: 4_000 },
          { rate: 15, seconds: 900, talkMs: 12_000 },
        ],
        ...{ times: [3, 10, 100], pausesMs: [100, 600], settlesWithinSeconds: 10 },
        excused: { graceMs: 1_000 },
      }
      const { done, verdict, settledMs } = await rounds(
        setting,
        estate,
        plan,
        async () => {
          slowestMs = Math.max(slowestMs, await killAndWait(estate))
        },
      )
      const inTime = setting.size === 'quick' || slowestMs <= 5_000
      return {
        pass: zeros(verdict) && inTime && done > 0,
        measured: { kills: done, slowestMs, ...verdict, settledMs },
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
      const { random } = setting
      const plan: Rounds = {
        load: [
          { rate: 5, seconds: 60, talkMs: 2_000 },
          { rate: 12, seconds: 120, talkMs: 4_000 },
          { rate: 15, seconds: 900, talkMs: 12_000 },
        ],
        ...{ times: [2, 10, 60], pausesMs: [300, 1_000], settlesWithinSeconds: 15 },
        excused: { graceMs: 3_000 },
      }
      const { done, verdict, settledMs } = await rounds(
        setting,
        estate,
        plan,
        async (nth) => {
          const forMs =
            nth % 10 === 9 ? random.between(4_000, 6_000) : random.between(700, 2_500)
          await standsStill(estate, await estate.system.controllerPid(), forMs)
        },
      )
      return {
        pass: zeros(verdict) && verdict.longestMs <= 3_000 && done > 0,
        measured: { freezes: done, ...verdict, settledMs },
      }
    }),
}

export const controllerFaults = [killed, frozen]
