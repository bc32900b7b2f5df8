import type { Logger } from 'pino'
import { areEqual } from '../config/equal-values.js'
import {
  forgetLine,
  mirror,
  mirrorBesideLines,
  mirrorLine,
  mirrorOf,
} from '../config/mirror.js'
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

/** Reading all there is costs as much as writing this many lines. */
const MOST_LINES = 200

/**
 * Keeps what the degraded path reads equal to what is in force: all of it at each
 * connection, after a reload what that has changed, one line when that line changes.
 * Answers tell whether it is written; what is not is tried again, and comes with the
 * next connection.
 */
export class Mirroring {
  readonly #inForce: InForce
  readonly #log: Logger
  #all: Promise<unknown> = Promise.resolve()
  /** Lines that changed while all of it is being written. */
  #since: Set<string> | undefined
  /** What all of it was written for; absent while nobody knows what stands there. */
  #written: readonly Line[] | undefined
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

  /** Everything that has changed since everything was written: the site is another. */
  changes(ami: Ami): Promise<boolean> {
    const written = this.#all.then(() =>
      this.#attempt(
        () => this.#writeChanges(ami),
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

  async #writeAll(ami: Ami): Promise<true> {
    const since = new Set<string>()
    this.#since = since
    this.#written = undefined
    const site = this.#inForce.site()
    try {
      await mirror(ami, mirrorOf(site))
    } finally {
      this.#since = undefined
    }
    // What was read before they changed may have been written after.
    for (const number of since) await this.#writeLine(ami, number)
    this.#written = site.lines
    return true
  }

  /** False when a line is not written yet; it is tried again by itself. */
  async #writeChanges(ami: Ami): Promise<boolean> {
    const site = this.#inForce.site()
    const changed = this.#written && changedLines(this.#written, site.lines)
    if (!changed || changed.length > MOST_LINES) return await this.#writeAll(ami)
    this.#written = undefined
    await mirror(ami, mirrorBesideLines(site))
    let complete = true
    // Each in its turn: a subscriber may be changing the same line.
    for (const number of changed) complete = (await this.line(ami, number)) && complete
    if (complete) this.#written = site.lines
    return complete
  }

  async #writeLine(ami: Ami, number: string): Promise<true> {
    const line = this.#inForce.line(number)
    if (line) await mirrorLine(ami, line)
    else await forgetLine(ami, number)
    return true
  }

  async #attempt(write: () => Promise<boolean>, again: () => unknown): Promise<boolean> {
    try {
      return await write()
    } catch (error) {
      if (!(error instanceof AmiError)) throw error
      this.#log.error({ err: error }, 'AMI: the degraded path has no fresh settings')
      setTimeout(again, AGAIN_AFTER_MS).unref()
      return false
    }
  }
}

/** The numbers of the lines that are others now, have come or have gone. */
function changedLines(before: readonly Line[], now: readonly Line[]): string[] {
  const old = new Map(before.map((line) => [line.number, line]))
  const changed = now.filter((line) => {
    const same = areEqual(old.get(line.number), line)
    old.delete(line.number)
    return !same
  })
  return [...changed.map(({ number }) => number), ...old.keys()]
}
