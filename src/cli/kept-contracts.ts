import type { Site } from '../model/site.js'
import { ContractDesk } from '../store/contract-desk.js'
import { peekContracts } from '../store/contracts.js'
import { storeFile } from '../store/database.js'
import { inForce } from '../subscription/contract.js'
import { resetLines } from './kept-reset.js'
import type { KeptSetting } from './kept-settings.js'

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

export function resetContracts(
  dir: string,
  site: Site,
  lines: readonly string[],
): Promise<void> {
  return resetLines(dir, lines, 'contract', async (database) => {
    const desk = new ContractDesk({
      ...{ database, site, now: Date.now },
      onContracts: () => Promise.resolve(),
      onImpossible: () => undefined,
    })
    await desk.reset(lines, { door: 'apply', who: 'apply' })
  })
}
