import { pino } from 'pino'
import { expect, it } from 'vitest'
import { codeDoor } from '../../../src/daemon/code-door.js'
import type { SettingsChanges } from '../../../src/http/settings-changes.js'
import { StoreUnavailable } from '../../../src/store/database.js'
import { ALICE, directoryWith, lineOf } from '../call/told.js'

const log = pino({ level: 'silent' })
const line = lineOf(directoryWith({}), ALICE)
const done = { kind: 'changed', line, keys: ['absent'], applied: true } as const

function told(change: SettingsChanges['change']) {
  return codeDoor(() => ({ change }), log)(ALICE, { absent: true })
}

it('says who changes, and by which door', async () => {
  const seen: unknown[] = []
  await told((...asked) => {
    seen.push(asked)
    return Promise.resolve(done)
  })
  expect(seen).toEqual([[ALICE, { absent: true }, { door: 'code', who: ALICE }]])
})

it('changes at once, before anybody waits', () => {
  let changed = false
  void told(() => {
    changed = true
    return Promise.resolve(done)
  })
  expect(changed).toBe(true)
})

it.each([
  ['stored', () => Promise.resolve(done)],
  ['refused', () => Promise.resolve({ kind: 'refused', findings: [] } as const)],
  [
    'failed',
    () => {
      throw new StoreUnavailable('the disk is full')
    },
  ],
  // On the disk, but Asterisk takes its time: it gets the settings later.
  ['stored', () => new Promise<never>(() => undefined)],
])('%s', async (expected, change) => {
  expect(await told(change)).toBe(expected)
})

it('a bug is none of the store, and goes up', async () => {
  const change = (): never => {
    throw new TypeError('bug')
  }
  await expect(told(change)).rejects.toThrow('bug')
})
