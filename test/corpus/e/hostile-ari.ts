import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { z } from 'zod'
import type { AriEnd } from '../../../src/ari/read.js'
import { Secret } from '../../../src/model/secret.js'
import { ALICE, BOB } from '../../unit/call/told.js'

const Asked = z.object({ request_id: z.string(), method: z.string(), uri: z.string() })
export type Asked = z.infer<typeof Asked>

/** What it says to a request over the event socket; undefined: it does not answer. */
type Answer = { readonly status: number; readonly body?: string } | undefined

const PHONES = [ALICE, BOB].map((resource) => ({ resource, state: 'online' }))

/**
 * What a healthy Asterisk never is: the other end of ARI, which sends and answers what the
 * test likes. Unless told otherwise it is idle, without a call, and takes
 * every request.
 */
export class HostileAri {
  /** Bodies of `GET /ari/…`, each with status 200. */
  readonly bodies: Record<string, string> = {
    'api-docs/none.json': '{"swaggerVersion":"1.1","resourcePath":"/none","apis":[]}',
    'asterisk/info': '{"system":{"version":"22.10.1"}}',
    ...{ channels: '[]', applications: '[]', 'endpoints/PJSIP': JSON.stringify(PHONES) },
  }
  /** Requests over the event socket, without the heartbeat. */
  readonly asked: Asked[] = []
  /** How often a path was read. */
  readonly reads = new Map<string, number>()
  /** Websockets so far. */
  connections = 0
  answer: (asked: Asked) => Answer = () => ({ status: 204 })
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  #events: Socket | undefined

  constructor() {
    this.#server = createServer(({ url = '' }, response) => {
      const path = url.replace(/^\/ari\//, '').replace(/\?.*/, '')
      this.reads.set(path, (this.reads.get(path) ?? 0) + 1)
      response.setHeader('content-type', 'application/json')
      response.end(this.bodies[path] ?? '')
    })
    this.#server.on('connection', (socket) => this.#sockets.add(socket))
    this.#server.on('upgrade', (request, socket) => {
      this.#upgrade(request, socket as Socket)
    })
  }

  async listen(): Promise<AriEnd> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    const { port } = this.#server.address() as AddressInfo
    const basePath = `http://127.0.0.1:${port}/ari/api-docs`
    const apis = [{ path: '/none.json' }]
    const resources = { swaggerVersion: '1.1', basePath, apis }
    this.bodies['api-docs/resources.json'] = JSON.stringify(resources)
    return { host: '127.0.0.1', port, password: new Secret('none-is-needed') }
  }

  /** A text frame, whatever is in it; a binary one with another opcode. */
  send(payload: string | Buffer, opcode = 1): void {
    this.#events?.write(frame(Buffer.from(payload), opcode))
  }

  tell(event: object): void {
    this.send(JSON.stringify(event))
  }

  /** The connection of events ends, in the middle of anything. */
  cut(): void {
    this.#events?.destroy()
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy()
    this.#server.close()
  }

  /** RFC 6455 §4.2.2. */
  #upgrade({ headers }: IncomingMessage, socket: Socket): void {
    this.connections += 1
    this.#events = socket
    const key = `${headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`
    const accept = createHash('sha1').update(key).digest('base64')
    socket.write(
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
        `Sec-WebSocket-Accept: ${accept}\r\n\r\n`,
    )
    let read: Buffer = Buffer.alloc(0)
    socket.on('error', () => socket.destroy())
    socket.on('data', (piece: Buffer) => {
      read = Buffer.concat([read, piece])
      for (let next = unmasked(read); next; next = unmasked(read)) {
        read = next.rest
        this.#received(next.text)
      }
    })
  }

  #received(text: string): void {
    // A ping, or the end.
    if (!text.startsWith('{')) return
    const asked = Asked.parse(JSON.parse(text))
    const isBeat = asked.uri.includes('LK_HB')
    if (!isBeat) this.asked.push(asked)
    const begins = asked.uri.startsWith('applications/')
    const answer = isBeat || begins ? { status: 200 } : this.answer(asked)
    if (!answer) return
    const { request_id } = asked
    const { status: status_code, body: message_body = '' } = answer
    this.tell({ type: 'RESTResponse', request_id, status_code, message_body })
  }
}

/** RFC 6455 §5.2, as a server sends it: not masked. */
function frame(payload: Buffer, opcode: number): Buffer {
  const head = Buffer.alloc(10)
  head[0] = 0x80 | opcode
  // However short: 64 bits of length follow.
  head[1] = 127
  head.writeBigUInt64BE(BigInt(payload.length), 2)
  return Buffer.concat([head, payload])
}

/** The first frame of a client, which masks (RFC 6455 §5.3), and what follows it. */
function unmasked(bytes: Buffer): { text: string; rest: Buffer } | undefined {
  if (bytes.length < 6) return undefined
  const short = bytes.readUInt8(1) & 0x7f
  const extended = short === 126 ? 2 : 0
  const length = extended ? bytes.readUInt16BE(2) : short
  const from = 2 + extended + 4
  if (bytes.length < from + length) return undefined
  const mask = bytes.subarray(from - 4, from)
  const text = bytes
    .subarray(from, from + length)
    .map((byte, at) => byte ^ mask.readUInt8(at % 4))
  return { text: Buffer.from(text).toString(), rest: bytes.subarray(from + length) }
}
