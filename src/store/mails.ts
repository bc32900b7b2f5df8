import { z } from 'zod'
import { atOnce, attempt, type Database } from './database.js'

/**
 * What arrived, and whom to tell: written when it is first seen, settled when a mail
 * server has taken the mail. A row without recipient: seen, and nobody was to be told.
 */
export const mailsTable = `
CREATE TABLE IF NOT EXISTS mails (
  item      TEXT NOT NULL,
  recipient TEXT NOT NULL,
  attach    INTEGER NOT NULL,
  tries     INTEGER NOT NULL,
  due       INTEGER NOT NULL,
  settled   INTEGER NOT NULL,
  PRIMARY KEY (item, recipient)
) STRICT`

/** A mail to be sent. `item` names what arrived, `voicemail/<line>/<id>` or `fax/<file>`. */
export interface Mail {
  readonly item: string
  readonly recipient: string
  readonly attach: boolean
  /** How often it was tried in vain. */
  readonly tries: number
  /** Not to be sent before: wall clock, milliseconds. */
  readonly due: number
}

export interface Recipient {
  readonly to: string
  readonly attach: boolean
}

const Items = z.array(z.object({ item: z.string() }))

/** The items of a prefix that were seen before. Throws StoreUnavailable. */
export function seenItems(database: Database, prefix: string): ReadonlySet<string> {
  const rows = attempt('read the mails', () =>
    database
      .prepare('SELECT DISTINCT item FROM mails WHERE item >= ? AND item < ?')
      .all(prefix, `${prefix}\uffff`),
  )
  return new Set(Items.parse(rows).map((row) => row.item))
}

/** Notes an item and whom to tell of it, at once. Throws StoreUnavailable. */
export function noteItem(
  database: Database,
  item: string,
  recipients: readonly Recipient[],
  now: number,
): void {
  const rows = recipients.length > 0 ? recipients : [{ to: '', attach: false }]
  atOnce(database, 'note a mail', () => {
    for (const { to, attach } of rows) {
      database
        .prepare('INSERT OR IGNORE INTO mails VALUES (?, ?, ?, 0, ?, ?)')
        .run(item, to, attach ? 1 : 0, now, to === '' ? 1 : 0)
    }
  })
}

const Due = z
  .object({
    item: z.string(),
    recipient: z.string(),
    attach: z.number(),
    tries: z.number(),
    due: z.number(),
  })
  .optional()

/** Of the mails that wait to be sent, the one that is due first. Throws StoreUnavailable. */
export function nextMail(database: Database): Mail | undefined {
  const row = attempt('read the mails', () =>
    database.prepare('SELECT * FROM mails WHERE settled = 0 ORDER BY due LIMIT 1').get(),
  )
  const mail = Due.parse(row ?? undefined)
  return mail && { ...mail, attach: mail.attach === 1 }
}

export function settleMail(database: Database, { item, recipient }: Mail): void {
  attempt('settle a mail', () =>
    database
      .prepare('UPDATE mails SET settled = 1 WHERE item = ? AND recipient = ?')
      .run(item, recipient),
  )
}

/** It was tried in vain, and will be again at `due`. */
export function postponeMail(
  database: Database,
  { item, recipient }: Mail,
  due: number,
): void {
  attempt('postpone a mail', () =>
    database
      .prepare(
        'UPDATE mails SET tries = tries + 1, due = ? WHERE item = ? AND recipient = ?',
      )
      .run(due, item, recipient),
  )
}

/** Forgets items that are no more. */
export function forgetItems(database: Database, items: readonly string[]): void {
  atOnce(database, 'forget mails', () => {
    for (const item of items) {
      database.prepare('DELETE FROM mails WHERE item = ?').run(item)
    }
  })
}
