import ariClient, { type Client } from 'ari-client'
import type { Secret } from '../model/secret.js'
import { readResource } from './read.js'
import { timeLimited } from './time-limit.js'

/** Everything we need of ARI, and nothing of ari-client's own types (style §7). */
export interface Ari {
  /** REST over the event socket: the way of every `continue` (asterisk-facts §12). */
  request(method: 'POST' | 'DELETE', uri: string): Promise<Response>
  /** What there is, as JSON, however much. Rejects with AriTimeout. */
  read(uri: string): Promise<unknown>
  /** REST over HTTP by ari-client, for what is not in a call's way. */
  call<T>(operation: (client: Client) => Promise<T>): Promise<T>
  close(): void
}

export interface Response {
  readonly status: number
  readonly body: string
}

export interface AriEnd {
  readonly host: string
  readonly port: number
  readonly password: Secret
}

/** What the socket tells; called in the order in which things happen. */
export interface AriListener {
  /** A JSON event, parsed and otherwise as Asterisk sent it, and its length. */
  event(event: unknown, bytes: number): void
  /** The socket is open (again): nothing of what happened meanwhile is replayed. */
  up(ari: Ari): void
  down(): void
}

export const APPLICATION = 'linekeeper'
const TIME_LIMIT_MS = 3_000
/** ARI answers in a millisecond; more waiting than this is a fault, not a load. */
const MAX_PENDING = 2_000
const PING_EVERY_MS = 5_000
const PONG_WITHIN_MS = 10_000

/** ari-client's socket, of which its types say nothing. */
interface Socket {
  send(text: string): void
  ping(): void
  terminate(): void
  removeAllListeners(event: 'message'): void
  on(event: 'message', listener: (data: { toString(): string }) => void): void
  on(event: 'pong' | 'close', listener: () => void): void
}

/**
 * Connects to ARI and keeps connected until `close`. Rejects when Asterisk
 * cannot be reached the first time; the caller tries again.
 *
 * ari-client 2.2.0 crashes on an event type it does not know, leaves promises
 * pending for ever and gives up reconnecting after ten tries (asterisk-facts
 * §2). So its message handler is replaced at each connection, every promise has
 * a time limit, and its last retry starts a new round.
 */
export async function connectAri(end: AriEnd, listener: AriListener): Promise<Ari> {
  const url = `http://${end.host}:${end.port}`
  const client = await timeLimited(
    'ARI connect',
    TIME_LIMIT_MS,
    withoutSwaggerNotice(() =>
      ariClient.connect(url, APPLICATION, end.password.reveal()),
    ),
  )
  const socket = new EventSocket(client, listener)
  const ari: Ari = {
    request: (method, uri) => socket.request(method, uri),
    read: (uri) => readResource(end, uri, TIME_LIMIT_MS),
    call: (operation) => timeLimited('ARI request', TIME_LIMIT_MS, operation(client)),
    close: () => socket.close(),
  }
  client.on('WebSocketConnected', () => socket.opened(ari))
  client.on('WebSocketMaxRetries', () => {
    client.start(APPLICATION).catch(() => undefined)
  })
  await timeLimited('ARI start', TIME_LIMIT_MS, client.start(APPLICATION))
  return ari
}

/** The event socket of one client, through all its reconnections. */
class EventSocket {
  readonly #client: Client
  readonly #listener: AriListener
  readonly #pending = new Map<string, (response: Response) => void>()
  #socket: Socket | undefined
  #requests = 0
  #lastPong = 0
  #pinging: NodeJS.Timeout | undefined
  #closed = false

  constructor(client: Client, listener: AriListener) {
    this.#client = client
    this.#listener = listener
  }

  opened(ari: Ari): void {
    const socket = socketOf(this.#client)
    if (!socket || this.#closed) return
    this.#socket = socket
    socket.removeAllListeners('message')
    socket.on('message', (data) => this.#received(data.toString()))
    socket.on('close', () => this.#lost(socket))
    this.#lastPong = performance.now()
    socket.on('pong', () => {
      this.#lastPong = performance.now()
    })
    clearInterval(this.#pinging)
    this.#pinging = setInterval(() => this.#ping(socket), PING_EVERY_MS)
    this.#listener.up(ari)
  }

  request(method: string, uri: string): Promise<Response> {
    const socket = this.#socket
    if (!socket || this.#pending.size >= MAX_PENDING) {
      const reason = socket ? 'too many requests wait' : 'the socket is down'
      return Promise.reject(new Error(`ARI ${method} ${uri}: ${reason}`))
    }
    this.#requests += 1
    const id = String(this.#requests)
    const answered = new Promise<Response>((resolve) => this.#pending.set(id, resolve))
    socket.send(
      JSON.stringify({
        type: 'RESTRequest',
        transaction_id: id,
        request_id: id,
        method,
        uri,
      }),
    )
    return timeLimited(`ARI ${method} ${uri}`, TIME_LIMIT_MS, answered).finally(() =>
      this.#pending.delete(id),
    )
  }

  close(): void {
    this.#closed = true
    clearInterval(this.#pinging)
    this.#client.stop()
  }

  /** An unreadable event is Asterisk's fault and ours to survive (bad-input E01). */
  #received(text: string): void {
    let event: unknown
    try {
      event = JSON.parse(text)
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error
      event = { type: 'Unreadable' }
    }
    if (isRestResponse(event)) {
      this.#pending.get(event.request_id)?.({
        status: event.status_code,
        body: event.message_body ?? '',
      })
      return
    }
    this.#listener.event(event, text.length)
  }

  #lost(socket: Socket): void {
    if (this.#socket !== socket) return
    this.#socket = undefined
    clearInterval(this.#pinging)
    if (!this.#closed) this.#listener.down()
  }

  /** An open socket proves nothing (reliability rule 3): a silent one is cut. */
  #ping(socket: Socket): void {
    if (performance.now() - this.#lastPong > PONG_WITHIN_MS) socket.terminate()
    else socket.ping()
  }
}

interface RestResponse {
  readonly type: 'RESTResponse'
  readonly request_id: string
  readonly status_code: number
  readonly message_body?: string
}

function isRestResponse(event: unknown): event is RestResponse {
  return (
    typeof event === 'object' &&
    event !== null &&
    'type' in event &&
    event.type === 'RESTResponse' &&
    'request_id' in event &&
    typeof event.request_id === 'string' &&
    'status_code' in event &&
    typeof event.status_code === 'number'
  )
}

function socketOf(client: Client): Socket | undefined {
  // ari-client keeps its socket in `_ws`, replaced at each reconnection.
  return (client as Client & { _ws?: Socket })._ws
}

/** ari-client prints the list of "deprecated" Swagger resources at every connect. */
async function withoutSwaggerNotice<T>(connect: () => Promise<T>): Promise<T> {
  const { log } = console
  console.log = () => undefined
  try {
    return await connect()
  } finally {
    console.log = log
  }
}
