/**
 * `npm run sim -- --seeds 10000 --events 1000`: random histories of calls against the core
 * (test/simulation/README.md). `--from N` begins at another seed; `--seed N` tells one
 * history line by line.
 */
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import { compile } from './compile.mjs'

const PROGRESS_EVERY_MS = 5_000

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1000' },
    events: { type: 'string', default: '1000' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
  },
})

function run(main, share, each) {
  return new Promise((resolve, reject) => {
    const worker = new Worker(main, { workerData: share })
    worker.on('message', each)
    worker.once('error', reject)
    worker.once('exit', resolve)
  })
}

async function one(main, seed, events) {
  await run(main, { from: seed, to: seed, step: 1, events, traced: true }, (outcome) => {
    console.log(outcome.trace.join('\n'))
    console.log(outcome.violation ?? 'no promise broken')
    if (outcome.violation !== undefined) process.exitCode = 1
  })
}

async function many(main, { from, seeds, events }) {
  const began = Date.now()
  const seen = new Map()
  const failed = []
  let [done, told] = [0, 0]
  const each = (outcome) => {
    done += 1
    told += outcome.told
    for (const [state, times] of outcome.seen)
      seen.set(state, (seen.get(state) ?? 0) + times)
    if (outcome.violation === undefined) return
    failed.push(outcome.seed)
    console.log(`seed ${outcome.seed}: ${outcome.violation}`)
  }
  const progress = setInterval(() => {
    console.log(`${done} of ${seeds} seeds, ${told} events, ${failed.length} failed`)
  }, PROGRESS_EVERY_MS)
  const workers = availableParallelism()
  const to = from + seeds - 1
  await Promise.all(
    Array.from({ length: workers }, (_, at) =>
      run(main, { from: from + at, to, step: workers, events, traced: false }, each),
    ),
  )
  clearInterval(progress)
  for (const [state, times] of [...seen].sort())
    console.log(`${String(times).padStart(9)}  ${state}`)
  const seconds = (Date.now() - began) / 1000
  console.log(
    `${done} seeds, ${told} events in ${seconds.toFixed(1)} s ` +
      `(${Math.round(done / seconds)} seeds/s), ${failed.length} failed`,
  )
  if (failed.length > 0) {
    console.log(`npm run sim -- --seed ${failed[0]} --events ${events}`)
    process.exitCode = 1
  }
}

const main = join(compile(), 'test/simulation/main.js')
const events = Number(values.events)
if (values.seed !== undefined) await one(main, Number(values.seed), events)
else await many(main, { from: Number(values.from), seeds: Number(values.seeds), events })
