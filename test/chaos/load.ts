import { setTimeout as pause } from 'node:timers/promises'
import { type Experiment, zeros } from './experiment.js'
import { onEstate } from './shared-estate.js'

const loadHeld: Experiment = {
  name: 'load',
  goals: 'R01 R04 R05',
  fault: 'none: calls to lines with limits of one to four',
  target: '0 lost, 0 wrongly refused, 0 over the limit, 0 left; admission p99 ≤ 50 ms',
  quick: true,
  run: (setting) => {
    const load = setting.sized(
      { rate: 8, seconds: 4, talkMs: 1_500 },
      { rate: 25, seconds: 20, talkMs: 3_000 },
      { rate: 25, seconds: 602, talkMs: 17_000 },
    )
    const lines = setting.sized(12, 20, 5_000)
    return onEstate(
      setting,
      async (estate) => {
        let mostAtOnce = 0
        const verdict = await estate.underLoad(load, async (calls) => {
          while (!calls.ended) {
            await pause(500)
            mostAtOnce = Math.max(mostAtOnce, calls.counted().current)
            setting.tell(`${calls.counted().created} calls`)
          }
        })
        const settledMs = await estate.settled(10)
        const { p99Ms, p999Ms } = verdict
        // Beside other tests the clock says more about them than about us.
        const inTime = setting.size === 'quick' || (p99Ms <= 50 && p999Ms <= 200)
        return {
          pass: zeros(verdict) && inTime,
          measured: { calls: verdict.attempts, lines, mostAtOnce, ...verdict, settledMs },
        }
      },
      { lines },
    )
  },
}

export const load = [loadHeld]
