import { z } from 'zod'
import { attempt, type Database } from './database.js'

/** Who changed which setting of which line, when, and by which door. Only ever added to. */
export const journalTable = `
CREATE TABLE IF NOT EXISTS setting_journal (
  id     INTEGER PRIMARY KEY,
  at     INTEGER NOT NULL,
  line   TEXT NOT NULL,
  door   TEXT NOT NULL,
  who    TEXT NOT NULL,
  key    TEXT NOT NULL,
  before TEXT NOT NULL,
  after  TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS setting_journal_of_line ON setting_journal (line, at)`

/** Where a change came in. */
export const doors = [
  'code',
  'api',
  'cli',
  'portal',
  'voicemail',
  'apply',
  'renewal',
  /** The limits on harm; `who` is the limit. */
  'limits',
] as const
export type Door = (typeof doors)[number]

/** Who changes something; `who` is a line, a customer or `administrator`. */
export interface By {
  readonly door: Door
  readonly who: string
}

/** `before` and `after` are JSON; a secret reads `***` on both sides. */
export interface JournalEntry extends By {
  /** Wall clock, milliseconds. */
  readonly at: number
  readonly line: string
  readonly key: string
  readonly before: unknown
  readonly after: unknown
}

/** Within a transaction of the caller. */
export function noteChange(database: Database, entry: JournalEntry): void {
  const { at, line, door, who, key, before, after } = entry
  database
    .prepare(
      `INSERT INTO setting_journal (at, line, door, who, key, before, after)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(at, line, door, who, key, JSON.stringify(before), JSON.stringify(after))
}

const Json = z.string().transform((text): unknown => JSON.parse(text))
const Rows = z.array(
  z.object({
    at: z.number(),
    line: z.string(),
    door: z.enum(doors),
    who: z.string(),
    key: z.string(),
    before: Json,
    after: Json,
  }),
)

/** The latest changes of a line, the last one first. Throws StoreUnavailable. */
export function journalOf(
  database: Database,
  line: string,
  limit: number,
): readonly JournalEntry[] {
  return attempt('read the journal', () =>
    Rows.parse(
      database
        .prepare(
          `SELECT at, line, door, who, key, before, after FROM setting_journal
           WHERE line = ? ORDER BY id DESC LIMIT ?`,
        )
        .all(line, limit),
    ),
  )
}

/** How often forwards of a line were changed since an instant; several at once are one. */
export function forwardChangesSince(
  database: Database,
  line: string,
  since: number,
): number {
  const Count = z.object({ changes: z.number() })
  return attempt('read the journal', () => {
    const row = database
      .prepare(
        `SELECT count(DISTINCT at) AS changes FROM setting_journal
         WHERE line = ? AND at > ? AND key LIKE 'forwarding.%'`,
      )
      .get(line, since)
    return Count.parse(row).changes
  })
}
