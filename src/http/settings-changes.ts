import type { Directory } from '../call/directory.js'
import type { Finding } from '../model/finding.js'
import type { Line } from '../model/line.js'
import type { SettingsChange } from '../model/settings.js'
import type { ShortEntry, ShortOwner } from '../model/short-number.js'
import type { By, JournalEntry } from '../store/journal.js'

/** What became of a change of settings. */
export type Settled =
  | {
      readonly kind: 'changed'
      readonly line: Line
      /** The settings that are others now; none: it was so already. */
      readonly keys: readonly string[]
      /** Whether Asterisk has it as well; if not, it gets it with the next connection. */
      readonly applied: boolean
    }
  | { readonly kind: 'refused'; readonly findings: readonly Finding[] }

/** The settings of the lines, for whoever shows or changes them. */
export interface SettingsChanges {
  /** A line as it is now, by any spelling of its number. */
  line(number: string): Line | undefined
  /** By canonical number. Reject with StoreUnavailable, and then nothing is changed. */
  change(number: string, change: SettingsChange, by: By): Promise<Settled>
  /** Gives a line back to the site file. */
  reset(number: string, by: By): Promise<Settled>
  /** The site as it is now. */
  readonly directory: Directory
  /** The short numbers of a line, a group or everybody. */
  shortNumbers(owner: ShortOwner): readonly ShortEntry[]
  /**
   * Another table of them; tells whether Asterisk has it as well. Rejects with
   * StoreUnavailable, and then nothing is changed.
   */
  replaceShortNumbers(owner: ShortOwner, entries: readonly ShortEntry[]): Promise<boolean>
  /**
   * Opens what the limits on harm have closed to a line (reliability §3.8), and forgets its
   * wrong PINs and remote passwords (T32); `tries` is a key of what it did.
   */
  reopen(number: string, by: By): Promise<Settled>
  /** The latest changes, the last one first. Throws StoreUnavailable. */
  journal(number: string, limit: number): readonly JournalEntry[]
}
