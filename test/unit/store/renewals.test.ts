import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ContractDesk } from '../../../src/store/contract-desk.js'
import type { Database } from '../../../src/store/database.js'
import { instant } from '../subscription/site.js'
import { by, one, TestDesk, three, two } from './desk.js'

let world: TestDesk
beforeEach(() => {
  world = new TestDesk()
})
afterEach(() => world.close())

describe('a year by the calendar', () => {
  it('applies each month what was asked in the month before, and once', async () => {
    let desk = world.open()
    const seen: string[] = []
    for (let month = 1; month <= 12; month += 1) {
      const mm = String(month).padStart(2, '0')
      // Every other month the controller was away over the renewal.
      if (month % 2 === 0) {
        world.kill()
        world.at(`2026-${mm}-03 09:00`)
        desk = world.open()
      } else world.at(`2026-${mm}-01`)
      await desk.settle()
      const { calls } = (await desk.subscription(three))?.contract ?? {}
      seen.push(`${mm} ${calls}`)
      world.at(`2026-${mm}-15 12:00`)
      if (month % 3 === 1) {
        const more = { calls: (calls ?? 0) + 3, termsAccepted: true }
        const made = await desk.requestCalls(three, more, by)
        if (made.kind === 'ordered') await desk.pay(made.order.id, by)
      } else {
        const fewer = { calls: (calls ?? 0) - 1, termsAccepted: false }
        await desk.requestCalls(three, fewer, by)
      }
      if (month === 6) await desk.requestPlan(one, 'entreprise', by)
    }
    expect(seen).toEqual([
      ...['01 3', '02 6', '03 5', '04 4', '05 7', '06 6', '07 5', '08 8', '09 7'],
      ...['10 6', '11 9', '12 8'],
    ])
    world.at('2027-01-01')
    await desk.settle()
    expect((await desk.subscription(three))?.contract.calls).toBe(7)
    expect(world.changesOf(three)).toHaveLength(12)
    expect(world.changesOf(one)).toMatchObject([
      { plan: 'entreprise', calls: 2, effective: '2026-06-30T22:00:00.000Z' },
    ])
    expect(desk.nextDueMs).toBeUndefined()
  })
})

describe('after a downtime', () => {
  it('what was due counts from its date, in the order of the renewal', async () => {
    const desk = world.open()
    await desk.requestPlan(one, 'entreprise', by)
    world.at('2026-02-10')
    // February's wishes wait for March; January's are applied before they are looked at.
    const fewer = { calls: 1, termsAccepted: false }
    expect(await desk.requestCalls(one, fewer, by)).toMatchObject({ kind: 'scheduled' })
    world.kill()
    world.at('2026-06-20')
    await world.open().settle()
    expect(world.changesOf(one)).toMatchObject([
      {
        plan: 'entreprise',
        calls: 2,
        effective: new Date(instant('2026-02-01')).toISOString(),
      },
      {
        plan: 'entreprise',
        calls: 1,
        effective: new Date(instant('2026-03-01')).toISOString(),
      },
    ])
  })

  it('plan changes come before decreases of the same day', async () => {
    const desk = world.open()
    const { entreprise } = world.site.plans
    if (!entreprise) throw new Error('the example has no such plan')
    const grand = {
      ...entreprise,
      label: 'Grand',
      calls: { included: 6, maximum: 20 },
      upgradesFrom: ['entreprise'],
    }
    world.site = { ...world.site, plans: { ...world.site.plans, grand } }
    desk.use(world.site)
    await desk.requestCalls(three, { calls: 2, termsAccepted: false }, by)
    await desk.requestPlan(three, 'grand', by)
    world.at('2026-02-01')
    await desk.settle()
    // One extra call beside the six of the plan, and then the two that were asked for.
    expect(world.changesOf(three)).toMatchObject([
      { plan: 'grand', calls: 7 },
      { plan: 'grand', calls: 2 },
    ])
  })
})

/** A database that dies at the nth statement that writes, before or after it is done. */
function dying(database: Database, at: number, after: boolean): Database {
  let count = 0
  const step = <T>(work: () => T): T => {
    count += 1
    if (count === at && !after) throw new Error('killed')
    const done = work()
    if (count === at) throw new Error('killed')
    return done
  }
  return new Proxy(database, {
    get: (target, key) => {
      if (key === 'exec') return (sql: string) => step(() => target.exec(sql))
      if (key === 'prepare') {
        return (sql: string) => {
          const statement = target.prepare(sql)
          return {
            all: (...values: unknown[]) => statement.all(...values),
            get: (...values: unknown[]) => statement.get(...values),
            run: (...values: unknown[]) => step(() => statement.run(...values)),
          }
        }
      }
      const value: unknown = Reflect.get(target, key, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

describe('killed at any statement', () => {
  const places = Array.from({ length: 12 }, (_, at) => at + 1)

  /** Does it on a store that dies, then again on what is left, until it is said to be done. */
  async function survived(
    act: (desk: ContractDesk) => Promise<unknown>,
    at: number,
    after: boolean,
  ): Promise<void> {
    await act(world.open(dying(world.database, at, after))).catch(() => undefined)
    world.kill()
    await act(world.open())
  }

  it.each(places.flatMap((at) => [false, true].map((after) => [at, after] as const)))(
    'an order is applied once (%i, after it: %s)',
    async (at, after) => {
      const made = await world
        .open()
        .requestCalls(two, { calls: 4, termsAccepted: true }, by)
      const id = made.kind === 'ordered' ? made.order.id : 0
      await survived((desk) => desk.pay(id, by), at, after)
      const desk = world.open()
      expect(await desk.order(id)).toMatchObject({ state: 'applied' })
      expect((await desk.subscription(two))?.contract.calls).toBe(4)
      expect(world.changesOf(two)).toHaveLength(1)
    },
  )

  it.each(places.flatMap((at) => [false, true].map((after) => [at, after] as const)))(
    'a renewal is applied once (%i, after it: %s)',
    async (at, after) => {
      const first = world.open()
      await first.requestPlan(one, 'entreprise', by)
      await first.requestCalls(three, { calls: 1, termsAccepted: false }, by)
      world.at('2026-02-01')
      await survived((desk) => desk.settle(), at, after)
      expect(world.changesOf(one)).toHaveLength(1)
      expect(world.changesOf(three)).toHaveLength(1)
      const site = world.open().effective(world.site)
      expect(site.lines.map(({ plan, calls }) => `${plan} ${calls}`)).toEqual([
        ...['entreprise 1', 'entreprise 2', 'entreprise 2'],
      ])
    },
  )
})

describe('whatever is asked, in whatever order', () => {
  const lines = [one, two, three]
  const request = fc.oneof(
    fc.record({ kind: fc.constant('plan'), line: fc.constantFrom(...lines) }),
    fc.record({ kind: fc.constant('cancelPlan'), line: fc.constantFrom(...lines) }),
    fc.record({
      kind: fc.constant('calls'),
      line: fc.constantFrom(...lines),
      calls: fc.integer({ min: -1, max: 101 }),
    }),
    fc.record({
      kind: fc.constantFrom('pay', 'cancel'),
      id: fc.integer({ min: 1, max: 9 }),
    }),
    fc.record({ kind: fc.constant('wait'), days: fc.integer({ min: 1, max: 45 }) }),
    fc.record({ kind: fc.constant('restart') }),
  )

  it('a limit is never above its plan, never below one, and every order ends once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(request, { maxLength: 40 }), async (requests) => {
        const own = new TestDesk()
        try {
          let desk = own.open()
          for (const each of requests) {
            const { kind } = each
            if ('days' in each) own.nowMs += each.days * 86_400_000
            else if ('id' in each)
              await (kind === 'pay'
                ? desk.pay(each.id, by)
                : desk.cancelOrder(each.id, by))
            else if ('calls' in each)
              await desk.requestCalls(
                each.line,
                { calls: each.calls, termsAccepted: true },
                by,
              )
            else if ('line' in each)
              await (kind === 'plan'
                ? desk.requestPlan(each.line, 'entreprise', by)
                : desk.cancelPlan(each.line, by))
            else {
              own.kill()
              desk = own.open()
            }
            for (const [
              line,
              { contract, decrease, planChange },
            ] of await desk.subscriptions()) {
              const { maximum = 0 } = own.site.plans[contract.plan]?.calls ?? {}
              expect(contract.calls).toBeLessThanOrEqual(maximum)
              expect(contract.calls).toBeGreaterThanOrEqual(1)
              if (line !== one) expect(contract.plan).toBe('entreprise')
              for (const task of [decrease, planChange]) {
                if (task) expect(task.dueMs).toBeGreaterThan(own.nowMs)
              }
            }
          }
          const applied = (await desk.orders()).filter(({ state }) => state === 'applied')
          const paid = applied.flatMap(({ item }) =>
            item.kind === 'calls' ? [item.line] : [],
          )
          for (const line of lines) {
            const orders = paid.filter((each) => each === line).length
            expect(own.changesOf(line).length).toBeGreaterThanOrEqual(orders)
          }
        } finally {
          own.close()
        }
      }),
      { numRuns: 40 },
    )
  })
})
