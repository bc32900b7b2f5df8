import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ContractDesk } from '../../../src/store/contract-desk.js'
import type { Contract } from '../../../src/subscription/contract.js'
import { by, one, TestDesk, three, two } from './desk.js'

let world: TestDesk
let desk: ContractDesk
beforeEach(() => {
  world = new TestDesk()
  desk = world.open()
})
afterEach(() => world.close())

async function contractOf(line: string): Promise<Contract | undefined> {
  return (await desk.subscription(line))?.contract
}

async function order(line: string, calls: number): Promise<number> {
  const made = await desk.requestCalls(line, { calls, termsAccepted: true }, by)
  if (made.kind === 'ordered') return made.order.id
  throw new Error(`no order: ${made.kind}`)
}

describe('an order', () => {
  it('changes nothing until it is paid; then at once, and once (rows 11, 12, 14)', async () => {
    const id = await order(two, 5)
    expect(await desk.order(id)).toMatchObject({ state: 'issued', totalCents: 300 })
    expect(await contractOf(two)).toMatchObject({ calls: 2 })
    expect(world.told).toEqual([])
    expect(await desk.pay(id, by)).toMatchObject({ state: 'applied' })
    expect(await desk.pay(id, by)).toMatchObject({ state: 'applied' })
    expect(world.told).toEqual([[two, { plan: 'entreprise', calls: 5 }]])
    expect(world.changesOf(two)).toHaveLength(1)
  })

  it('without the terms is none (row 13)', async () => {
    const wanted = { calls: 4, termsAccepted: false }
    expect(await desk.requestCalls(two, wanted, by)).toMatchObject({
      rule: 'terms-not-accepted',
    })
    expect(await desk.orders()).toEqual([])
  })

  it('on Découverte is refused (row 15)', async () => {
    const wanted = { calls: 2, termsAccepted: true }
    const answer = await desk.requestCalls(one, wanted, by)
    expect(answer).toMatchObject({ rule: 'calls-need-upgrade' })
    expect(await desk.orders()).toEqual([])
  })

  it('expires, and cannot be paid then', async () => {
    const id = await order(two, 3)
    world.at('2026-02-08 23:59:59')
    expect(await desk.order(id)).toMatchObject({ state: 'issued' })
    world.at('2026-02-09')
    expect(await desk.order(id)).toMatchObject({ state: 'expired' })
    expect(await desk.pay(id, by)).toMatchObject({ rule: 'order-expired' })
    expect(await contractOf(two)).toMatchObject({ calls: 2 })
  })

  it('is cancelled while it is not paid, and by a later one', async () => {
    const first = await order(two, 3)
    const second = await order(two, 4)
    expect(await desk.pay(first, by)).toMatchObject({ rule: 'order-cancelled' })
    expect(await desk.cancelOrder(second, by)).toMatchObject({ state: 'cancelled' })
    expect(await desk.cancelOrder(second, by)).toMatchObject({ state: 'cancelled' })
    expect(await desk.pay(second, by)).toMatchObject({ rule: 'order-cancelled' })
    const third = await order(two, 4)
    await desk.pay(third, by)
    expect(await desk.cancelOrder(third, by)).toMatchObject({ rule: 'order-paid' })
  })

  it('is applied once by twenty back offices at once', async () => {
    const id = await order(two, 4)
    const answers = await Promise.all(Array.from({ length: 20 }, () => desk.pay(id, by)))
    expect(answers.map((answer) => answer && 'state' in answer && answer.state)).toEqual(
      answers.map(() => 'applied'),
    )
    expect(await contractOf(two)).toMatchObject({ calls: 4 })
    expect(world.changesOf(two)).toHaveLength(1)
  })

  it('is the only one that waits, however many ask at once', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, at) => order(two, 3 + at)))
    const open = (await desk.orders()).filter(({ state }) => state === 'issued')
    expect(open).toMatchObject([{ item: { from: 2, to: 22 } }])
  })

  it('nobody made is unknown', async () => {
    expect(await desk.order(99)).toBeUndefined()
    expect(await desk.pay(99, by)).toBeUndefined()
    expect(await desk.cancelOrder(99, by)).toBeUndefined()
  })

  it('of alias numbers is paid for and recorded (row 50)', async () => {
    const hundred = await desk.orderAliases({ count: 100, termsAccepted: true }, by)
    expect(hundred).toMatchObject({ order: { totalCents: 10_000, by: 'test' } })
    const more = await desk.orderAliases({ count: 101, termsAccepted: true }, by)
    expect(more).toMatchObject({ rule: 'aliases-range' })
    expect(await desk.pay(1, by)).toMatchObject({
      state: 'applied',
      item: { kind: 'aliases', count: 100 },
    })
    expect(world.told).toEqual([])
  })
})

describe('fewer calls', () => {
  it('come at the renewal, and not a moment before (row 16)', async () => {
    await desk.pay(await order(two, 4), by)
    world.at('2026-01-20')
    const fewer = await desk.requestCalls(two, { calls: 3, termsAccepted: false }, by)
    expect(fewer).toMatchObject({ kind: 'scheduled', decrease: { calls: 3 } })
    world.at('2026-01-31 23:59:59')
    expect(await contractOf(two)).toMatchObject({ calls: 4 })
    world.at('2026-02-01')
    expect(await contractOf(two)).toMatchObject({ calls: 3 })
    expect(world.changesOf(two)).toMatchObject([{ calls: 4 }, { calls: 3 }])
  })

  it('lock the number, until the operator takes them back', async () => {
    await desk.requestCalls(three, { calls: 2, termsAccepted: false }, by)
    const more = { calls: 5, termsAccepted: true }
    expect(await desk.requestCalls(three, more, by)).toMatchObject({
      rule: 'decrease-pending',
    })
    expect(await desk.cancelDecrease(three, by)).toMatchObject({ kind: 'cancelled' })
    expect(await desk.cancelDecrease(three, by)).toMatchObject({ rule: 'decrease-none' })
    world.at('2026-02-02')
    expect(await contractOf(three)).toMatchObject({ calls: 3 })
  })
})

describe('a plan change', () => {
  it.each([
    ['2026-01-01', '2026-02-01'],
    ['2026-01-31', '2026-02-01'],
    ['2026-02-01', '2026-03-01'],
  ])('asked %s is active %s (row 17)', async (asked, active) => {
    world.at(asked)
    await desk.requestPlan(one, 'entreprise', by)
    world.at(active)
    world.nowMs -= 1
    expect(await contractOf(one)).toEqual({ plan: 'decouverte', calls: 1 })
    world.at(active)
    expect(await contractOf(one)).toEqual({ plan: 'entreprise', calls: 2 })
  })

  it('from Entreprise to Découverte is refused (row 18)', async () => {
    expect(await desk.requestPlan(two, 'decouverte', by)).toMatchObject({
      rule: 'plan-not-offered',
    })
  })

  it('cancelled on 31 January never comes; on 2 February it is too late (row 19)', async () => {
    await desk.requestPlan(one, 'entreprise', by)
    world.at('2026-01-31 23:59:59')
    expect(await desk.cancelPlan(one, by)).toMatchObject({ kind: 'cancelled' })
    world.at('2026-02-01')
    expect(await contractOf(one)).toMatchObject({ plan: 'decouverte' })
    await desk.requestPlan(one, 'entreprise', by)
    world.at('2026-03-02')
    expect(await desk.cancelPlan(one, by)).toMatchObject({ rule: 'plan-change-none' })
    expect(await contractOf(one)).toMatchObject({ plan: 'entreprise' })
  })

  it('of several lines has an outcome for each (row 20)', async () => {
    const outcomes = await desk.requestPlans([one, two], 'entreprise', by)
    expect(outcomes).toMatchObject([
      { kind: 'scheduled' },
      { kind: 'refused', rule: 'plan-same' },
    ])
  })

  it('lifts no limit before it comes; then an order is accepted (row 21)', async () => {
    await desk.requestPlan(one, 'entreprise', by)
    const wanted = { calls: 3, termsAccepted: true }
    expect(await desk.requestCalls(one, wanted, by)).toMatchObject({
      rule: 'calls-need-upgrade',
    })
    world.at('2026-02-01')
    await desk.pay(await order(one, 3), by)
    expect(await contractOf(one)).toEqual({ plan: 'entreprise', calls: 3 })
  })

  it('to a plan that is gone by then is told and dropped', async () => {
    await desk.requestPlan(one, 'entreprise', by)
    const { decouverte } = world.site.plans
    world.site = {
      ...world.site,
      plans: decouverte ? { decouverte } : {},
      lines: world.site.lines.filter(({ number }) => number === one),
    }
    desk.use(world.site)
    world.at('2026-02-01')
    expect(await desk.subscription(one)).toEqual({
      line: one,
      contract: { plan: 'decouverte', calls: 1 },
    })
    expect(world.impossible).toEqual([`${one} the site has no such plan any more`])
  })
})

describe('the site file', () => {
  it('is overruled by what was changed, as far as it allows', async () => {
    await desk.pay(await order(two, 9), by)
    const of = (number: string) =>
      desk.effective(world.site).lines.find((line) => line.number === number)
    expect(of(two)).toMatchObject({ plan: 'entreprise', calls: 9 })
    expect(of(three)).toMatchObject({ calls: 3 })
    expect(desk.differences()).toEqual(
      new Map([
        [
          two,
          {
            before: { plan: 'entreprise', calls: 2 },
            after: { plan: 'entreprise', calls: 9 },
          },
        ],
      ]),
    )
  })

  it('comes back when the operator resets the contract', async () => {
    await desk.pay(await order(two, 9), by)
    await desk.requestCalls(two, { calls: 4, termsAccepted: false }, by)
    await desk.reset([two], by)
    expect(await desk.subscription(two)).toEqual({
      line: two,
      contract: { plan: 'entreprise', calls: 2 },
    })
    expect(world.told.at(-1)).toEqual([two, { plan: 'entreprise', calls: 2 }])
  })
})

describe('all lines at once', () => {
  it('say what waits, like each of them alone', async () => {
    await order(two, 4)
    await desk.requestPlan(one, 'entreprise', by)
    await desk.requestCalls(three, { calls: 2, termsAccepted: false }, by)
    const all = await desk.subscriptions()
    expect([...all.keys()]).toEqual([three, two, one])
    for (const line of [one, two, three]) {
      expect(all.get(line)).toEqual(await desk.subscription(line))
    }
    expect(all.get(two)?.open).toMatchObject({ state: 'issued' })
  })
})
