import { beforeEach, describe, expect, it } from 'vitest'
import { accepted, asking, three, two } from './asking.js'
import { Recorder } from './recorder.js'

let recorder: Recorder
let ask: ReturnType<typeof asking>
beforeEach(() => {
  recorder = new Recorder()
  ask = asking(recorder)
})

describe('a customer of Atelier', () => {
  let headers: object
  beforeEach(() => {
    const token = {
      name: 'atelier',
      role: 'customer',
      lines: [two],
      readOnly: false,
    } as const
    const made = recorder.accounts.addToken(token, undefined)
    headers = { authorization: `Bearer ${made?.secret.reveal()}` }
  })

  it('orders and cancels for his own line, and pays nothing himself', async () => {
    const url = `/lines/${two}/calls-change`
    expect(await ask('POST', url, { calls: 3, ...accepted }, headers)).toMatchObject({
      ...{ status: 201, body: { by: 'token atelier' } },
    })
    expect((await ask('GET', '/orders', undefined, headers)).body).toHaveLength(1)
    expect(await ask('POST', '/orders/1/pay', undefined, headers)).toMatchObject({
      status: 403,
    })
    expect(await ask('POST', '/orders/1/cancel', undefined, headers)).toMatchObject({
      body: { state: 'cancelled' },
    })
  })

  it('sees nobody else’s lines or orders', async () => {
    await ask('POST', `/lines/${three}/calls-change`, { calls: 5, ...accepted })
    expect((await ask('GET', '/orders', undefined, headers)).body).toEqual([])
    const foreign = await ask('GET', '/orders/1', undefined, headers)
    expect(foreign).toEqual(await ask('GET', '/orders/2', undefined, headers))
    expect(await ask('POST', '/orders/1/cancel', undefined, headers)).toEqual(foreign)
    for (const [method, path, body] of [
      ['POST', `/lines/${three}/calls-change`, { calls: 5, ...accepted }],
      ['GET', `/lines/${three}/contract`, undefined],
      ['DELETE', `/lines/${three}/plan-change`, undefined],
    ] as const) {
      expect(await ask(method, path, body, headers)).toMatchObject({ status: 404 })
    }
    const lines = [two, three]
    const several = { lines, plan: 'entreprise' }
    expect(await ask('POST', '/lines/plan-change', several, headers)).toMatchObject({
      body: { outcomes: [{ outcome: 'refused' }, { line: three, outcome: 'unknown' }] },
    })
    expect(await ask('GET', '/contracts', undefined, headers)).toMatchObject({
      status: 403,
    })
  })

  it('takes no decrease back: the operator does', async () => {
    const url = `/lines/${two}/calls-change`
    await ask('POST', url, { calls: 1 }, headers)
    expect(await ask('DELETE', url, undefined, headers)).toMatchObject({ status: 403 })
    expect(
      await ask('DELETE', `/lines/${two}/contract`, undefined, headers),
    ).toMatchObject({
      status: 403,
    })
  })
})
