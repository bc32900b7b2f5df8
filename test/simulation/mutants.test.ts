import { readFileSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { replay, scenarios } from '../scenario/replay.js'
import type { Core } from './controller.js'
import { simulate } from './history.js'
import { compile } from './mutants/compile.js'
import { lists } from './mutants/lists.js'
import { routes } from './mutants/routes.js'
import { slots } from './mutants/slots.js'
import { transfers } from './mutants/transfers.js'

const mutants = [...slots, ...lists, ...transfers, ...routes]
const { coreOf, remove } = compile(mutants)
afterAll(remove)

const SEEDS = 600
const EVENTS = 500

describe('is noticed by the simulation', () => {
  const planted = mutants.filter(({ by }) => by === 'simulation')

  test.each(planted)('$name', async (mutant) => {
    expect(seedThatFails(await coreOf(mutant))).toBeLessThanOrEqual(SEEDS)
  })
})

describe('is noticed by a scenario', () => {
  const planted = mutants.filter(({ by }) => by === 'scenario')

  test.each(planted)('$name', async (mutant) => {
    expect(scenariosThatFail(await coreOf(mutant))).not.toEqual([])
  })
})

function seedThatFails(core: Core): number {
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    if (simulate(core, { seed, events: EVENTS }).violation !== undefined) return seed
  }
  return Number.POSITIVE_INFINITY
}

function scenariosThatFail(core: Core): string[] {
  const failing = scenarios.filter(
    ({ path }) => replay(path, core) !== readFileSync(path, 'utf8'),
  )
  return failing.map(({ name }) => name)
}
