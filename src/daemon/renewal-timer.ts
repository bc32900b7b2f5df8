import type { Logger } from 'pino'
import { StoreUnavailable } from '../store/database.js'
import type { CalendarClock } from './calendar-clock.js'

/** A timer of Node's knows 24 days at most, and the machine's clock may be set meanwhile. */
const LOOK_AGAIN_MS = 60_000
const RETRY_MS = 5_000

/** What is done at its time: the desk of contracts. */
interface Agenda {
  readonly nextDueMs: number | undefined
  settle(): Promise<void>
}

/**
 * Applies what is due at the instant at which it is due, and what became due while
 * nobody ran when it starts (spec D6). The desk itself makes sure that it is applied once.
 */
export class RenewalTimer {
  readonly #agenda: Agenda
  readonly #clock: CalendarClock
  readonly #log: Logger
  #timer: NodeJS.Timeout | undefined
  #stopped = false

  constructor(agenda: Agenda, clock: CalendarClock, log: Logger) {
    this.#agenda = agenda
    this.#clock = clock
    this.#log = log
  }

  /** Applies what is due, and sets itself anew; called again when something else waits. */
  look(): void {
    clearTimeout(this.#timer)
    this.#agenda.settle().then(
      () => this.#wait(),
      (error: unknown) => {
        const reason = error instanceof StoreUnavailable ? 'the store' : 'bug'
        this.#log.error({ err: error }, `renewals: not applied (${reason})`)
        this.#again(RETRY_MS)
      },
    )
  }

  /** Something waits that did not before, or no longer. */
  changed(): void {
    // After the decision that changed it is written.
    this.#again(0)
  }

  stop(): void {
    this.#stopped = true
    clearTimeout(this.#timer)
  }

  #wait(): void {
    const { nextDueMs } = this.#agenda
    const dueIn = nextDueMs === undefined ? LOOK_AGAIN_MS : nextDueMs - this.#clock.now()
    this.#again(Math.max(0, Math.min(dueIn, LOOK_AGAIN_MS)))
  }

  #again(afterMs: number): void {
    clearTimeout(this.#timer)
    if (this.#stopped) return
    this.#timer = setTimeout(() => this.look(), afterMs)
    this.#timer.unref()
  }
}
