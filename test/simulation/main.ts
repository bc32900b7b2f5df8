import { parentPort, workerData } from 'node:worker_threads'
import { simulate } from './history.js'
import { ours } from './ours.js'

/** One worker of `npm run sim`: every `step`th seed from `from`, one message for each. */
interface Share {
  readonly from: number
  readonly to: number
  readonly step: number
  readonly events: number
  readonly traced: boolean
}

function work({ from, to, step, events, traced }: Share): void {
  for (let seed = from; seed <= to; seed += step) {
    const { seen, ...outcome } = simulate(ours, { seed, events, traced })
    parentPort?.postMessage({ ...outcome, seen: [...seen.counts] })
  }
}

work(workerData)
