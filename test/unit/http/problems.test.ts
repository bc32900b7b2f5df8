import { beforeEach, describe, expect, it } from 'vitest'
import { bearer, Recorder } from './recorder.js'

let recorder: Recorder
beforeEach(() => {
  recorder = new Recorder()
})

describe('an error', () => {
  it.each([
    ['an unknown address', 'GET', '/nothing', 404, 'not-found'],
    ['an unknown address of the API', 'GET', '/api/v1/nothing', 404, 'not-found'],
    ['an empty number', 'GET', '/api/v1/lines/', 404, 'line-unknown'],
    [
      'another method',
      'DELETE',
      '/api/v1/lines/0033972100001',
      405,
      'method-not-allowed',
    ],
    ['another method outside the API', 'POST', '/healthz', 405, 'method-not-allowed'],
    ['an unknown line', 'GET', '/api/v1/lines/0033999999999', 404, 'line-unknown'],
    ['an alias', 'GET', '/api/v1/lines/0033972200000', 404, 'line-unknown'],
    ['why of an unknown line', 'GET', '/api/v1/lines/7001/why', 404, 'line-unknown'],
    ['an address that is none', 'GET', '/api/v1/lines/%E0%A4%A', 400, 'bad-url'],
    ['a number without end', 'GET', `/api/v1/lines/${'0'.repeat(200)}`, 414, 'bad-url'],
  ] as const)('for %s is a problem', async (_what, method, url, status, type) => {
    const response = await recorder.api().inject({ method, url, headers: bearer })
    expect(response.statusCode).toBe(status)
    expect(response.headers['content-type']).toContain('application/problem+json')
    expect(response.json()).toMatchObject({
      status,
      type,
      title: type.replaceAll('-', ' '),
    })
  })

  it.each([
    ['no JSON', '{', 400, 'invalid-json', 'application/json'],
    ['nothing, called JSON', '', 400, 'invalid-json', 'application/json'],
    ['no JSON at all', '<a/>', 415, 'unsupported-media-type', 'application/xml'],
    ['too long', `"${'x'.repeat(300_000)}"`, 413, 'body-too-large', 'application/json'],
  ])(
    'for a body that is %s is a problem',
    async (_what, payload, status, type, media) => {
      const response = await recorder.api().inject({
        ...{ method: 'POST', url: '/api/v1/reload', payload },
        headers: { ...bearer, 'content-type': media },
      })
      expect(response.json()).toMatchObject({ status, type })
      expect(recorder.reloads).toEqual([])
    },
  )

  it('names the methods that are possible', async () => {
    const response = await recorder.api().inject({
      ...{ method: 'PUT', url: '/api/v1/reload', headers: bearer },
    })
    expect(response.headers.allow).toBe('POST')
  })

  it('that is a bug tells the log, not the client', async () => {
    const url = '/api/v1/lines/bug'
    const response = await recorder.api().inject({ url, headers: bearer })
    expect(response.json()).toMatchObject({ status: 500, type: 'internal-error' })
    expect(response.body).not.toContain('secret')
    expect(recorder.bugs).toHaveLength(1)
  })

  it.each(['/lines', '/calls', '/lines/0033972100001', '/lines/0033972100001/why'])(
    'for %s while Asterisk is away is asterisk-unreachable',
    async (path) => {
      recorder.connected = false
      const response = await recorder
        .api()
        .inject({ url: `/api/v1${path}`, headers: bearer })
      expect(response.json()).toMatchObject({ status: 503, type: 'asterisk-unreachable' })
    },
  )
})

describe('without the token', () => {
  const wrong = ['', 'Bearer', 'Bearer wrong', 'Basic YTpi', 'bearer a-token-of-the-test']
  const asked = [
    '/api/v1/status',
    '/api/v1/nothing',
    '/api/v1/lines/1',
    '/%61pi/v1/status',
  ]

  it('every answer is the same', async () => {
    const server = recorder.api()
    const bodies = new Set<string>()
    for (const url of asked) {
      for (const authorization of wrong) {
        const response = await server.inject({ url, headers: { authorization } })
        expect(response.statusCode, url).toBe(401)
        expect(response.headers['www-authenticate']).toBe('Bearer')
        bodies.add(response.body)
      }
    }
    expect(bodies.size).toBe(1)
  })

  it('another method is not told either', async () => {
    const response = await recorder.api().inject({ method: 'PUT', url: '/api/v1/reload' })
    expect([response.statusCode, response.headers.allow]).toEqual([401, undefined])
  })

  it.each([
    ['/healthz', true, 200],
    ['/readyz', true, 200],
    ['/metrics', true, 200],
    ['/healthz', false, 200],
    ['/readyz', false, 200],
    ['/metrics', false, 401],
  ])('%s on loopback=%s answers %d', async (url, loopback, status) => {
    const response = await recorder.api({ loopback }).inject({ url })
    expect(response.statusCode).toBe(status)
  })

  it('readiness is 503 while calls are not decided', async () => {
    recorder.connected = false
    const response = await recorder.api().inject({ url: '/readyz' })
    expect([response.statusCode, response.json()]).toEqual([503, { status: 'degraded' }])
  })
})
