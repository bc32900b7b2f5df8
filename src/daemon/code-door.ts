import { setTimeout as pause } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { ChangeSettings } from '../ari/loop.js'
import type { SettingsChanges } from '../http/settings-changes.js'
import { StoreUnavailable } from '../store/database.js'

/**
 * A code waits this long for Asterisk's database at most: the change is stored, and the
 * dialplan takes back a leg that nobody answers in two seconds.
 */
const MIRROR_WAIT_MS = 1_000

/** Feature codes at the desk where all changes of settings are made. */
export function codeDoor(
  desk: () => Pick<SettingsChanges, 'change'>,
  log: Logger,
): ChangeSettings {
  return async (line, change) => {
    try {
      const settled = desk().change(line, change, { door: 'code', who: line })
      const told = settled.then(({ kind }) => (kind === 'refused' ? 'refused' : 'stored'))
      return await Promise.race([told, pause(MIRROR_WAIT_MS, 'stored' as const)])
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error
      log.error({ err: error, line }, 'store: a feature code changes nothing')
      return 'failed'
    }
  }
}
