import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { VersionedMap } from '../../../src/call/versioned-map.js'

/** One change of one of the versions made so far; without a value, the key is removed. */
const change = fc.record({
  version: fc.nat(30),
  key: fc.constantFrom('a', 'b', 'c', 'd'),
  value: fc.option(fc.nat(3), { nil: undefined }),
})

describe('a versioned map', () => {
  test('every version stays as it was, whichever is gone on from', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 60 }), (changes) => {
        const versions = [VersionedMap.of<string, number>([['a', 1]])]
        const models = [new Map([['a', 1]])]
        for (const { version, key, value } of changes) {
          // Mostly the newest, as the controller does.
          const at = Math.max(0, versions.length - 1 - Math.floor(version / 6))
          const model = new Map(models[at])
          const from = versions[at]
          if (value === undefined) model.delete(key)
          else model.set(key, value)
          const next = value === undefined ? from?.without(key) : from?.with(key, value)
          if (!next) throw new Error('no such version')
          versions.push(next)
          models.push(model)
          versions.forEach((each, nth) => {
            expect(new Map(each.entries())).toEqual(models[nth])
            expect(each.size).toBe(models[nth]?.size)
            expect(each.get(key)).toBe(models[nth]?.get(key))
            expect(each.has(key)).toBe(models[nth]?.has(key))
          })
        }
      }),
    )
  })

  test('says what has changed, also between versions not made from each other', () => {
    const first = VersionedMap.of<string, number>([
      ['a', 1],
      ['b', 2],
    ])
    const second = first.with('a', 3).without('b').with('c', 4)
    const other = first.with('b', 5)
    expect(second.changedSince(first).toSorted()).toEqual(['a', 'b', 'c'])
    expect(other.changedSince(second).toSorted()).toEqual(['a', 'b', 'c'])
    expect(second.changedSince(VersionedMap.of()).toSorted()).toEqual(['a', 'c'])
  })

  test('a change that changes nothing makes no version', () => {
    const map = VersionedMap.of<string, number>([['a', 1]])
    expect(map.with('a', 1)).toBe(map)
    expect(map.without('b')).toBe(map)
    expect(map.with('a', 2).with('a', 1).changedSince(map)).toEqual([])
  })

  test('it may be changed while its entries are gone through', () => {
    let map = VersionedMap.of<string, number>([
      ['a', 1],
      ['b', 2],
    ])
    for (const [key, value] of map) map = map.without(key).with(`${key}${key}`, value)
    expect([...map]).toEqual([
      ['aa', 1],
      ['bb', 2],
    ])
  })

  test('a version that is kept does not keep all that came after it', () => {
    const first = VersionedMap.of<string, number>([['a', 0]])
    let map = first
    for (let nth = 1; nth <= 5_000; nth += 1) map = map.with('a', nth)
    expect([first.get('a'), map.get('a')]).toEqual([0, 5_000])
    expect(map.changedSince(first)).toEqual(['a'])
  })
})
