import type { Site } from '../../../src/model/site.js'
import { ContractDesk } from '../../../src/store/contract-desk.js'
import { storeInMemory } from './new-accounts.js'

/** The contracts of a site, on a calendar that stands where it is put. */
export function newContracts(
  site: Site,
  now: () => number = () => Date.UTC(2026, 0, 10),
  database = storeInMemory(),
): ContractDesk {
  return new ContractDesk({
    ...{ database, site, now },
    onContracts: () => Promise.resolve(),
    onImpossible: () => undefined,
  })
}
