import {
  copyFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ShortEntry } from '../../../src/model/short-number.js'
import {
  type Database,
  openStore,
  StoreUnavailable,
} from '../../../src/store/database.js'
import { Subscribers } from '../../../src/store/subscribers.js'
import { tables } from '../../../src/store/tables.js'
import { exampleSite } from '../../unit/http/example-site.js'

const owner = { kind: 'group', group: 'paris' } as const
const site = exampleSite()

/** A table of a thousand rows, by which it is known. */
function table(name: string): ShortEntry[] {
  return Array.from({ length: 1_000 }, (_, at) => ({
    ...{ number: String(7_000 + at), to: '0033612345678' },
    ...{ firstName: name, lastName: 'x'.repeat(40) },
  }))
}

/** Whose table it is: every row of it, or the test fails. */
function ownerOf(database: Database): string {
  const entries = new Subscribers(site, database, () => 0).shortNumbers(owner)
  const names = new Set(entries.map(({ firstName }) => firstName))
  expect([entries.length, names.size]).toEqual([1_000, 1])
  return [...names].join()
}

describe('V11 an import that does not come to its end', () => {
  const dir = mkdtempSync(join(tmpdir(), 'lk-import-'))
  const file = join(dir, 'store.db')
  let before: Buffer
  let database: Database

  beforeAll(() => {
    database = openStore(file, tables)
    new Subscribers(site, database, () => 0).replaceShortNumbers(owner, table('old'))
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    before = readFileSync(file)
  })
  afterAll(() => {
    database.close()
    rmSync(dir, { recursive: true, force: true })
  })

  it('for want of space leaves the table as it was', () => {
    const [{ page_count: pages }] = database.pragma('page_count') as [
      { page_count: number },
    ]
    database.exec(`PRAGMA max_page_count=${pages}`)
    const subscribers = new Subscribers(site, database, () => 0)
    const twice = [...table('new'), ...table('new')]
    expect(() => subscribers.replaceShortNumbers(owner, twice)).toThrow(StoreUnavailable)
    expect(subscribers.shortNumbers(owner)[0]?.firstName).toBe('old')
    expect(ownerOf(database)).toBe('old')
    database.exec('PRAGMA max_page_count=1000000')
  })

  it('killed anywhere: the old table or the new one, never a part', () => {
    const subscribers = new Subscribers(site, database, () => 0)
    subscribers.replaceShortNumbers(owner, table('new'))
    const log = `${file}-wal`
    const { length } = readFileSync(log)
    const found = new Set<string>()
    for (let at = 0; at <= length; at += Math.ceil(length / 60)) {
      const left = join(dir, `killed-${at}.db`)
      writeFileSync(left, before)
      copyFileSync(log, `${left}-wal`)
      truncateSync(`${left}-wal`, at)
      const reopened = openStore(left, tables)
      found.add(ownerOf(reopened))
      reopened.close()
    }
    expect(found).toContain('old')
    expect(ownerOf(database)).toBe('new')
  })
})
