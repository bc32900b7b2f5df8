import { once } from 'node:events'
import { type ClientRequest, get, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { until } from '../../rig/until.js'
import { bearer, Recorder } from './recorder.js'
import { alice, bob, Steps } from './steps.js'

let recorder: Recorder
let steps: Steps
let server: ReturnType<Recorder['api']>
const requests: ClientRequest[] = []

beforeEach(async () => {
  recorder = new Recorder()
  steps = new Steps(recorder)
  server = recorder.api()
  await server.listen({ host: '127.0.0.1', port: 0 })
})
afterEach(async () => {
  for (const request of requests.splice(0)) request.destroy()
  await server.close()
})

type Listening = { response: IncomingMessage; text: () => string; events: () => string[] }

async function listen(headers: Record<string, string> = {}): Promise<Listening> {
  const { port } = server.server.address() as AddressInfo
  const request = get({
    port,
    path: '/api/v1/events',
    headers: { ...bearer, ...headers },
  })
  request.on('error', () => undefined)
  requests.push(request)
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  let text = ''
  response.on('data', (bytes: Buffer) => {
    text += bytes.toString()
  })
  response.on('error', () => undefined)
  await until('it is told when to come back', () => text.startsWith('retry: 2000\n\n'))
  const events = () =>
    [...text.matchAll(/event: (\w+)\ndata: (.*)\n/g)].map(([, a, b]) => `${a} ${b}`)
  return { response, text: () => text, events }
}

describe('a customer', () => {
  it('hears of the slots of his own lines, and of nothing else', async () => {
    const wanted = {
      name: 'bob',
      role: 'customer',
      lines: [bob],
      readOnly: true,
    } as const
    const made = recorder.accounts.addToken(wanted, undefined)
    const everything = await listen()
    const own = await listen({ authorization: `Bearer ${made?.secret.reveal()}` })
    steps.call('a1')
    await until('the call ended', () =>
      everything.events().some((each) => each.startsWith('callEnded')),
    )
    await until('his line is free again', () =>
      own.events().some((each) => each.includes('"inUse":0')),
    )
    expect(own.events().length).toBeGreaterThan(1)
    expect(own.events().every((each) => each.startsWith(`slots {"line":"${bob}"`))).toBe(
      true,
    )
    expect(own.text()).not.toContain(alice)
  })
})

describe('a client', () => {
  it('hears a call from its beginning to its end, slots and all', async () => {
    const client = await listen()
    expect(client.response.headers['content-type']).toBe('text/event-stream')
    steps.call('a1')
    const slots = (line: string, limit: number, inUse: number, ringing: number): string =>
      `slots ${JSON.stringify({ line, limit, inUse, ringing, held: 0 })}`
    await until('the call ended', () =>
      client.events().some((each) => each.startsWith('callEnded')),
    )
    expect(client.events()).toEqual([
      slots(alice, 3, 1, 1),
      `callBegun {"call":"a1","from":"${alice}","to":"${bob}"}`,
      slots(bob, 2, 1, 1),
      'callAnswered {"call":"a1"}',
      slots(bob, 2, 1, 0),
      slots(alice, 3, 1, 0),
      slots(bob, 2, 0, 0),
      slots(alice, 3, 0, 0),
      'callEnded {"call":"a1","cause":16}',
    ])
  })

  it('hears a phone go and come back, and nothing twice', async () => {
    const client = await listen()
    for (const reachable of [false, false, true]) {
      steps.tell({ kind: 'reachable', line: bob, reachable })
    }
    await until('both are told', () => client.events().length >= 2)
    expect(client.events()).toEqual([
      `registration {"line":"${bob}","registered":false}`,
      `registration {"line":"${bob}","registered":true}`,
    ])
  })

  it('that comes back gets what it missed, once', async () => {
    const first = await listen()
    steps.call('a1')
    await until('the call ended', () => first.events().length >= 9)
    const [, , id = ''] = [...first.text().matchAll(/^id: (.*)$/gm)].map(
      ([, each]) => each,
    )
    first.response.destroy()
    const again = await listen({ 'last-event-id': id })
    expect(again.events()).toEqual(first.events().slice(3))
  })

  it.each(['', 'x-1', '999', 'never-was'])(
    'with the strange last id %j is told so',
    async (id) => {
      const client = await listen({ 'last-event-id': id })
      expect(client.events()).toEqual(['lost {}'])
    },
  )

  it('needs the token', async () => {
    const response = await server.inject({ url: '/api/v1/events' })
    expect(response.statusCode).toBe(401)
  })
})

describe('many clients', () => {
  it('of whom a hundred listen leave no room for another, and a place when they go', async () => {
    const clients = await Promise.all(Array.from({ length: 100 }, () => listen()))
    const refused = await server.inject({ url: '/api/v1/events', headers: bearer })
    expect(refused.json()).toMatchObject({ status: 503, type: 'too-many-streams' })
    clients[0]?.response.destroy()
    await until('there is room', () => !recorder.streams.full)
  })

  it('end when the server closes, and do not hold it up', async () => {
    const clients = await Promise.all([listen(), listen()])
    clients[1]?.response.pause()
    const began = performance.now()
    await server.close()
    expect(performance.now() - began).toBeLessThan(2_000)
    await until('the reader is told the end', () => clients[0]?.response.complete)
  })
})
