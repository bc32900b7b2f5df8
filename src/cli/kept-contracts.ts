import type { Site } from '../model/site.js'
import { ContractDesk } from '../store/contract-desk.js'
import { peekContracts } from '../store/contracts.js'
import { openStore, storeFile } from '../store/database.js'
import { tables } from '../store/tables.js'
import { inForce } from '../subscription/contract.js'
import { apiClient } from './api-client.js'
import { freeOfController, type KeptSetting } from './kept-settings.js'

/** Where orders and renewals have made something else of a line than a site file says. */
export function keptContracts(dir: string, { lines, plans }: Site): KeptSetting[] {
  const stored = peekContracts(storeFile(dir))
  const byName = new Map(Object.entries(plans))
  return lines.flatMap(({ number, plan, calls }) => {
    const initial = { plan, calls }
    const now = inForce(initial, stored?.get(number), byName)
    return (['plan', 'calls'] as const).flatMap((key) =>
      now[key] === initial[key]
        ? []
        : [{ line: number, key, kept: String(now[key]), siteFile: String(initial[key]) }],
    )
  })
}

/** Through the controller, or where none runs, in the store itself. */
export async function resetContracts(
  dir: string,
  site: Site,
  lines: readonly string[],
): Promise<void> {
  if (lines.length === 0) return
  const unlock = await freeOfController(dir)
  if (!unlock) {
    const client = await apiClient(dir)
    for (const line of lines)
      await client.send('DELETE', `/api/v1/lines/${line}/contract`)
    return
  }
  try {
    const database = openStore(storeFile(dir), tables)
    const desk = new ContractDesk({
      ...{ database, site, now: Date.now },
      onContracts: () => Promise.resolve(),
      onImpossible: () => undefined,
    })
    await desk.reset(lines, { door: 'apply', who: 'apply' })
    database.close()
  } finally {
    await unlock()
  }
}
