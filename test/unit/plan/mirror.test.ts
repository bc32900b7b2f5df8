import { describe, expect, it } from 'vitest'
import { type Database, mirror, mirrorOf } from '../../../src/config/mirror.js'
import type { Site } from '../../../src/model/site.js'
import { siteWith } from './site.js'

/** `family/key` → value. */
function entriesOf(site: Site): ReadonlyMap<string, string> {
  const entries = [...mirrorOf(site)].flatMap(([family, held]) =>
    [...held].map(([key, value]) => [`${family}/${key}`, value] as const),
  )
  return new Map(entries)
}

describe('mirrorOf', () => {
  it('holds what the degraded path reads, and nothing else', () => {
    expect(Object.fromEntries(entriesOf(siteWith()))).toMatchObject({
      'lk_line/0033972100001': '3',
      'lk_line/0033972100002': '2',
      'lk_alias/0033972200000': '0033972100001',
      'lk_present/0033972100001': '0033972200000',
      'lk_short/all_7001': '0033972100001',
      'lk_short/paris_7002': '0033972100002',
      'lk_short/0033972100002_2001': '0033612345678',
      'lk_group/0033972100001': 'paris',
      'lk_out/0033972100001': 's',
      // Never empty: to the dialplan that would be no entry.
      'lk_out/0033972100002': '-',
    })
  })

  it('has no entry for what is not set', () => {
    const wanted = entriesOf(siteWith())
    expect(wanted.has('lk_group/0033972100003')).toBe(false)
    expect(wanted.has('lk_present/0033972100002')).toBe(false)
  })
})

describe('mirror', () => {
  it('writes only what differs', async () => {
    const written: string[] = []
    const database: Database = {
      tree: (family) =>
        Promise.resolve(
          new Map(
            family === 'lk_line'
              ? [
                  ['a', '1'],
                  ['b', '2'],
                  ['c', '3'],
                ]
              : [],
          ),
        ),
      put: (family, key, value) =>
        Promise.resolve(void written.push(`${family}/${key}=${value}`)),
      del: (family, key) => Promise.resolve(void written.push(`-${family}/${key}`)),
    }
    const lines = new Map([
      ['a', '1'],
      ['b', '9'],
    ])
    const groups = new Map([['a', 'paris']])
    const wanted = [['lk_line', lines] as const, ['lk_group', groups] as const]
    expect(await mirror({ database }, wanted)).toBe(3)
    expect(written.sort()).toEqual(['-lk_line/c', 'lk_group/a=paris', 'lk_line/b=9'])
  })
})
