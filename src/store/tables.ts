import { contractsTable } from './contracts.js'
import { guardsTable } from './guards.js'
import { journalTable } from './journal.js'
import { mailsTable } from './mails.js'
import { ordersTable } from './orders.js'
import { repliesTable } from './replies.js'
import { scheduledChangesTable } from './scheduled-changes.js'
import { sessionsTable } from './sessions.js'
import { settingsTable } from './settings.js'
import { shortNumbersTable } from './short-numbers.js'
import { tokensTable } from './tokens.js'
import { usersTable } from './users.js'

/** Every table of the store, as the statements that make it where it is missing. */
export const tables: readonly string[] = [
  ...[settingsTable, journalTable, shortNumbersTable],
  ...[contractsTable, scheduledChangesTable, ordersTable],
  ...[mailsTable, guardsTable],
  ...[usersTable, sessionsTable, tokensTable, repliesTable],
]
