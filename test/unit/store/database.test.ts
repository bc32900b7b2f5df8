import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  atOnce,
  attempt,
  openStore,
  StoreUnavailable,
  storeFile,
} from '../../../src/store/database.js'

const TABLE = 'CREATE TABLE IF NOT EXISTS word (text TEXT PRIMARY KEY) STRICT'

describe('the store', () => {
  let dir = ''
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'lk-store-'))
  })
  afterEach(() => rmSync(dir, { recursive: true, force: true }))

  it('is for its owner only, and opens again with what was written', () => {
    const file = storeFile(dir)
    const first = openStore(file, [TABLE])
    attempt('write', () => first.prepare('INSERT INTO word VALUES (?)').run('kept'))
    first.close()
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const again = openStore(file, [TABLE])
    expect(again.prepare('SELECT text FROM word').all()).toEqual([{ text: 'kept' }])
    again.close()
  })

  it('keeps all of a transaction or nothing', () => {
    const database = openStore(storeFile(dir), [TABLE])
    const insert = database.prepare('INSERT INTO word VALUES (?)')
    expect(() =>
      atOnce(database, 'write twice', () => {
        insert.run('one')
        insert.run('one')
      }),
    ).toThrow(StoreUnavailable)
    expect(database.prepare('SELECT * FROM word').all()).toEqual([])
    atOnce(database, 'write', () => insert.run('one'))
    expect(database.prepare('SELECT * FROM word').all()).toEqual([{ text: 'one' }])
    database.close()
  })

  it('says which file cannot be opened', () => {
    const file = join(dir, 'store.db')
    writeFileSync(
      file,
      'this is no database, but long enough to look like one'.repeat(99),
    )
    expect(() => openStore(file, [TABLE])).toThrow(/could not open .*store\.db/)
  })
})
