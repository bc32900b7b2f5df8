import { existsSync } from 'node:fs'
import Libsql from 'libsql'
import { withStored } from '../model/setting-keys.js'
import type { Site } from '../model/site.js'
import { inForce } from '../subscription/contract.js'
import { peekContracts } from './contracts.js'
import { attempt, storeFile } from './database.js'
import { peekSettings } from './settings.js'
import { ShortNumbers } from './short-numbers.js'

/**
 * A deployed site as its controller has it: with what subscribers changed, what orders
 * and renewals made of lines, and the imported short numbers. Only reads the store.
 *
 * Throws StoreUnavailable.
 */
export function siteInForce(dir: string, site: Site): Site {
  const file = storeFile(dir)
  if (!existsSync(file)) return site
  const settings = peekSettings(file)?.lines
  const contracts = peekContracts(file)
  const plans = new Map(Object.entries(site.plans))
  const lines = site.lines.map((line) => {
    const contract = contracts?.get(line.number)
    const contracted = { ...line, ...inForce(line, contract, plans) }
    const stored = settings?.get(line.number)
    return stored ? withStored(contracted, stored) : contracted
  })
  return attempt(`read ${file}`, () => {
    const database = new Libsql(file, { readonly: true })
    try {
      return new ShortNumbers(database).applied({ ...site, lines })
    } finally {
      database.close()
    }
  })
}
