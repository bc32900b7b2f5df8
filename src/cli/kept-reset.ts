import { join } from 'node:path'
import { LockedError, takeLock } from '../config/lock.js'
import { type Database, openStore, storeFile } from '../store/database.js'
import { tables } from '../store/tables.js'
import { apiClient } from './api-client.js'

/** Gives lines back: through the controller, or where none runs, in the store itself. */
export async function resetLines(
  dir: string,
  lines: readonly string[],
  part: 'settings' | 'contract',
  inStore: (database: Database) => void | Promise<void>,
): Promise<void> {
  if (lines.length === 0) return
  const unlock = await freeOfController(dir)
  if (!unlock) {
    const client = await apiClient(dir)
    for (const line of lines) await client.send('DELETE', `/api/v1/lines/${line}/${part}`)
    return
  }
  try {
    const database = openStore(storeFile(dir), tables)
    await inStore(database)
    database.close()
  } finally {
    await unlock()
  }
}

/** The controller's own lock, or undefined while one runs. */
async function freeOfController(dir: string): Promise<(() => Promise<void>) | undefined> {
  try {
    return await takeLock(join(dir, 'controller.lock'))
  } catch (error) {
    if (error instanceof LockedError) return undefined
    throw error
  }
}
