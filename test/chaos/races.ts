import { carrierAddress } from '../rig/site-text.js'
import type { Experiment } from './experiment.js'
import { onEstate } from './shared-estate.js'
import { Traffic } from './traffic.js'

const lastSlot: Experiment = {
  name: 'races',
  goals: 'R16 F25',
  fault: 'bursts of calls for the last slots of a line, begun within milliseconds',
  target: 'exactly the limit gets through each time; 0 over the limit, 0 left',
  quick: true,
  run: (setting) =>
    onEstate(setting, async (estate) => {
      const wanted = setting.sized(100, 600, 10_000)
      const { network } = estate.system
      let [races, over, under, lost, slowestMs] = [0, 0, 0, 0, 0]
      for (let port = 6_000; races < wanted; port++) {
        const [line, limit] = setting.random.pick([...estate.limits]) ?? ['', 0]
        const contenders = limit + setting.random.between(3, 12)
        const burst = new Traffic({
          ...{ scenario: 'caller', address: carrierAddress(network), port },
          ...{ remote: `${network.system}:5060`, calls: contenders, rate: 1_000 },
          ...{ pauseMs: 300, rows: [line.slice(2)] },
        })
        const counted = await burst.finished(30)
        const verdict = estate.judge([burst], [counted])
        await burst.close()
        races += contenders - limit
        over += Math.max(0, verdict.connected - limit)
        under += Math.max(0, limit - verdict.connected)
        lost += verdict.lost + verdict.unaccounted
        slowestMs = Math.max(slowestMs, await estate.settled(15))
      }
      const { overLimit } = estate.judge([], [])
      return {
        pass: over + under + lost + overLimit === 0,
        measured: { races, over, under, lost, overLimit, slowestMs },
      }
    }),
}

export const races = [lastSlot]
