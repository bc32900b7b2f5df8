import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { simulate } from './history.js'
import { ours } from './ours.js'
import { Seen } from './seen.js'

/**
 * The part of the simulation that fits into `npm test`; `npm run sim` goes on from here.
 * A seed that fails is told again with all that happened in it.
 */
const SEEDS = 300
const EVENTS = 500

const seen = new Seen()

test(`no promise is broken in ${SEEDS} histories of ${EVENTS} events`, () => {
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const outcome = simulate(ours, { seed, events: EVENTS })
    if (outcome.violation !== undefined) throw new Error(told(seed))
    seen.addAll(outcome.seen)
  }
})

test('every state that only luck leads to was reached', () => {
  expect(seen.never).toEqual([])
})

test('a seed always tells the same history', () => {
  const hash = (seed: number): string => {
    const { trace } = simulate(ours, { seed, events: EVENTS, traced: true })
    return createHash('sha256').update(trace.join('\n')).digest('hex')
  }
  for (const seed of [1, 2, 3, 4, 5]) expect(hash(seed)).toBe(hash(seed))
})

function told(seed: number): string {
  const { violation, trace } = simulate(ours, { seed, events: EVENTS, traced: true })
  const last = trace.slice(-60).join('\n')
  return `seed ${seed}: ${violation}\n${last}\nnpm run sim -- --seed ${seed} --events ${EVENTS}`
}
