import { type Logger, pino } from 'pino'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { recallEmergencies } from '../../../src/ami/emergency-calls.js'

const silent: Logger = pino({ level: 'silent' })
const MINUTE_S = 60

/** Entries of a family, as AstDB keeps them; no Asterisk is needed to forget. */
class Entries {
  readonly kept: Map<string, string>

  constructor(kept: Record<string, number>) {
    const seconds = Math.floor(Date.now() / 1000)
    this.kept = new Map(
      Object.entries(kept).map(([line, minutes]) => {
        return [line, String(seconds - minutes * MINUTE_S)]
      }),
    )
  }

  tree(): Promise<ReadonlyMap<string, string>> {
    return Promise.resolve(new Map(this.kept))
  }

  put(_family: string, key: string, value: string): Promise<void> {
    this.kept.set(key, value)
    return Promise.resolve()
  }

  del(family: string, key: string): Promise<void> {
    expect(family).toBe('lk_psap')
    this.kept.delete(key)
    return Promise.resolve()
  }
}

beforeEach(() => {
  vi.useFakeTimers({ now: 1_790_000_000_000 })
})
afterEach(() => {
  vi.useRealTimers()
})

it('tells who called within the hour, and forgets who called before', async () => {
  const database = new Entries({ '0033972100001': 59, '0033972100002': 61 })
  const told: string[] = []
  await recallEmergencies({ database }, silent, (line) => told.push(line))
  expect(told).toEqual(['0033972100001'])
  expect([...database.kept.keys()]).toEqual(['0033972100001'])
})

it('forgets the others when their hour is over, and tells nobody twice', async () => {
  const database = new Entries({ '0033972100001': 5 })
  const told: string[] = []
  await recallEmergencies({ database }, silent, (line) => told.push(line))
  await vi.advanceTimersByTimeAsync(61 * 60_000)
  expect(database.kept.size).toBe(0)
  expect(told).toEqual(['0033972100001'])
})

it('one connection that comes back often is not looked through more often', async () => {
  const database = new Entries({})
  const ami = { database }
  const looked = vi.spyOn(database, 'tree')
  for (let times = 0; times < 5; times += 1) {
    await recallEmergencies(ami, silent, () => undefined)
  }
  looked.mockClear()
  await vi.advanceTimersByTimeAsync(61 * 60_000)
  expect(looked).toHaveBeenCalledTimes(1)
})
