import { describe, expect, it } from 'vitest'
import { type Database, mirror, mirrorOf } from '../../../src/config/mirror.js'
import { siteWith } from './site.js'

describe('mirrorOf', () => {
  it('holds what the degraded path reads, and nothing else', () => {
    expect(Object.fromEntries(mirrorOf(siteWith()))).toMatchObject({
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
    const wanted = mirrorOf(siteWith())
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
    const wanted = new Map([
      ['lk_line/a', '1'],
      ['lk_line/b', '9'],
      ['lk_group/a', 'paris'],
    ])
    expect(await mirror({ database }, wanted)).toBe(3)
    expect(written.sort()).toEqual(['-lk_line/c', 'lk_group/a=paris', 'lk_line/b=9'])
  })
})
