import { changeSettings } from '../call/change-settings.js'
import { type Directory, directoryOf, withLine } from '../call/directory.js'
import type { CostlyClass } from '../model/costly.js'
import type { Finding } from '../model/finding.js'
import type { Line } from '../model/line.js'
import { classify } from '../model/phone-number.js'
import {
  type SettingDifference,
  settingDifferences,
  withClosedClasses,
  withStored,
} from '../model/setting-keys.js'
import type { SettingsChange } from '../model/settings.js'
import type { ShortEntry, ShortOwner } from '../model/short-number.js'
import type { Site } from '../model/site.js'
import { atOnce, type Database } from './database.js'
import {
  type By,
  forwardChangesSince,
  type JournalEntry,
  journalOf,
  noteChange,
} from './journal.js'
import { putSetting, readSettings, removeSettings, type Stored } from './settings.js'
import { ShortNumbers } from './short-numbers.js'

/** What became of a change. `keys` are the settings that are others now; none: it was so. */
export type Changed =
  | {
      readonly kind: 'changed'
      readonly line: Line
      readonly keys: readonly string[]
      readonly alarms: readonly Alarm[]
    }
  | { readonly kind: 'refused'; readonly findings: readonly Finding[] }

/** What somebody should look at; the change stands all the same (reliability §3.8). */
export type Alarm =
  /** The forwards of a line are changed unusually often; `changes` within the hour. */
  | { readonly kind: 'manyForwardChanges'; readonly changes: number }
  /** Calls to the line go abroad from now on. */
  | { readonly kind: 'forwardAbroad'; readonly forward: string; readonly number: string }

const MANY_FORWARD_CHANGES = 5
const HOUR_MS = 3_600_000

/**
 * The lines as they are: the site file, and what subscribers changed since. The store
 * is written first; what is in memory is never ahead of the disk.
 */
export class Subscribers {
  /** Settings that were damaged on the disk, and begin as the site file says. */
  readonly damaged: number
  readonly #database: Database
  readonly #now: () => number
  #site: Site
  /** What the site file says of each line. */
  #initial: ReadonlyMap<string, Line>
  #stored: Map<string, Stored>
  readonly #shortNumbers: ShortNumbers
  #directory: Directory

  /** Throws StoreUnavailable. `now` is the wall clock, in milliseconds. */
  constructor(site: Site, database: Database, now: () => number) {
    this.#database = database
    this.#now = now
    this.#site = site
    const { lines, damaged } = readSettings(database)
    this.#stored = new Map(lines)
    this.damaged = damaged
    this.#initial = initialOf(site)
    this.#shortNumbers = new ShortNumbers(database)
    this.#directory = this.#build()
  }

  get directory(): Directory {
    return this.#directory
  }

  /** The site with its effective lines. */
  get site(): Site {
    const lines = [...this.#directory.lines.values()]
    return { ...this.#shortNumbers.applied(this.#site), lines }
  }

  /** Another site file; what subscribers changed stays changed. */
  use(site: Site): void {
    this.#site = site
    this.#initial = initialOf(site)
    this.#directory = this.#build()
  }

  /** Orders or renewals changed what lines have of their operator. */
  contracts(contracts: ReadonlyMap<string, Pick<Line, 'plan' | 'calls'>>): void {
    const initial = new Map(this.#initial)
    const lines = new Map(this.#directory.lines)
    for (const [number, contract] of contracts) {
      const before = initial.get(number)
      if (!before) continue
      const line = { ...before, ...contract }
      initial.set(number, line)
      lines.set(number, this.#effective(line))
    }
    this.#initial = initial
    this.#directory = { ...this.#directory, lines }
  }

  /**
   * Changes settings of a line: checked, on the disk, then in force, in this order
   * and at once. Throws StoreUnavailable, and then nothing is changed.
   */
  change(number: string, change: SettingsChange, by: By): Changed {
    const line = this.#directory.lines.get(number)
    if (!line) throw new Error(`change: there is no line ${number}`)
    const changed = changeSettings(line, change, this.#directory)
    if (changed.kind === 'refused') return changed
    const keys = changed.differences.map(({ setting }) => setting.key)
    if (keys.length === 0) return { kind: 'changed', line, keys, alarms: [] }
    const often = this.#keep(number, changed.differences, by)
    const kept = this.#directory.lines.get(number) ?? changed.line
    return {
      kind: 'changed',
      line: kept,
      keys,
      alarms: [...often, ...this.#abroad(kept, keys)],
    }
  }

  /** Gives a line back to the site file. Throws StoreUnavailable. */
  reset(number: string, by: By): Changed {
    const before = this.#directory.lines.get(number)
    const line = this.#initial.get(number)
    if (!before || !line) throw new Error(`reset: there is no line ${number}`)
    const differences = settingDifferences(before, line)
    atOnce(this.#database, 'reset the settings', () => {
      removeSettings(this.#database, number)
      this.#note(number, differences, by)
    })
    this.#stored.delete(number)
    this.#directory = withLine(this.#directory, line)
    const keys = differences.map(({ setting }) => setting.key)
    return { kind: 'changed', line, keys, alarms: [] }
  }

  /** The lines whose subscriber has another setting than the site file, and which. */
  differences(): ReadonlyMap<string, readonly SettingDifference[]> {
    const all = [...this.#stored.keys()].flatMap((number) => {
      const [initial, now] = [
        this.#initial.get(number),
        this.#directory.lines.get(number),
      ]
      if (!initial || !now) return []
      const differences = settingDifferences(initial, now)
      return differences.length === 0 ? [] : [[number, differences] as const]
    })
    return new Map(all)
  }

  /** The latest changes of a line, the last one first. Throws StoreUnavailable. */
  journal(number: string, limit: number): readonly JournalEntry[] {
    return journalOf(this.#database, number, limit)
  }

  /**
   * The limits on harm close a class of a line, or an administrator opens all of them
   * again. Throws StoreUnavailable, and then nothing is changed.
   */
  close(number: string, closed: readonly CostlyClass[], by: By): Changed | undefined {
    const before = this.#directory.lines.get(number)
    if (!before) return undefined
    const line = withClosedClasses(before, closed)
    const differences = settingDifferences(before, line)
    const alarms = differences.length > 0 ? this.#keep(number, differences, by) : []
    const keys = differences.map(({ setting }) => setting.key)
    return { kind: 'changed', line, keys, alarms }
  }

  /** The short numbers of an owner, as they are. */
  shortNumbers(owner: ShortOwner): readonly ShortEntry[] {
    return this.#shortNumbers.of(owner, this.#site)
  }

  /** Another table of short numbers. Throws StoreUnavailable, and then nothing changed. */
  replaceShortNumbers(owner: ShortOwner, entries: readonly ShortEntry[]): void {
    this.#shortNumbers.replace(owner, entries)
    this.#directory = this.#build()
  }

  #build(): Directory {
    const lines = this.#site.lines.map((line) => this.#effective(line))
    return directoryOf({ ...this.#shortNumbers.applied(this.#site), lines })
  }

  #effective(line: Line): Line {
    const stored = this.#stored.get(line.number)
    return stored ? withStored(line, stored) : line
  }

  /** In memory it is what the next start would read from the disk. */
  #keep(number: string, differences: readonly SettingDifference[], by: By): Alarm[] {
    const alarms = atOnce(this.#database, 'keep the settings', () => {
      for (const { setting, after } of differences) {
        putSetting(this.#database, number, setting.key, after)
      }
      this.#note(number, differences, by)
      return this.#often(number, differences)
    })
    const stored = new Map(this.#stored.get(number))
    for (const { setting, after } of differences) stored.set(setting.key, after)
    this.#stored.set(number, stored)
    const initial = this.#initial.get(number)
    if (initial) this.#directory = withLine(this.#directory, this.#effective(initial))
    return alarms
  }

  #note(line: string, differences: readonly SettingDifference[], by: By): void {
    const at = this.#now()
    for (const { setting, before, after } of differences) {
      const { key, secret } = setting
      const shown = secret ? { before: '***', after: '***' } : { before, after }
      noteChange(this.#database, { at, line, ...by, key, ...shown })
    }
  }

  #often(number: string, differences: readonly SettingDifference[]): Alarm[] {
    if (!differences.some(({ setting }) => isForward(setting.key))) return []
    const since = this.#now() - HOUR_MS
    const changes = forwardChangesSince(this.#database, number, since)
    return changes > MANY_FORWARD_CHANGES ? [{ kind: 'manyForwardChanges', changes }] : []
  }

  #abroad({ forwarding }: Line, keys: readonly string[]): Alarm[] {
    const { country, lines, aliases } = this.#directory
    return Object.entries(forwarding).flatMap(([forward, { to }]): Alarm[] => {
      if (!keys.includes(`forwarding.${forward}`) || to.kind !== 'number') return []
      const { number } = to
      if (lines.has(number) || aliases.has(number)) return []
      if (classify(number, country) !== 'international') return []
      return [{ kind: 'forwardAbroad', forward, number }]
    })
  }
}

function initialOf({ lines }: Site): ReadonlyMap<string, Line> {
  return new Map(lines.map((line) => [line.number, line]))
}

function isForward(key: string): boolean {
  return key.startsWith('forwarding.')
}
