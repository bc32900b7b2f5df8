import type { FastifyInstance } from 'fastify'
import { beforeEach, describe, expect, it } from 'vitest'
import { newAccounts } from './new-accounts.js'
import { bearer, Recorder } from './recorder.js'

const line = '/api/v1/lines/0033972100002'

let recorder: Recorder
let server: FastifyInstance
beforeEach(() => {
  recorder = new Recorder()
  server = recorder.api()
})

function patch(settings: object, headers: Record<string, string> = {}) {
  return server.inject({
    ...{ method: 'PATCH', url: `${line}/settings`, payload: settings },
    headers: { ...bearer, ...headers },
  })
}

async function tagOf(url: string): Promise<string> {
  const { headers } = await server.inject({ url, headers: bearer })
  return String(headers['etag'])
}

describe('an ETag', () => {
  it('is the same for the line and its settings, and another after a change', async () => {
    const before = await tagOf(line)
    expect(before).toMatch(/^"[\w-]{22}"$/)
    expect(await tagOf(`${line}/settings`)).toBe(before)
    const changed = await patch({ absent: true })
    expect(changed.headers['etag']).not.toBe(before)
    expect(await tagOf(line)).toBe(changed.headers['etag'])
  })

  it('is the same after a restart, and another in another deployment', async () => {
    const before = await tagOf(line)
    server = new Recorder().api()
    expect(await tagOf(line)).toBe(before)
    const accounts = newAccounts('a-token-of-another-folder')
    server = new Recorder().api({ accounts })
    const headers = { authorization: 'Bearer a-token-of-another-folder' }
    const other = await server.inject({ url: line, headers })
    expect(other.headers['etag']).not.toBe(before)
  })

  it('changes with the PIN, which it does not give away', async () => {
    const before = await tagOf(line)
    await patch({ lock: { pin: '4917' } })
    const after = await tagOf(line)
    expect(after).not.toBe(before)
  })
})

describe('If-Match (H09)', () => {
  it('lets pass what was read, and refuses what is old', async () => {
    const tag = await tagOf(line)
    expect((await patch({ absent: true }, { 'if-match': tag })).statusCode).toBe(200)
    const late = await patch({ absent: false }, { 'if-match': tag })
    expect(late.json()).toMatchObject({ status: 412, type: 'precondition-failed' })
    expect(recorder.settings.line('0033972100002')?.absent).toBe(true)
  })

  it.each(['*', '"other", *'])('%s is whatever there is', async (tag) => {
    expect((await patch({ absent: true }, { 'if-match': tag })).statusCode).toBe(200)
  })

  it('of two at once one wins, each time (H11)', async () => {
    for (let round = 0; round < 100; round += 1) {
      const headers = { 'if-match': await tagOf(line) }
      const both = await Promise.all([
        patch(
          { forwarding: { noAnswer: { to: '0612345678', after: 5 + (round % 50) } } },
          headers,
        ),
        patch({ forwarding: { noAnswer: { to: '0612345678', after: 55 } } }, headers),
      ])
      const codes = both.map(({ statusCode }) => statusCode).sort()
      // Once in a while both want the same, which changes nothing twice.
      expect(codes.filter((code) => code === 200).length).toBeGreaterThanOrEqual(1)
      if (round % 50 !== 0) expect(codes).toEqual([200, 412])
    }
  })
})

describe('Idempotency-Key (H10)', () => {
  const order = (key: string, aliases: number, more: object = {}) =>
    server.inject({
      ...{ method: 'POST', url: '/api/v1/orders' },
      payload: { aliases, termsAccepted: true, ...more },
      headers: { ...bearer, 'idempotency-key': key },
    })

  it('twice is once, with the same answer', async () => {
    const first = await order('k1', 3)
    const again = await order('k1', 3)
    expect(first.statusCode).toBe(201)
    expect([again.statusCode, again.body]).toEqual([201, first.body])
    expect(again.headers['idempotent-replayed']).toBe('true')
    expect(await recorder.contracts.orders()).toHaveLength(1)
  })

  it('with another body is refused', async () => {
    await order('k1', 3)
    expect((await order('k1', 4)).json()).toMatchObject({
      ...{ status: 422, type: 'idempotency-key-reused' },
    })
    expect(await recorder.contracts.orders()).toHaveLength(1)
  })

  it('of a refused request may be used again', async () => {
    expect((await order('k1', 3, { termsAccepted: false })).statusCode).toBe(422)
    expect((await order('k1', 3)).statusCode).toBe(201)
  })

  it('of two customers are two', async () => {
    const { accounts } = recorder
    const made = accounts.addToken(
      { name: 'paul', role: 'customer', lines: ['0033972100002'], readOnly: false },
      undefined,
    )
    await order('k1', 3)
    const other = await server.inject({
      ...{ method: 'POST', url: '/api/v1/orders' },
      payload: { aliases: 5, termsAccepted: true },
      headers: {
        authorization: `Bearer ${made?.secret.reveal()}`,
        'idempotency-key': 'k1',
      },
    })
    expect(other.json()).toMatchObject({ count: 5 })
  })

  it('a hundred times at once orders once', async () => {
    const all = await Promise.all(Array.from({ length: 100 }, () => order('k9', 2)))
    const codes = new Set(all.map(({ statusCode }) => statusCode))
    expect([...codes].every((code) => code === 201 || code === 409)).toBe(true)
    expect(await recorder.contracts.orders()).toHaveLength(1)
  })

  it.each(['', 'x'.repeat(201), 'two words'])('that is %j is refused', async (key) => {
    const { statusCode } = await order(key, 1)
    expect([400, 201]).toContain(statusCode)
    if (key !== '') expect(statusCode).toBe(400)
  })
})
