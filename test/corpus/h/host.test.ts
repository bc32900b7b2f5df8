import type { FastifyInstance } from 'fastify'
import { beforeEach, describe, expect, it } from 'vitest'
import { bearer, Recorder } from '../../unit/http/recorder.js'

const line = '/api/v1/lines/0033972100002'

let server: FastifyInstance
beforeEach(() => {
  server = new Recorder().api()
})

describe('H13 the name of the server', () => {
  it.each([
    'evil',
    'evil.example',
    'evil.example:8080',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    'phones.example.org.evil.example',
    'evil.example@127.0.0.1',
  ])('a foreign Host, %s, is 421, and no answer has an address in it', async (host) => {
    for (const url of [line, '/api/v1/openapi.json', '/', '/nowhere']) {
      const { statusCode, body, headers } = await server.inject({
        ...{ url, headers: { ...bearer, host } },
      })
      expect(statusCode).toBe(421)
      expect(body + JSON.stringify(headers)).not.toContain('evil')
    }
  })

  it.each([
    '127.0.0.1:8080',
    '192.0.2.7',
    '[::1]:8080',
    'localhost:8080',
    'Phones.Example.org',
    'phones.example.org.:443',
  ])('an own Host, %s, is answered', async (host) => {
    const { statusCode } = await server.inject({
      ...{ url: line, headers: { ...bearer, host } },
    })
    expect(statusCode).toBe(200)
  })

  it('a proxy on this machine may say under which name it was asked', async () => {
    const asked = async (name: string) =>
      server.inject({
        url: line,
        headers: { ...bearer, host: '127.0.0.1:8080', 'x-forwarded-host': name },
      })
    expect((await asked('phones.example.org')).statusCode).toBe(200)
    expect((await asked('evil.example')).statusCode).toBe(421)
  })

  it('health is told to whoever asks', async () => {
    const { statusCode } = await server.inject({
      ...{ url: '/healthz', headers: { host: 'controller:8080' } },
    })
    expect(statusCode).toBe(200)
  })
})
