import { DateTime } from 'luxon'
import type { Logger } from 'pino'
import { CallBook } from '../call/call-book.js'
import { seenByAsterisk } from '../call/dialled-detail.js'
import type { Directory } from '../call/directory.js'
import type { Stepped } from '../call/happening.js'
import type { CallRecords } from '../http/getCdr.js'
import type { CallDetail } from '../model/call-detail.js'
import { parseNumber } from '../model/phone-number.js'
import { CallLog } from '../store/call-log.js'
import { StoreUnavailable } from '../store/database.js'
import { type MobileUsage, mobileUsage } from '../subscription/usage.js'

/** More calls of one line in one month than this are not counted: nobody talks so much. */
const MOST_OF_A_MONTH = 100_000

/** Writes every call down: joins the loop's steps, the call book and the file. */
export class CallRecorder implements CallRecords {
  readonly #book = new CallBook()
  readonly #log: CallLog
  readonly #logger: Logger
  readonly #directory: () => Directory
  readonly #timeZone: () => string

  constructor(
    dir: string,
    parts: {
      readonly log: Logger
      readonly directory: () => Directory
      readonly timeZone: () => string
    },
  ) {
    this.#logger = parts.log
    this.#directory = parts.directory
    this.#timeZone = parts.timeZone
    this.#log = new CallLog(dir, {
      onTrouble: (message) =>
        parts.log.error({ message }, 'call records: not written, calls go on'),
      onFound: (details) =>
        this.#log.write(details.map((each) => seenByAsterisk(each, this.#directory()))),
    })
  }

  get unwritten(): number {
    return this.#log.unwritten
  }

  get lost(): number {
    return this.#log.lost
  }

  /** Calls that went on when the controller before us ended. Before the first step. */
  async resume(): Promise<void> {
    try {
      this.#book.resume(await this.#log.open())
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error
      // Telephoning without records is better than none of both.
      this.#logger.error({ err: error }, 'call records: not readable, calls go on')
    }
  }

  stepped(stepped: Stepped): void {
    const now = Date.now()
    const changed = this.#book.follow(stepped, this.#directory(), now)
    if (changed.length > 0) this.#log.write(changed)
    for (const { id, line, calls = 1 } of this.#book.floodsOver(now))
      this.#logger.warn({ line, calls, record: id }, 'calls refused for their pace')
  }

  matching(filter: Parameters<CallLog['matching']>[0]): Promise<readonly CallDetail[]> {
    return this.#log.matching(filter)
  }

  async usage(
    number: string,
    month: string | undefined,
  ): Promise<MobileUsage | undefined> {
    const line = this.#directory().lines.get(this.canonical(number) ?? '')
    if (!line) return undefined
    const zone = { zone: this.#timeZone() }
    const begin =
      month === undefined
        ? DateTime.now().setZone(zone.zone).startOf('month')
        : DateTime.fromISO(month, zone)
    const details = await this.#log.matching({
      line: line.number,
      from: begin.toMillis(),
      to: begin.plus({ months: 1 }).toMillis(),
      limit: MOST_OF_A_MONTH,
    })
    return mobileUsage(line.number, this.#directory().plans.get(line.plan) ?? {}, details)
  }

  forget(before: number, dryRun: boolean): Promise<number> {
    return this.#log.older(before, !dryRun)
  }

  canonical(number: string): string | undefined {
    const { country, lines } = this.#directory()
    const parsed = parseNumber(number, country)
    if (parsed.kind !== 'number') return undefined
    return lines.has(parsed.number) ? parsed.number : undefined
  }

  close(): Promise<void> {
    return this.#log.close()
  }
}
