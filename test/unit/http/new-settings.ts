import type { SettingsChanges, Settled } from '../../../src/http/settings-changes.js'
import { parseNumber } from '../../../src/model/phone-number.js'
import type { Site } from '../../../src/model/site.js'
import { type Changed, Subscribers } from '../../../src/store/subscribers.js'
import { storeInMemory } from './new-accounts.js'

/** The settings of a site, as they are kept; `connected` tells whether Asterisk is there. */
export function newSettings(
  site: Site,
  connected: () => boolean = () => true,
  database = storeInMemory(),
): SettingsChanges {
  const subscribers = new Subscribers(site, database, Date.now)
  const settled = async (change: () => Changed): Promise<Settled> => {
    const changed = await Promise.resolve().then(change)
    return changed.kind === 'refused' ? changed : { ...changed, applied: connected() }
  }
  return {
    line: (number) => {
      const parsed = parseNumber(number, site.site.country)
      const canonical = parsed.kind === 'number' ? parsed.number : ''
      return subscribers.directory.lines.get(canonical)
    },
    change: (number, wanted, by) => settled(() => subscribers.change(number, wanted, by)),
    reset: (number, by) => settled(() => subscribers.reset(number, by)),
    reopen: (number, by) =>
      settled(() => {
        const changed = subscribers.close(number, [], by)
        if (!changed) throw new Error(`no line ${number}`)
        return changed
      }),
    get directory() {
      return subscribers.directory
    },
    shortNumbers: (owner) => subscribers.shortNumbers(owner),
    replaceShortNumbers: async (owner, entries) => {
      await Promise.resolve().then(() => subscribers.replaceShortNumbers(owner, entries))
      return connected()
    },
    journal: (number, limit) => subscribers.journal(number, limit),
  }
}
