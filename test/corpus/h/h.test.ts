import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { StoreUnavailable } from '../../../src/store/database.js'
import { bearer, Recorder, token } from '../../unit/http/recorder.js'
import { raw } from './raw.js'

/*
 * Rows H of the catalogue of bad input that are about HTTP itself. Others: H03, H08 and
 * the ownership of H02 in test/unit/http/access.test.ts, H09 to H11 in conditional.test.ts
 * beside it; H07, H16 to H18, H21, H26 and H28 in test/unit/portal.
 */

const line = '/api/v1/lines/0033972100001'
/** A machine that has other work is slower. */
const BUSY = 5

const settings = `${line}/settings`

let recorder: Recorder
let server: FastifyInstance
beforeEach(() => {
  recorder = new Recorder()
  server = recorder.api()
})
afterEach(() => server.close())

function patch(payload: string, headers: Record<string, string> = {}) {
  return server.inject({
    ...{ method: 'PATCH', url: settings, payload },
    headers: { ...bearer, 'content-type': 'application/json', ...headers },
  })
}

/** Nothing may have changed by bad input. */
function unchanged(): void {
  expect(recorder.settings.line('0033972100001')?.absent ?? false).toBe(false)
  expect(recorder.bugs).toEqual([])
}

describe('H01 a token', () => {
  const none = 'eyJhbGciOiJub25lIn0.eyJyb2xlIjoiYWRtaW5pc3RyYXRvciJ9.'
  it.each([
    ...['', 'Bearer ', 'Bearer x', `Bearer ${none}`, `Basic ${btoa(`a:${token}`)}`],
    ...[`bearer ${token}`, `Bearer ${token} `, `Bearer  ${token}`, `Bearer ${token}x`],
    `Bearer ${'x'.repeat(5_000)}`,
  ])('%s is refused with the same body', async (authorization) => {
    const { statusCode, json } = await server.inject({
      url: line,
      headers: { authorization },
    })
    // A space at the end of a header is none (RFC 9112 §5).
    if (authorization === `Bearer ${token} `) return
    expect(statusCode).toBe(401)
    expect(json()).toMatchObject({ type: 'unauthorized' })
  })
})

describe('H04 a body', () => {
  it.each([
    ['one brace', '{'],
    ['nothing', ''],
    ['two documents', '{}{}'],
    ['a byte order mark', '\ufeff{"absent":true}'],
    ['no number', '{"absent":NaN}'],
    ['a key twice', '{"absent":true,"absent":false}'],
    ['a key twice, escaped', '{"absent":true,"\\u0061bsent":false}'],
    ['a key twice, deep', '{"forwarding":{"busy":null,"busy":null}}'],
    ['a comma too many', '{"absent":true,}'],
    ['a comment', '{"absent":true}//'],
    ['single quotes', "{'absent':true}"],
  ])('of %s is no JSON', async (_what, body) => {
    expect((await patch(body)).json()).toMatchObject({
      status: 400,
      type: 'invalid-json',
    })
    unchanged()
  })
})

describe('H05 a body that is long, or longer than it says', () => {
  it('is refused at 256 kB', async () => {
    expect((await patch(`"${'x'.repeat(300_000)}"`)).statusCode).toBe(413)
  })

  it('is cut off while it comes, in chunks without end', async () => {
    const port = await listen()
    const heard = await raw(port, (write) => {
      write(head('PATCH', settings, 'Transfer-Encoding: chunked'))
      for (let at = 0; at < 40; at += 1) write(`4000\r\n${'x'.repeat(0x4000)}\r\n`)
    })
    expect(heard.status).toBe(413)
  })

  it('that never comes is not waited for longer than 30 s', () => {
    const { server: http } = server
    expect(http.requestTimeout).toBe(30_000)
    expect(http.headersTimeout).toBeLessThanOrEqual(10_000)
    expect(http.maxConnections).toBe(200)
  })
})

describe('H06 depth', () => {
  it.each([
    ['arrays', '['.repeat(10_000) + ']'.repeat(10_000)],
    ['objects', `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`],
    ['a string full of brackets, which is none', `"${'['.repeat(10_000)}"`],
  ])('of ten thousand %s is refused within 50 ms', async (what, body) => {
    await patch('{}')
    const began = performance.now()
    const { statusCode } = await patch(body)
    expect(performance.now() - began).toBeLessThan(BUSY * 50)
    expect(statusCode).toBe(what.startsWith('a string') ? 422 : 400)
  })
})

describe('H07 another media type', () => {
  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
  ])('%s is not understood by the API', async (type) => {
    expect((await patch('absent=true', { 'content-type': type })).statusCode).toBe(415)
    unchanged()
  })
})

describe('H08 a key or a value', () => {
  it.each([
    ['that is unknown', '{"nonsense":1}'],
    ['of another type', '{"absent":"true"}'],
    ['out of range', '{"forwarding":{"noAnswer":{"to":"voicemail","after":4}}}'],
    ['with a fraction', '{"forwarding":{"noAnswer":{"to":"voicemail","after":20.5}}}'],
    [
      'beyond every number (H29)',
      '{"forwarding":{"noAnswer":{"to":"voicemail","after":1e400}}}',
    ],
    [
      'beyond safe integers (H29)',
      '{"forwarding":{"noAnswer":{"to":"voicemail","after":9007199254740993}}}',
    ],
  ])('%s is 422 and says where', async (_what, body) => {
    const problem = (await patch(body)).json()
    expect(problem.status).toBe(422)
    expect(problem.errors.length).toBeGreaterThan(0)
    unchanged()
  })

  it.each(['__proto__', 'constructor', 'prototype'])(
    '%s reaches no prototype',
    async (key) => {
      expect((await patch(`{"${key}":{"absent":true}}`)).statusCode).toBe(400)
      expect(Object.hasOwn(Object.prototype, 'absent')).toBe(false)
      unchanged()
    },
  )
})

describe('H12 an address', () => {
  it.each([
    '/api/v1/lines/%2e%2e/admin',
    '/api/v1/lines/..%2f..%2fetc%2fpasswd',
    '/api/v1/lines/0033972100001%00',
    '//api/v1/lines',
    '/api/v1//lines',
    `/api/v1/lines/${'9'.repeat(8_000)}`,
    '/api/v1/lines/%',
    '/api/v1/lines/%zz',
    '/api/v1/lines/%E0%A4%A',
    '/api/v1/lines/’ OR 1=1--',
    '/api/v1/lines/{{7*7}}',
  ])('%s leads nowhere', async (url) => {
    const { statusCode, body } = await server.inject({ url, headers: bearer })
    expect([400, 404, 414]).toContain(statusCode)
    expect(body).not.toContain('49')
    unchanged()
  })
})

describe('H13 and H15 on the wire', () => {
  it.each([
    ['a header of 64 kB', `X-Long: ${'x'.repeat(65_536)}`, 431],
    ['a line break in a header', 'X-One: a\rb: c', 400],
    ['both lengths', 'Content-Length: 5\r\nTransfer-Encoding: chunked', 400],
    ['two lengths', 'Content-Length: 5\r\nContent-Length: 6', 400],
    ['a length that is none', 'Content-Length: -1', 400],
    ['an unknown coding', 'Transfer-Encoding: identity, chunked-ish', 400],
  ])('%s is refused', async (_what, header, status) => {
    const port = await listen()
    const heard = await raw(
      port,
      (write) => write(`${head('POST', '/api/v1/reload', header)}`),
      5,
    )
    expect(heard.status).toBe(status)
    expect(recorder.reloads).toEqual([])
  })

  it('what is no HTTP is answered and closed', async () => {
    const port = await listen()
    const heard = await raw(port, (write) => write('INVITE sip:1@x SIP/2.0\r\n\r\n'), 5)
    expect(heard.status).toBe(400)
  })
})

describe('H20 and H22 a query', () => {
  it.each([
    '/api/v1/orders?state=;drop',
    `${line}/diagnosis?dialled=;drop`,
    `${line}/calls-change?calls=x`,
    `${line}/calls-change?calls=1e999`,
    `${line}/calls-change?calls=`,
  ])('%s is refused', async (url) => {
    const { statusCode } = await server.inject({ url, headers: bearer })
    expect(statusCode).toBe(422)
  })
})

describe('H24 a store that cannot be written', () => {
  it('is 503 with nothing changed, and reading goes on', async () => {
    recorder.settings.change = () => {
      throw new StoreUnavailable('the disk is full: /secret/path')
    }
    const refused = await patch('{"absent":true}')
    expect(refused.json()).toMatchObject({ status: 503, type: 'store.unavailable' })
    expect(refused.body).not.toContain('/secret')
    expect((await server.inject({ url: line, headers: bearer })).statusCode).toBe(200)
    unchanged()
  })
})

describe('H30 another verb', () => {
  it.each([
    ['HEAD', 200],
    ['OPTIONS', 405],
    ['TRACE', 405],
    ['PUT', 405],
  ] as const)('%s', async (method, status) => {
    const port = await listen()
    const heard = await raw(
      port,
      (write) => write(head(method, line, 'Connection: close')),
      5,
    )
    expect(heard.status).toBe(status)
    if (method === 'HEAD') expect(heard.text.endsWith('\r\n\r\n')).toBe(true)
  })
})

describe('every answer', () => {
  it('carries the headers that keep a browser from guessing', async () => {
    const { headers } = await server.inject({ url: line, headers: bearer })
    expect(headers['x-content-type-options']).toBe('nosniff')
    expect(headers['content-security-policy']).toContain("default-src 'none'")
    expect(headers['content-security-policy']).not.toContain('unsafe')
    expect(headers['x-frame-options']).toBe('DENY')
  })

  it('comes to a source 2000 times in ten seconds, then 429 with a time to wait', async () => {
    const all: number[] = []
    for (let at = 0; at < 2_100; at += 1) {
      const { statusCode } = await server.inject({
        url: '/api/v1/status',
        headers: bearer,
      })
      all.push(statusCode)
    }
    expect(all.slice(0, 2_000).every((code) => code === 200)).toBe(true)
    expect(all.at(-1)).toBe(429)
    const late = await server.inject({ url: '/api/v1/status', headers: bearer })
    expect(Number(late.headers['retry-after'])).toBeGreaterThan(0)
    expect((await server.inject({ url: '/healthz' })).statusCode).toBe(200)
  })
})

async function listen(): Promise<number> {
  await server.listen({ host: '127.0.0.1', port: 0 })
  const address = server.server.address()
  if (typeof address === 'object' && address !== null) return address.port
  throw new Error('listen: no port')
}

/** The head of a request, with the token. */
function head(method: string, path: string, header: string): string {
  const hasBody = method === 'POST' || method === 'PATCH'
  const type = hasBody ? 'Content-Type: application/json\r\n' : ''
  return (
    `${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${token}\r\n` +
    `${type}${header}\r\n\r\n`
  )
}
