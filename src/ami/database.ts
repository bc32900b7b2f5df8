import type { Database } from '../config/mirror.js'
import { AmiError } from './ami-error.js'
import { textOf } from './message.js'
import type { Requests } from './requests.js'

/** Asterisk's own database (AstDB), which the dialplan reads. Writing: class `system`. */

/** Writes one entry; a value may hold any text but line ends. */
export async function dbPut(
  ami: Requests,
  family: string,
  key: string,
  value: string,
): Promise<void> {
  await ami.send({ Action: 'DBPut', Family: family, Key: key, Val: value })
}

/** The value of one entry, or `undefined` when there is none. */
export async function dbGet(
  ami: Requests,
  family: string,
  key: string,
): Promise<string | undefined> {
  const rows = await absentAs([], () =>
    ami.list({ Action: 'DBGet', Family: family, Key: key }),
  )
  const [row] = rows
  return row && textOf(row, 'val')
}

/** Every entry of a family, by key without the family. */
export async function dbTree(
  ami: Requests,
  family: string,
): Promise<ReadonlyMap<string, string>> {
  const rows = await ami.list({ Action: 'DBGetTree', Family: family })
  const prefix = `/${family}/`
  return new Map(
    rows.map((row) => [textOf(row, 'key').slice(prefix.length), textOf(row, 'val')]),
  )
}

/** Removes one entry; one that is not there is not an error. */
export async function dbDel(ami: Requests, family: string, key: string): Promise<void> {
  await absentAs(undefined, async () => {
    await ami.send({ Action: 'DBDel', Family: family, Key: key })
    return undefined
  })
}

/** Removes a whole family; one that is not there is not an error. */
export async function dbDelTree(ami: Requests, family: string): Promise<void> {
  await absentAs(undefined, async () => {
    await ami.send({ Action: 'DBDelTree', Family: family })
    return undefined
  })
}

/** The database of one connection, for those who do not know what AMI is. */
export function databaseOver(ami: Requests): Database {
  return {
    tree: (family) => dbTree(ami, family),
    put: (family, key, value) => dbPut(ami, family, key, value),
    del: (family, key) => dbDel(ami, family, key),
  }
}

/** What Asterisk says when there is no such entry; everything else is an error. */
const ABSENT = /not found|could not be deleted/

async function absentAs<T>(absent: T, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    // Wanted gone and gone already, or asked for and never written: a plain result.
    if (
      error instanceof AmiError &&
      error.kind === 'refused' &&
      ABSENT.test(error.message)
    ) {
      return absent
    }
    throw error
  }
}
