import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  atOnce,
  attempt,
  openStore,
  StoreLost,
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

  it('refuses to begin anew where nothing can be read', () => {
    const file = join(dir, 'store.db')
    const garbage = 'this is no database, but long enough to look like one'.repeat(99)
    for (const content of [garbage, '']) {
      writeFileSync(file, content)
      expect(() => openStore(file, [TABLE])).toThrow(StoreLost)
      expect(() => openStore(file, [TABLE])).toThrow(/store\.db is damaged .*restore/)
      // Nothing is thrown away: a person decides.
      expect(readFileSync(file, 'utf8')).toBe(content)
    }
  })

  it('says which file cannot be opened', () => {
    const file = join(dir, 'store.db')
    mkdirSync(file)
    expect(() => openStore(file, [TABLE])).toThrow(/could not open .*store\.db/)
  })
})

describe('a damaged store', () => {
  const dir = mkdtempSync(join(tmpdir(), 'lk-damage-'))
  const whole = join(dir, 'whole.db')
  const words = Array.from({ length: 400 }, (_, at) => `word ${at} ${'x'.repeat(40)}`)
  const PAGE = 4096
  let bytes = Buffer.alloc(0)
  let runs = 0

  beforeAll(() => {
    const database = openStore(whole, [TABLE])
    const insert = database.prepare('INSERT INTO word VALUES (?)')
    atOnce(database, 'write', () => words.map((word) => insert.run(word)))
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    database.close()
    bytes = readFileSync(whole)
  })
  afterAll(() => rmSync(dir, { recursive: true, force: true }))

  /** Opens what is left; undefined when the start is refused. */
  function wordsIn(content: Buffer): string[] | undefined {
    runs += 1
    const file = join(dir, `${runs}.db`)
    writeFileSync(file, content)
    try {
      const database = openStore(file, [TABLE])
      const rows = database.prepare('SELECT text FROM word').all() as { text: string }[]
      expect(database.prepare('PRAGMA integrity_check').all()).toEqual([
        { integrity_check: 'ok' },
      ])
      database.close()
      return rows.map(({ text }) => text)
    } catch (error) {
      if (error instanceof StoreLost) return undefined
      throw error
    }
  }

  it('keeps what can be read, and is set aside', () => {
    const broken = Buffer.from(bytes)
    broken.fill(0xff, PAGE * 5, PAGE * 6)
    const kept = wordsIn(broken) ?? []
    expect(kept.length).toBeGreaterThan(words.length / 2)
    expect(kept.length).toBeLessThan(words.length)
    expect(readFileSync(join(dir, `${runs}.db.1.corrupt`)).equals(broken)).toBe(true)
    expect(readdirSync(dir)).not.toContain(`${runs}.db.new`)
  })
})
