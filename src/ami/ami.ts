import type { Database } from '../config/mirror.js'
import { AmiError } from './ami-error.js'
import { type AmiAddress, Connection } from './connection.js'
import { databaseOver } from './database.js'
import type { Fields, Message } from './message.js'
import type { Requests } from './requests.js'

/** What can be asked of a running Asterisk. Every request ends in the time given. */
export interface Ami extends Requests {
  readonly database: Database
  readonly connected: boolean
  /** Calls `listener` whenever the connection was lost or is back. */
  onChange(listener: (connected: boolean) => void): void
  close(): void
}

export interface AmiOptions extends AmiAddress {
  /** Longest wait for one answer; an action may ask for its own. */
  readonly timeoutMs?: number
  /** Whether a lost connection is opened again; a command-line tool says no. */
  readonly reconnect?: boolean
}

const ACTION_TIMEOUT_MS = 3_000
const FIRST_RETRY_MS = 100
const LAST_RETRY_MS = 5_000

/**
 * Connects and logs in; fails with an `AmiError` when that does not succeed the
 * first time. Afterwards a lost connection is opened again, for ever, until `close`.
 */
export async function connectAmi(options: AmiOptions): Promise<Ami> {
  const session = new Session(options)
  await session.open()
  return session
}

class Session implements Ami {
  readonly database: Database = databaseOver(this)
  readonly #options: AmiOptions
  readonly #timeoutMs: number
  readonly #listeners: ((connected: boolean) => void)[] = []
  #connection: Connection | undefined
  #retry: NodeJS.Timeout | undefined
  #retryMs = FIRST_RETRY_MS
  #closed = false

  constructor(options: AmiOptions) {
    this.#options = options
    this.#timeoutMs = options.timeoutMs ?? ACTION_TIMEOUT_MS
  }

  async open(): Promise<void> {
    const connection = await Connection.open(this.#options, this.#timeoutMs, () => {
      this.#onEnd()
    })
    if (this.#closed) {
      connection.close()
      return
    }
    this.#connection = connection
    this.#retryMs = FIRST_RETRY_MS
  }

  get connected(): boolean {
    return this.#connection?.open ?? false
  }

  onChange(listener: (connected: boolean) => void): void {
    this.#listeners.push(listener)
  }

  send(fields: Fields, timeoutMs?: number): Promise<Message> {
    return this.#connection?.send(fields, timeoutMs) ?? notConnected(fields)
  }

  list(fields: Fields, timeoutMs?: number): Promise<readonly Message[]> {
    return this.#connection?.list(fields, timeoutMs) ?? notConnected(fields)
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#retry)
    this.#connection?.close()
  }

  #onEnd(): void {
    if (this.#closed || !this.#connection) return
    this.#connection = undefined
    this.#tell(false)
    if (this.#options.reconnect ?? true) this.#reopenLater()
  }

  /** Half fixed, half random, so that several clients do not come back in step. */
  #reopenLater(): void {
    const waitMs = this.#retryMs / 2 + (Math.random() * this.#retryMs) / 2
    this.#retryMs = Math.min(this.#retryMs * 2, LAST_RETRY_MS)
    this.#retry = setTimeout(() => {
      this.open().then(
        () => this.#tell(true),
        () => {
          // Whatever the reason, it can be mended from outside: Asterisk comes
          // back, its password file is put right. So the next try is the answer.
          if (!this.#closed) this.#reopenLater()
        },
      )
    }, waitMs)
  }

  #tell(connected: boolean): void {
    if (this.#closed) return
    for (const listener of this.#listeners) listener(connected)
  }
}

function notConnected(fields: Fields): Promise<never> {
  return Promise.reject(
    new AmiError('disconnected', `${fields['Action'] ?? ''}: not connected`),
  )
}
