import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import type { System } from '../../rig/system.js'
import { bearerOf } from './asking.js'

/** One event as a client of the stream sees it. */
export type Told = { id: string; name: string; data: Record<string, unknown> }

/** A client of the event stream of a system. */
export type EventClient = {
  told: () => Told[]
  ended: () => boolean
  /** Stops to read, as a client does that hangs. */
  sleep: () => void
  close: () => void
}

/** Listens to the events of a system. */
export async function listenTo(system: System): Promise<EventClient> {
  const request = get({
    host: system.network.system,
    port: 8080,
    path: '/api/v1/events',
    headers: bearerOf(system),
    agent: false,
  })
  request.on('error', () => undefined)
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  let text = ''
  response.on('data', (bytes: Buffer) => {
    text += bytes.toString()
  })
  response.on('error', () => undefined)
  return {
    told: () => [...text.matchAll(/^id: (.*)\nevent: (.*)\ndata: (.*)$/gm)].map(read),
    ended: () => response.complete || response.destroyed,
    sleep: () => response.pause(),
    close: () => request.destroy(),
  }
}

function read([, id = '', name = '', data = '']: RegExpMatchArray): Told {
  return { id, name, data: JSON.parse(data) as Record<string, unknown> }
}
