import { type AriEnd, readResource } from './read.js'
import { AriTimeout, timeLimited } from './time-limit.js'

/** Everything we need of ARI: one connection, which never comes back once it is lost. */
export interface Ari {
  /**
   * REST over the event socket: the way of every `continue` (asterisk-facts §12), with a
   * body in JSON if there is one. Rejects with AriTimeout, at once when the connection
   * is lost.
   */
  request(
    method: 'POST' | 'PUT' | 'DELETE',
    uri: string,
    body?: object,
  ): Promise<Response>
  /** What there is, as JSON, however much. Rejects with AriTimeout. */
  read(uri: string): Promise<unknown>
}

export interface Response {
  readonly status: number
  readonly body: string
}

/** What a connection tells; called in the order in which things happen. */
export interface ConnectionListener {
  /** A JSON event, parsed and otherwise as Asterisk sent it, and its length. */
  event(event: unknown, bytes: number): void
  up(ari: Ari): void
  /** It is lost, or never came to be. */
  down(): void
}

/** ari-client's socket, of which its types say nothing. */
export interface Socket {
  send(text: string): void
  close(): void
  terminate(): void
  removeAllListeners(event: 'open' | 'message' | 'pong' | 'error' | 'close'): void
  on(event: 'message', listener: (data: { toString(): string }) => void): void
  on(event: 'open' | 'error' | 'close', listener: () => void): void
}

export const TIME_LIMIT_MS = 3_000
/** ARI answers in a millisecond; more waiting than this is a fault, not a load. */
const MAX_PENDING = 2_000
/** Into a dead path goes a handshake that nobody answers, not even with a refusal. */
const OPENS_WITHIN_MS = 1_000
const LOOK_EVERY_MS = 500
/**
 * So many looks in a row at a request that waits, and nothing was heard: nobody is there
 * any more. Counted, since a clock would also count the time in which we stood still.
 */
const SILENT_LOOKS = 3

interface Pending {
  readonly resolve: (response: Response) => void
  readonly reject: (lost: AriTimeout) => void
}

/** One websocket, from its handshake to its end. */
export class Connection implements Ari {
  readonly #end: AriEnd
  readonly #socket: Socket
  readonly #listener: ConnectionListener
  readonly #pending = new Map<string, Pending>()
  readonly #opening: NodeJS.Timeout
  #open = false
  #requests = 0
  #silentLooks = 0
  #looking: NodeJS.Timeout | undefined

  constructor(end: AriEnd, socket: Socket, listener: ConnectionListener) {
    this.#end = end
    this.#socket = socket
    this.#listener = listener
    this.#opening = setTimeout(() => socket.terminate(), OPENS_WITHIN_MS)
    socket.on('open', () => this.#opened())
    socket.on('message', (data) => this.#received(data.toString()))
    socket.on('close', () => this.#lost())
    // `close` follows, and says all we need to know.
    socket.on('error', () => undefined)
  }

  request(method: string, uri: string, body?: object): Promise<Response> {
    if (!this.#open || this.#pending.size >= MAX_PENDING) {
      const reason = this.#open ? 'too many requests wait' : 'the connection is lost'
      return Promise.reject(new AriTimeout(`ARI ${method} ${uri}: ${reason}`))
    }
    this.#requests += 1
    const id = String(this.#requests)
    const answered = new Promise<Response>((resolve, reject) =>
      this.#pending.set(id, { resolve, reject }),
    )
    const asked = { type: 'RESTRequest', transaction_id: id, request_id: id, method, uri }
    const json = { content_type: 'application/json', message_body: JSON.stringify(body) }
    this.#socket.send(JSON.stringify(body ? { ...asked, ...json } : asked))
    return timeLimited(`ARI ${method} ${uri}`, TIME_LIMIT_MS, answered).finally(() =>
      this.#pending.delete(id),
    )
  }

  read(uri: string): Promise<unknown> {
    return readResource(this.#end, uri, TIME_LIMIT_MS)
  }

  close(): void {
    if (this.#open) this.#socket.close()
    else this.#socket.terminate()
  }

  #opened(): void {
    clearTimeout(this.#opening)
    this.#open = true
    this.#looking = setInterval(() => this.#look(), LOOK_EVERY_MS)
    this.#listener.up(this)
  }

  /** An unreadable event is Asterisk's fault and ours to survive (bad-input E01). */
  #received(text: string): void {
    this.#silentLooks = 0
    let event: unknown
    try {
      event = JSON.parse(text)
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error
      event = { type: 'Unreadable' }
    }
    if (isRestResponse(event)) {
      this.#pending.get(event.request_id)?.resolve({
        status: event.status_code,
        body: event.message_body ?? '',
      })
      return
    }
    this.#listener.event(event, text.length)
  }

  #lost(): void {
    clearTimeout(this.#opening)
    clearInterval(this.#looking)
    this.#open = false
    for (const { reject } of this.#pending.values()) {
      reject(new AriTimeout('ARI: the connection was lost before the answer'))
    }
    this.#listener.down()
  }

  /**
   * An open socket proves nothing (reliability rule 3), and neither does a pong: Asterisk
   * sends one, but neither answers nor events, on a websocket whose application it has
   * dropped. The beat of each second is what waits for an answer.
   */
  #look(): void {
    if (this.#pending.size === 0) this.#silentLooks = 0
    else if (this.#silentLooks >= SILENT_LOOKS) this.#socket.terminate()
    else this.#silentLooks += 1
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
