import Libsql from 'libsql'
import { Accounts, type AccountsOptions } from '../../../src/http/accounts.js'
import { Secret } from '../../../src/model/secret.js'
import type { Database } from '../../../src/store/database.js'
import { tables } from '../../../src/store/tables.js'

/** A store that is gone when the test is. */
export function storeInMemory(): Database {
  const database = new Libsql(':memory:')
  database.exec('PRAGMA foreign_keys=ON')
  for (const table of tables) database.exec(table)
  return database
}

/** Accounts without users; passwords cost next to nothing. */
export function newAccounts(
  token: string,
  options: Partial<AccountsOptions> = {},
): Accounts {
  return new Accounts({
    ...{ database: storeInMemory(), token: new Secret(token), now: Date.now },
    ...{ onGuessing: () => undefined, cost: { n: 16, r: 1, p: 1 } },
    ...options,
  })
}
