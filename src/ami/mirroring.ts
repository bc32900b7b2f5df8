import type { Logger } from 'pino'
import { mirror, mirrorLine, mirrorOf } from '../config/mirror.js'
import type { Line } from '../model/line.js'
import type { Site } from '../model/site.js'
import type { Ami } from './ami.js'
import { AmiError } from './ami-error.js'

/** What is in force, asked each time it is written. */
interface InForce {
  readonly site: () => Site
  readonly line: (number: string) => Line | undefined
}

/** Asterisk that answers nothing now may answer in a while. */
const AGAIN_AFTER_MS = 5_000

/**
 * Keeps what the degraded path reads equal to what is in force: all of it at each
 * connection and reload, one line when that line changes. Answers tell whether it
 * is written; what is not is tried again, and comes with the next connection.
 */
export class Mirroring {
  readonly #inForce: InForce
  readonly #log: Logger
  #all: Promise<unknown> = Promise.resolve()
  /** Lines that changed while all of it is being written. */
  #since: Set<string> | undefined
  readonly #turns = new Map<string, Promise<boolean>>()

  constructor(inForce: InForce, log: Logger) {
    this.#inForce = inForce
    this.#log = log
  }

  /** Everything; of ten thousand lines it takes two seconds. */
  all(ami: Ami): Promise<boolean> {
    const written = this.#all.then(() =>
      this.#attempt(
        () => this.#writeAll(ami),
        () => ami.connected && this.all(ami),
      ),
    )
    this.#all = written
    return written
  }

  /** One line: what it has by the time its turn comes. */
  line(ami: Ami, number: string): Promise<boolean> {
    this.#since?.add(number)
    const before = this.#turns.get(number) ?? Promise.resolve(true)
    const turn = before.then(() =>
      this.#attempt(
        () => this.#writeLine(ami, number),
        () => ami.connected && this.line(ami, number),
      ),
    )
    this.#turns.set(number, turn)
    void turn.then(() => {
      if (this.#turns.get(number) === turn) this.#turns.delete(number)
    })
    return turn
  }

  async #writeAll(ami: Ami): Promise<void> {
    const since = new Set<string>()
    this.#since = since
    try {
      await mirror(ami, mirrorOf(this.#inForce.site()))
    } finally {
      this.#since = undefined
    }
    // What was read before they changed may have been written after.
    for (const number of since) await this.#writeLine(ami, number)
  }

  async #writeLine(ami: Ami, number: string): Promise<void> {
    const line = this.#inForce.line(number)
    if (line) await mirrorLine(ami, line)
  }

  async #attempt(write: () => Promise<void>, again: () => unknown): Promise<boolean> {
    try {
      await write()
      return true
    } catch (error) {
      if (!(error instanceof AmiError)) throw error
      this.#log.error({ err: error }, 'AMI: the degraded path has no fresh settings')
      setTimeout(again, AGAIN_AFTER_MS).unref()
      return false
    }
  }
}
