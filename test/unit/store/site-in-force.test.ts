import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { directoryOf } from '../../../src/call/directory.js'
import { explain } from '../../../src/call/explain.js'
import { assumedOf, callerOf } from '../../../src/cli/explain-state.js'
import { type Database, openStore, storeFile } from '../../../src/store/database.js'
import { ShortNumbers } from '../../../src/store/short-numbers.js'
import { siteInForce } from '../../../src/store/site-in-force.js'
import { Subscribers } from '../../../src/store/subscribers.js'
import { tables } from '../../../src/store/tables.js'
import { exampleSite } from '../http/example-site.js'

const accueil = '0033972100001'
const atelier = '0033972100002'
const site = exampleSite()

describe('a deployed site, while nobody runs', () => {
  let dir = ''
  let database: Database
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'lk-in-force-'))
    database = openStore(storeFile(dir), tables)
  })
  afterEach(() => {
    database.close()
    rmSync(dir, { recursive: true, force: true })
  })

  it('is explained with the forward that its subscriber has set', () => {
    const subscribers = new Subscribers(site, database, () => 0)
    subscribers.change(
      accueil,
      { forwarding: { unconditional: { to: atelier } } },
      { door: 'cli', who: 'test' },
    )
    const directory = directoryOf(siteInForce(dir, site))
    const from = callerOf('0612345678', directory)
    const explained = explain(directory, {
      from,
      to: accueil,
      assumed: assumedOf('', directory),
    })
    expect(explained?.steps.map(({ step }) => step)).toContain('cfu')
  })

  it('has the short numbers that were imported', () => {
    const owner = { kind: 'line', line: atelier } as const
    const entry = { number: '2007', to: accueil, firstName: '', lastName: '' }
    new ShortNumbers(database).replace(owner, [entry])
    const numbers = siteInForce(dir, site).shortNumbers.map(({ number }) => number)
    expect(numbers).toContain('2007')
    expect(numbers).not.toContain('2001')
  })

  it('is the site file where there is no store', () => {
    expect(siteInForce(join(dir, 'elsewhere'), site)).toBe(site)
  })
})
