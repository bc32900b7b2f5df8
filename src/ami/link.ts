import type { Logger } from 'pino'
import { type Ami, type AmiOptions, connectAmi } from './ami.js'

const FIRST_RETRY_MS = 100
const LAST_RETRY_MS = 2_000

/**
 * The controller's connection to AMI: tried until it comes and opened again when it
 * goes. Whatever has to stand in Asterisk is written anew each time, by `onUp`.
 */
export class AmiLink {
  readonly #options: AmiOptions
  readonly #log: Logger
  #ami: Ami | undefined
  #retry: NodeJS.Timeout | undefined
  #closed = false

  constructor(options: AmiOptions, log: Logger) {
    this.#options = options
    this.#log = log
  }

  /** The connection, or undefined while there is none. */
  get ami(): Ami | undefined {
    return this.#ami?.connected ? this.#ami : undefined
  }

  /** Begins to connect and never gives up; `onUp` is called at each connection. */
  open(onUp: (ami: Ami) => void): void {
    this.#connect(onUp, FIRST_RETRY_MS)
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#retry)
    this.#ami?.close()
  }

  #connect(onUp: (ami: Ami) => void, retryMs: number): void {
    connectAmi(this.#options).then(
      (ami) => {
        if (this.#closed) {
          ami.close()
          return
        }
        this.#ami = ami
        ami.onChange((connected) => {
          if (connected) onUp(ami)
          else this.#log.warn('AMI: connection lost; settings are not mirrored meanwhile')
        })
        onUp(ami)
      },
      (error: unknown) => {
        if (this.#closed) return
        // Said once at each length of wait, not at each try.
        const level = retryMs === FIRST_RETRY_MS ? 'warn' : 'debug'
        this.#log[level]({ err: error }, 'AMI: not reachable yet')
        const next = Math.min(retryMs * 2, LAST_RETRY_MS)
        this.#retry = setTimeout(() => this.#connect(onUp, next), retryMs)
      },
    )
  }
}
