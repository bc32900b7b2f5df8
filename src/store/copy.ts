import { chmodSync } from 'node:fs'
import Libsql from 'libsql'
import { attempt, StoreUnavailable } from './database.js'

/**
 * A copy of a store as of one instant, while others read and write it. Throws
 * StoreUnavailable when it cannot be read.
 */
export function copyStore(from: string, to: string): void {
  attempt(`copy ${from}`, () => {
    const database = new Libsql(from)
    try {
      database.prepare('VACUUM INTO ?').run(to)
    } finally {
      database.close()
    }
    chmodSync(to, 0o600)
  })
}

/** Throws StoreUnavailable when a store is not as it was written. */
export function checkStore(file: string): void {
  attempt(`check ${file}`, () => {
    const database = new Libsql(file)
    try {
      const [row]: unknown[] = database.prepare('PRAGMA integrity_check').all()
      const said: unknown = typeof row === 'object' && row ? Object.values(row)[0] : row
      if (said !== 'ok') throw new StoreUnavailable(`${file}: ${String(said)}`)
    } finally {
      database.close()
    }
  })
}
