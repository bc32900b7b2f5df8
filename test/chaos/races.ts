import { carrierAddress } from '../rig/site-text.js'
import type { Random } from '../simulation/random.js'
import type { Estate } from './estate.js'
import type { Experiment } from './experiment.js'
import { transferGlares } from './glares.js'
import { connectedByLine } from './judge.js'
import { onEstate } from './shared-estate.js'
import { Traffic } from './traffic.js'

/** Lines that are raced for at once, each by callers of its own. */
const LINES = 6

interface Burst {
  readonly races: number
  readonly over: number
  readonly under: number
  readonly lost: number
}

/** For each of a few lines more calls than it may have, one right after the other. */
async function burst(estate: Estate, random: Random, port: number): Promise<Burst> {
  const { network } = estate.system
  const lines = chosen([...estate.limits], random)
  const rows = lines.flatMap(([line, limit]) =>
    Array<string>(limit + random.between(3, 12)).fill(line.slice(2)),
  )
  const callers = new Traffic({
    ...{ scenario: 'caller', address: carrierAddress(network), port, rows },
    ...{ remote: `${network.system}:5060`, calls: rows.length, rate: 1_000 },
    ...{ pauseMs: 250 },
  })
  try {
    const counted = await callers.finished(30)
    const verdict = estate.judge([callers], [counted], { phones: [] })
    const connected = connectedByLine(callers.noted())
    const excess = lines.map(([line, limit]) => (connected.get(line) ?? 0) - limit)
    return {
      races: rows.length - lines.reduce((sum, [, limit]) => sum + limit, 0),
      over: excess.reduce((sum, each) => sum + Math.max(0, each), 0),
      under: excess.reduce((sum, each) => sum + Math.max(0, -each), 0),
      lost: verdict.lost + verdict.unaccounted,
    }
  } finally {
    await callers.close()
  }
}

function chosen<Item>(items: Item[], random: Random): Item[] {
  const left = [...items]
  return Array.from({ length: Math.min(LINES, left.length) }, () =>
    left.splice(random.between(0, left.length - 1), 1),
  ).flat()
}

const lastSlot: Experiment = {
  name: 'races',
  goals: 'R16 F25',
  fault: 'bursts of calls for the last slots of a line, begun within milliseconds',
  target: 'exactly the limit gets through each time; 0 over the limit, 0 left',
  quick: true,
  run: (setting) =>
    onEstate(setting, async (estate) => {
      const wanted = setting.sized(150, 1_000, 10_000)
      let [races, over, under, lost, slowestMs] = [0, 0, 0, 0, 0]
      for (let port = 6_000; races < wanted; port++) {
        const came = await burst(estate, setting.random, port)
        races += came.races
        over += came.over
        under += came.under
        lost += came.lost
        slowestMs = Math.max(slowestMs, await estate.settled(15))
        setting.tell(`${races} of ${wanted}`)
      }
      const { overLimit } = estate.judge([], [])
      return {
        pass: over + under + lost + overLimit === 0,
        measured: { races, over, under, lost, overLimit, slowestMs },
      }
    }),
}

export const races = [lastSlot, transferGlares]
