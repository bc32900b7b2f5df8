import ariClient, { type Client } from 'ari-client'
import {
  type Ari,
  Connection,
  type ConnectionListener,
  type Socket,
  TIME_LIMIT_MS,
} from './connection.js'
import { type AriEnd, readResource } from './read.js'
import { readApis } from './resources.js'
import { timeLimited } from './time-limit.js'

export const APPLICATION = 'linekeeper'
const FIRST_RETRY_MS = 100
const LAST_RETRY_MS = 500

/**
 * Connects to ARI and connects again whenever the connection is lost. Rejects when
 * Asterisk cannot be reached the first time; the caller tries again.
 */
export async function connectAri(
  end: AriEnd,
  listener: ConnectionListener,
): Promise<AriLink> {
  const url = `http://${end.host}:${end.port}`
  // What is no list of its resources ari-client throws where nobody can catch it.
  readApis(await readResource(end, 'api-docs/resources.json', TIME_LIMIT_MS))
  const client = await timeLimited(
    'ARI connect',
    TIME_LIMIT_MS,
    withoutSwaggerNotice(() =>
      ariClient.connect(url, APPLICATION, end.password.reveal()),
    ),
  )
  const link = new AriLink(end, client, listener)
  link.open()
  return link
}

/** The connections to one Asterisk, one after the other, until `close`. */
export class AriLink {
  readonly #end: AriEnd
  readonly #client: Client
  readonly #listener: ConnectionListener
  #connection: Connection | undefined
  #retry: NodeJS.Timeout | undefined
  #retryMs = FIRST_RETRY_MS
  #closed = false

  constructor(end: AriEnd, client: Client, listener: ConnectionListener) {
    this.#end = end
    this.#client = client
    this.#listener = listener
  }

  open(): void {
    this.#connection = new Connection(this.#end, openSocket(this.#client), {
      event: (event, bytes) => {
        if (!this.#closed) this.#listener.event(event, bytes)
      },
      up: (ari) => this.#up(ari),
      down: () => this.#down(),
    })
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#retry)
    this.#connection?.close()
  }

  #up(ari: Ari): void {
    this.#retryMs = FIRST_RETRY_MS
    if (!this.#closed) this.#listener.up(ari)
  }

  #down(): void {
    if (this.#closed) return
    this.#listener.down()
    this.#retry = setTimeout(() => this.open(), this.#retryMs)
    this.#retryMs = Math.min(this.#retryMs * 2, LAST_RETRY_MS)
  }
}

/**
 * A websocket that begins its handshake, and on which nobody else listens. ari-client
 * 2.2.0 crashes on an event type it does not know, waits for ever for a handshake, and
 * gives up reconnecting after ten tries, the last after 25 s (asterisk-facts §2); it
 * keeps its socket in `_ws`.
 */
function openSocket(client: Client): Socket {
  void client.start(APPLICATION)
  const { _ws: socket } = client as Client & { _ws?: Socket }
  if (!socket) throw new Error('ari-client: start() made no socket')
  for (const event of ['open', 'message', 'pong', 'error', 'close'] as const) {
    socket.removeAllListeners(event)
  }
  return socket
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
