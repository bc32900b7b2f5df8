import type { Logger } from 'pino'
import { capLogs } from './log-cap.js'
import { SecurityKeeper } from './security-keeper.js'

const CAP_EVERY_MS = 20_000
/** A scan of 1,000 requests a second writes 0.7 MB in each. */
const SECURITY_EVERY_MS = 1_000

export interface LogKeeperOptions {
  /** Asterisk's; none there, none kept: it may run on another machine. */
  readonly folder: string
  /** Has Asterisk close its logs and open them by their names again. */
  readonly reopen: () => Promise<unknown>
  /** Whether Asterisk could be asked to just now. */
  readonly isUp: () => boolean
  readonly log: Logger
}

/**
 * Keeps what Asterisk logs short, as long as it runs: `up` does it for its own, a
 * controller without `up` for the one beside it.
 */
export class LogKeeper {
  readonly #options: LogKeeperOptions
  readonly #security: SecurityKeeper
  #timers: readonly NodeJS.Timeout[] = []

  constructor(options: LogKeeperOptions) {
    this.#options = options
    this.#security = new SecurityKeeper(options.folder, options.reopen)
  }

  start(): void {
    this.#timers = [
      setInterval(() => this.#cap(), CAP_EVERY_MS),
      setInterval(() => this.#shorten(), SECURITY_EVERY_MS),
    ]
  }

  stop(): void {
    for (const timer of this.#timers) clearInterval(timer)
  }

  #cap(): void {
    const { folder, reopen, isUp, log } = this.#options
    if (!isUp()) return
    capLogs(folder, reopen).then(
      (capped) => {
        if (capped) log.warn('Asterisk’s logs are long: somebody may be scanning us')
      },
      (error: unknown) => log.warn({ err: error }, 'Asterisk’s logs could not be capped'),
    )
  }

  #shorten(): void {
    const { isUp, log } = this.#options
    if (!isUp()) return
    this.#security.look(new Date()).catch((error: unknown) => {
      log.warn({ err: error }, 'Asterisk’s security log could not be shortened')
    })
  }
}
