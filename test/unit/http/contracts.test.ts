import { beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { ContractView, OrderView } from '../../../src/http/contract-view.js'
import { LineView } from '../../../src/http/views.js'
import { accepted, asking, one, three, two } from './asking.js'
import { Recorder } from './recorder.js'

let recorder: Recorder
let ask: ReturnType<typeof asking>
beforeEach(() => {
  recorder = new Recorder()
  ask = asking(recorder)
})

function at(instant: string): void {
  recorder.nowMs = Date.parse(instant)
}

describe('an order of calls', () => {
  it('is made, paid once, and kept', async () => {
    const made = await ask('POST', `/lines/0972100002/calls-change`, {
      calls: 5,
      ...accepted,
    })
    expect(made.status).toBe(201)
    expect(OrderView.strict().parse(made.body)).toMatchObject({
      kind: 'order',
      id: '1',
      state: 'issued',
      item: { kind: 'calls', line: two, from: 2, to: 5 },
      count: 3,
      price: {
        each: '1.00',
        total: '3.00',
        vatPercent: 20,
        currency: 'EUR',
        per: 'month',
      },
      issuedAt: '2026-01-10T00:00:00.000Z',
      paidAt: null,
    })
    expect((await ask('GET', `/lines/${two}/contract`)).body).toMatchObject({
      calls: { limit: 2 },
      order: { id: '1' },
    })
    for (const _ of ['first', 'again']) {
      expect(await ask('POST', '/orders/1/pay')).toMatchObject({
        status: 200,
        body: { state: 'applied', paidAt: '2026-01-10T00:00:00.000Z' },
      })
    }
    expect((await ask('GET', `/lines/${two}/contract`)).body).toMatchObject({
      calls: { limit: 5, included: 2, extra: 3, maximum: 99 },
      bandwidthKbits: { from: 350, to: 500 },
      order: null,
    })
    expect((await ask('GET', '/orders?state=applied')).body).toMatchObject([{ id: '1' }])
    expect((await ask('GET', '/orders?state=issued')).body).toEqual([])
    expect(await ask('GET', '/orders?state=lost')).toMatchObject({ status: 422 })
  })

  it('is cancelled', async () => {
    await ask('POST', `/lines/${two}/calls-change`, { calls: 5, ...accepted })
    expect(await ask('POST', '/orders/1/cancel')).toMatchObject({
      body: { state: 'cancelled' },
    })
    expect(await ask('POST', '/orders/1/pay')).toMatchObject({
      ...{ status: 409, body: { type: 'order-cancelled' } },
    })
  })

  it.each([
    [two, { calls: 5 }, 422, 'terms-not-accepted'],
    [two, { calls: 5, termsAccepted: false }, 422, 'terms-not-accepted'],
    [two, { calls: 2, ...accepted }, 409, 'calls-same'],
    [two, { calls: 0, ...accepted }, 422, 'calls-range'],
    [two, { calls: 100, ...accepted }, 422, 'calls-contact-support'],
    [one, { calls: 2, ...accepted }, 409, 'calls-need-upgrade'],
    [two, { calls: '5', ...accepted }, 422, 'invalid-request'],
    [two, { calls: 5.5, ...accepted }, 422, 'invalid-request'],
    [two, { calls: 5, accepted: true }, 422, 'invalid-request'],
    [two, {}, 422, 'invalid-request'],
    ['15', { calls: 5, ...accepted }, 404, 'line-unknown'],
    ['0033972200000', { calls: 5, ...accepted }, 404, 'line-unknown'],
  ])('of %s, %o is refused: %i %s', async (line, body, status, type) => {
    const answer = await ask('POST', `/lines/${line}/calls-change`, body)
    expect(answer).toMatchObject({ status, body: { type } })
    expect((await ask('GET', '/orders')).body).toEqual([])
  })

  it('tells its price without being made', async () => {
    const url = `/lines/${two}/calls-change`
    expect(await ask('POST', url, { calls: 5 })).toMatchObject({
      body: { type: 'terms-not-accepted', price: { total: '3.00' } },
    })
    expect(await ask('GET', `${url}?calls=5`)).toMatchObject({
      status: 200,
      body: {
        kind: 'order',
        price: { total: '3.00' },
        bandwidthKbits: { from: 350, to: 500 },
      },
    })
    expect(await ask('GET', `${url}?calls=1`)).toMatchObject({
      body: { kind: 'decrease', price: null, effectiveAt: '2026-01-31T23:00:00.000Z' },
    })
    expect(await ask('GET', `${url}?calls=2`)).toMatchObject({ status: 409 })
    expect(await ask('GET', url)).toMatchObject({ status: 422 })
  })

  it.each(['0', '2', '01', 'x', '1e3', '-1', '99999999999999999999', '%00'])(
    'number %s is unknown',
    async (id) => {
      await ask('POST', `/lines/${two}/calls-change`, { calls: 5, ...accepted })
      const unknown = { status: 404, body: { type: 'order-unknown' } }
      expect(await ask('GET', `/orders/${id}`)).toMatchObject(unknown)
      expect(await ask('POST', `/orders/${id}/pay`)).toMatchObject(unknown)
      expect(await ask('POST', `/orders/${id}/cancel`)).toMatchObject(unknown)
    },
  )
})

describe('fewer calls', () => {
  it('are scheduled, locked, and taken back by the operator', async () => {
    const url = `/lines/${three}/calls-change`
    expect(await ask('POST', url, { calls: 2 })).toMatchObject({
      status: 200,
      body: {
        ...{ kind: 'decrease', line: three, calls: 2 },
        effectiveAt: '2026-01-31T23:00:00.000Z',
        effectiveOn: '2026-02-01',
      },
    })
    expect(await ask('POST', url, { calls: 4, ...accepted })).toMatchObject({
      ...{ status: 409, body: { type: 'decrease-pending' } },
    })
    expect(await ask('DELETE', url)).toMatchObject({ status: 200, body: { calls: 2 } })
    expect(await ask('DELETE', url)).toMatchObject({
      ...{ status: 409, body: { type: 'decrease-none' } },
    })
  })
})

describe('alias numbers', () => {
  it('are ordered by their count, up to a hundred', async () => {
    expect(await ask('POST', '/orders', { aliases: 100, ...accepted })).toMatchObject({
      status: 201,
      body: { item: { kind: 'aliases' }, count: 100, price: { total: '100.00' } },
    })
    expect(await ask('POST', '/orders', { aliases: 101, ...accepted })).toMatchObject({
      ...{ status: 422, body: { type: 'aliases-range' } },
    })
    expect(await ask('POST', '/orders', { aliases: 1 })).toMatchObject({
      ...{ status: 422, body: { type: 'terms-not-accepted', price: { total: '1.00' } } },
    })
  })
})

describe('a plan change', () => {
  const url = `/lines/${one}/plan-change`

  it('is scheduled, shown, cancelled until it comes', async () => {
    expect(await ask('POST', url, { plan: 'entreprise' })).toMatchObject({
      status: 200,
      body: { line: one, plan: 'entreprise', effectiveAt: '2026-01-31T23:00:00.000Z' },
    })
    expect((await ask('GET', url)).body).toMatchObject({
      ...{ line: one, plan: 'decouverte', plans: ['entreprise'] },
      planChange: { plan: 'entreprise' },
    })
    at('2026-01-31T22:59:59Z')
    expect(await ask('DELETE', url)).toMatchObject({ status: 200 })
    at('2026-02-02T00:00:00Z')
    expect((await ask('GET', url)).body).toMatchObject({
      ...{ plan: 'decouverte', planChange: null },
    })
    expect(await ask('DELETE', url)).toMatchObject({
      ...{ status: 409, body: { type: 'plan-change-none' } },
    })
  })

  it.each([
    [two, 'decouverte', 409, 'plan-not-offered'],
    [two, 'entreprise', 409, 'plan-same'],
    [two, 'gold', 422, 'plan-unknown'],
    ['15', 'entreprise', 404, 'line-unknown'],
  ])('of %s to %s is refused: %i %s', async (line, plan, status, type) => {
    const answer = await ask('POST', `/lines/${line}/plan-change`, { plan })
    expect(answer).toMatchObject({ status, body: { type } })
  })

  it('of several lines has an outcome for each (row 20)', async () => {
    const lines = ['0972100003', two, '0033999999999']
    const answer = await ask('POST', '/lines/plan-change', { lines, plan: 'entreprise' })
    expect(answer).toMatchObject({
      status: 200,
      body: {
        outcomes: [
          { line: one, outcome: 'scheduled', planChange: { plan: 'entreprise' } },
          { line: two, outcome: 'refused', error: { type: 'plan-same' } },
          { line: '0033999999999', outcome: 'unknown' },
        ],
      },
    })
  })
})

describe('the contract of a line', () => {
  it('is a part of the line, as documented', async () => {
    const { body } = await ask('GET', `/lines/${two}`)
    const { contract } = LineView.strict().parse(body)
    expect(ContractView.strict().parse(contract)).toMatchObject({
      ...{ plan: 'entreprise', label: 'Entreprise', plans: [] },
      calls: { limit: 2, included: 2, extra: 0, maximum: 99, extraPrice: '1.00' },
      nextRenewal: '2026-01-31T23:00:00.000Z',
      ...{ planChange: null, decrease: null, order: null },
    })
  })

  it('goes back to the site file when the operator says so', async () => {
    await ask('POST', `/lines/${two}/calls-change`, { calls: 5, ...accepted })
    await ask('POST', '/orders/1/pay')
    const differing = z.array(z.unknown()).parse((await ask('GET', '/contracts')).body)
    expect(differing).toEqual([
      {
        line: two,
        initial: { plan: 'entreprise', calls: 2 },
        inForce: { plan: 'entreprise', calls: 5 },
      },
    ])
    expect(await ask('DELETE', `/lines/${two}/contract`)).toMatchObject({
      body: { calls: { limit: 2 } },
    })
    expect((await ask('GET', '/contracts')).body).toEqual([])
  })
})
