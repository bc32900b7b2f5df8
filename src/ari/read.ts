import { get } from 'node:http'
import type { Secret } from '../model/secret.js'
import { AriTimeout } from './time-limit.js'

export interface AriEnd {
  readonly host: string
  readonly port: number
  readonly password: Secret
}

/**
 * Reads a resource over HTTP, as JSON. Never over the event socket: Asterisk 22.10.1
 * builds each of its frames on the stack of a thread, and an answer of half a megabyte,
 * the endpoints of 7,000 lines or 800 channels, kills it (a segmentation fault in
 * res_http_websocket, seen with 10,000 lines). Rejects with AriTimeout when the
 * answer does not come, whole, in time, or Asterisk is not able to give one.
 */
export function readResource(
  { host, port, password }: AriEnd,
  uri: string,
  limitMs: number,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const what = `ARI GET ${uri}`
    const lost = (error: Error): void => {
      reject(new AriTimeout(`${what}: ${error.message}`))
    }
    const resolveJson = (body: string): void => {
      try {
        resolve(JSON.parse(body))
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error
        // It died while it answered.
        lost(new Error('half an answer'))
      }
    }
    const request = get({
      host,
      port,
      path: `/ari/${uri}`,
      auth: `linekeeper:${password.reveal()}`,
      // One connection each: one that is kept may be closed under the next request.
      agent: false,
      signal: AbortSignal.timeout(limitMs),
    })
    request.on('error', lost)
    request.on('response', (response) => {
      const chunks: Buffer[] = []
      response.on('error', lost)
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => {
        const { statusCode = 0 } = response
        const body = Buffer.concat(chunks).toString()
        if (statusCode >= 500) lost(new Error(`${statusCode} ${body}`))
        else if (statusCode !== 200) reject(new Error(`${what}: ${statusCode} ${body}`))
        else resolveJson(body)
      })
    })
  })
}
