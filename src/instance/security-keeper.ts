import {
  appendFileSync,
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { join } from 'node:path'
import { minuteOf, SecurityDigest } from './security-digest.js'

/** Asterisk writes it. */
export const SECURITY_LOG = 'security.log'
/** What was kept of it, once it was long; the older half beside it, as `.1`. */
export const SECURITY_PAST = 'security-past.log'

/** A day of phones that prove themselves; two seconds of a scan. */
const LONG = 700 * 1024
const PAST_LONGEST = 50 * 1024 * 1024

/**
 * Keeps Asterisk's security log short: a long one is put aside, and of what it says only
 * what matters is kept (`SecurityDigest`).
 */
export class SecurityKeeper {
  readonly #folder: string
  readonly #reopen: () => Promise<unknown>
  readonly #digest = new SecurityDigest()
  #busy = false

  /** `reopen`: has Asterisk close its logs and open them by their names again. */
  constructor(folder: string, reopen: () => Promise<unknown>) {
    this.#folder = folder
    this.#reopen = reopen
  }

  /** Nothing is lost: Asterisk writes on to the file put aside until it opens a new one. */
  async look(now: Date): Promise<void> {
    if (this.#busy) return
    this.#busy = true
    try {
      this.#keep(this.#digest.upTo(minuteOf(now.toISOString())))
      const log = join(this.#folder, SECURITY_LOG)
      const aside = `${log}.aside`
      if (!existsSync(aside)) {
        if (sizeOf(log) < LONG) return
        renameSync(log, aside)
      }
      await this.#reopen()
      // It did not answer: next time.
      if (!existsSync(log)) return
      this.#keep(this.#digest.of(readFileSync(aside, 'utf8').split('\n')))
      rmSync(aside)
    } finally {
      this.#busy = false
    }
  }

  #keep(lines: readonly string[]): void {
    if (lines.length === 0) return
    const past = join(this.#folder, SECURITY_PAST)
    if (sizeOf(past) > PAST_LONGEST) renameSync(past, `${past}.1`)
    appendFileSync(past, `${lines.join('\n')}\n`, { mode: 0o640 })
  }
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}
