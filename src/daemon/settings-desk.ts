import type { Logger } from 'pino'
import type { Ami } from '../ami/ami.js'
import type { Mirroring } from '../ami/mirroring.js'
import { forgetWrongPasswords } from '../ami/wrong-passwords.js'
import type { Loop } from '../ari/loop.js'
import type { Directory } from '../call/directory.js'
import type { Stepped } from '../call/happening.js'
import type { EventStreams } from '../http/event-streams.js'
import { settingsView } from '../http/live-view.js'
import type { Metrics } from '../http/metrics.js'
import type { SettingsChanges, Settled } from '../http/settings-changes.js'
import type { CostlyClass } from '../model/costly.js'
import type { Line } from '../model/line.js'
import { parseNumber } from '../model/phone-number.js'
import type { SettingsChange } from '../model/settings.js'
import type { ShortEntry, ShortOwner } from '../model/short-number.js'
import type { By, JournalEntry } from '../store/journal.js'
import type { Changed, Subscribers } from '../store/subscribers.js'

interface Parts {
  readonly subscribers: Subscribers
  readonly loop: Loop
  readonly mirroring: Mirroring
  readonly ami: () => Ami | undefined
  readonly streams: EventStreams
  readonly metrics: Metrics
  readonly log: Logger
}

/**
 * The one way to change the settings of a line, whichever door it comes by: on the
 * disk, then in force for the next call, then where the degraded path reads it, then
 * told. Only then is it confirmed.
 */
export class SettingsDesk implements SettingsChanges {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  line(number: string): Line | undefined {
    const { country, lines } = this.#parts.subscribers.directory
    const parsed = parseNumber(number, country)
    return parsed.kind === 'number' ? lines.get(parsed.number) : undefined
  }

  /** Throws StoreUnavailable before anything is changed. */
  change(number: string, change: SettingsChange, by: By): Promise<Settled> {
    return this.#settle(this.#parts.subscribers.change(number, change, by), by)
  }

  /** Gives a line back to the site file. */
  reset(number: string, by: By): Promise<Settled> {
    return this.#settle(this.#parts.subscribers.reset(number, by), by)
  }

  get directory(): Directory {
    return this.#parts.subscribers.directory
  }

  shortNumbers(owner: ShortOwner): readonly ShortEntry[] {
    return this.#parts.subscribers.shortNumbers(owner)
  }

  async replaceShortNumbers(
    owner: ShortOwner,
    entries: readonly ShortEntry[],
  ): Promise<boolean> {
    const { subscribers, loop, mirroring, log } = this.#parts
    subscribers.replaceShortNumbers(owner, entries)
    loop.use(subscribers.directory)
    log.info({ owner, entries: entries.length }, 'short numbers changed')
    const ami = this.#parts.ami()
    return ami ? await mirroring.changes(ami) : false
  }

  /** What the core has closed to a line is kept, so that a restart does not open it. */
  stepped({ notes }: Pick<Stepped, 'notes'>): void {
    for (const note of notes) {
      if (note.kind !== 'harm' || !note.closed) continue
      const { line: number, class: costly } = note
      const { closedClasses = [] } = this.directory.lines.get(number) ?? {}
      const by = { door: 'limits', who: note.limit } as const
      this.#close(number, [...new Set([...closedClasses, costly])], by).catch(
        (error: unknown) =>
          this.#parts.log.error(
            { err: error, line: number },
            'store: nothing was closed',
          ),
      )
    }
  }

  async reopen(number: string, by: By): Promise<Settled> {
    const { loop, log } = this.#parts
    const hadGuesses = loop.state.codeUse.pins.has(number)
    loop.tell({ kind: 'reopened', line: number })
    const settled = await this.#close(number, [], by)
    if (settled.kind === 'refused') return settled
    const ami = this.#parts.ami()
    const voicemail = ami ? await forgetWrongPasswords(ami, number) : 'notReached'
    log.info({ line: number, ...by, hadGuesses, voicemail }, 'reopened')
    const tried = hadGuesses || voicemail === 'forgotten'
    return {
      ...settled,
      keys: [...settled.keys, ...(tried ? ['tries'] : [])],
      applied: settled.applied && voicemail !== 'notReached',
    }
  }

  async #close(number: string, closed: readonly CostlyClass[], by: By): Promise<Settled> {
    const changed = this.#parts.subscribers.close(number, closed, by)
    if (!changed) throw new Error(`close: there is no line ${number}`)
    return await this.#settle(changed, by)
  }

  journal(number: string, limit: number): readonly JournalEntry[] {
    return this.#parts.subscribers.journal(number, limit)
  }

  async #settle(changed: Changed, by: By): Promise<Settled> {
    if (changed.kind === 'refused') return changed
    const { line, keys } = changed
    const { subscribers, loop, mirroring } = this.#parts
    if (keys.length > 0) loop.use(subscribers.directory)
    const ami = this.#parts.ami()
    // Unchanged, it is written all the same: who asks again may have missed it before.
    const applied = ami ? await mirroring.line(ami, line.number) : false
    if (keys.length > 0) this.#tell(changed, by, applied)
    return { kind: 'changed', line, keys, applied }
  }

  #tell(
    { line, keys, alarms }: Extract<Changed, { kind: 'changed' }>,
    { door, who }: By,
    applied: boolean,
  ): void {
    const { streams, metrics, log } = this.#parts
    const { number } = line
    metrics.settingsChanged(door)
    log.info({ line: number, keys, door, who, applied }, 'settings changed')
    streams.tell('settings', {
      ...{ line: number, keys, door, applied },
      settings: settingsView(line),
    })
    for (const { kind, ...alarm } of alarms) {
      metrics.alarmed(kind)
      log.warn({ line: number, alarm: kind, ...alarm }, 'settings: worth a look')
      streams.tell('alarm', { line: number, alarm: kind, ...alarm })
    }
  }
}
