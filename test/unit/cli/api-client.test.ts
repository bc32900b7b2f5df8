import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { apiClient } from '../../../src/cli/api-client.js'

afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

describe('C11 a token in the environment', () => {
  it.each(['abc\n', ' abc', 'abc\r\n', 'abc'])('%j is sent trimmed', async (token) => {
    const warned = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
    const seen: unknown[] = []
    const server = createServer(({ headers }, response) => {
      seen.push(headers.authorization)
      response.setHeader('content-type', 'application/json').end('[]')
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    vi.stubEnv('LINEKEEPER_URL', `http://127.0.0.1:${port}`)
    vi.stubEnv('LINEKEEPER_TOKEN', token)
    const client = await apiClient('/nowhere')
    expect(await client.get('/api/v1/lines')).toEqual([])
    server.closeAllConnections()
    server.close()
    expect(seen).toEqual(['Bearer abc'])
    expect(warned.mock.calls.flat().join('')).toBe(
      token === 'abc' ? '' : 'LINEKEEPER_TOKEN: white space around it\n',
    )
  })

  it.each(['', '\n', 'a\nb', 'é'])('%j is refused unseen', async (token) => {
    vi.spyOn(process.stderr, 'write').mockReturnValue(true)
    vi.stubEnv('LINEKEEPER_URL', 'http://127.0.0.1:1')
    vi.stubEnv('LINEKEEPER_TOKEN', token)
    await expect(apiClient('/nowhere')).rejects.toMatchObject({
      code: 'token.unreadable',
    })
  })
})
