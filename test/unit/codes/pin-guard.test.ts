import { expect, it } from 'vitest'
import { type PinGuards, tryPin, withoutGuard } from '../../../src/call/pin-guard.js'
import { Secret } from '../../../src/model/secret.js'
import { ALICE, directoryWith, lineOf } from '../call/told.js'

const alice = lineOf(directoryWith({}), ALICE)
const own = { ...alice, lock: { pin: new Secret('4711'), active: true } }
const minutes = (count: number): number => count * 60_000

/** Tries, each at its minute: the verdicts in order. */
function verdicts(line: typeof own | typeof alice, tries: [number, string][]): string[] {
  let guards: PinGuards = new Map()
  return tries.map(([at, pin]) => {
    const tried = tryPin(guards, line, new Secret(pin), minutes(at))
    guards = tried.guards
    return tried.locks ? `${tried.verdict}, locks` : tried.verdict
  })
}

it('compares with the PIN of the line', () => {
  expect(verdicts(own, [[0, '4711']])).toEqual(['right'])
  expect(verdicts(own, [[0, '0000']])).toEqual(['wrong'])
})

it('is 0000 where nobody has chosen one', () => {
  expect(verdicts(alice, [[0, '0000']])).toEqual(['right'])
})

it('locks at the fifth wrong one in a row for 15 minutes, also for the right one', () => {
  const five = Array.from({ length: 5 }, (): [number, string] => [0, '1111'])
  expect(verdicts(own, [...five, [1, '4711'], [14, '4711'], [15, '4711']])).toEqual([
    ...Array(4).fill('wrong'),
    'wrong, locks',
    'lockedOut',
    'lockedOut',
    'right',
  ])
})

it('begins a new row after the right one, and after a lock', () => {
  const four = Array.from({ length: 4 }, (): [number, string] => [0, '1111'])
  expect(verdicts(own, [...four, [0, '4711'], ...four]).slice(-4)).toEqual(
    Array(4).fill('wrong'),
  )
  expect(verdicts(own, [...four, [0, '1111'], [16, '1111']]).at(-1)).toBe('wrong')
})

it('locks at the twentieth wrong one of a day until somebody reopens it (T32)', () => {
  const rows = [0, 16, 32, 48].flatMap((at) =>
    Array.from({ length: 5 }, (): [number, string] => [at, '1111']),
  )
  const later: [number, string][] = [
    [70, '4711'],
    [1439, '4711'],
    [1441, '4711'],
    [100_000, '4711'],
  ]
  expect(verdicts(own, [...rows, ...later]).slice(-4)).toEqual(
    Array(4).fill('lockedForLong'),
  )
})

it('is open again once somebody has looked at the line', () => {
  let guards: PinGuards = new Map()
  for (let count = 0; count < 20; count += 1)
    guards = tryPin(guards, own, new Secret('1111'), minutes(20 * count)).guards
  const again = tryPin(guards, own, new Secret('4711'), minutes(2_000))
  expect(again.verdict).toBe('lockedForLong')
  expect(
    tryPin(withoutGuard(guards, own.number), own, new Secret('4711'), minutes(2_000)),
  ).toMatchObject({ verdict: 'right' })
})

it('forgets wrong ones of more than a day ago', () => {
  const slow = Array.from({ length: 40 }, (_, count): [number, string] => {
    return [count * 90, '1111']
  })
  expect(verdicts(own, slow)).not.toContain('lockedForLong')
})

it('keeps nothing of a line that has only ever keyed in the right one', () => {
  const none: PinGuards = new Map()
  expect(tryPin(none, own, new Secret('4711'), 0).guards).toBe(none)
})

it('opens with another PIN', () => {
  let guards: PinGuards = new Map()
  for (let count = 0; count < 5; count += 1)
    guards = tryPin(guards, own, new Secret('1111'), 0).guards
  const renewed = { ...own, lock: { pin: new Secret('8264'), active: true } }
  expect(tryPin(guards, renewed, new Secret('8264'), 1).verdict).toBe('right')
})

it('locks one line only', () => {
  let guards: PinGuards = new Map()
  for (let count = 0; count < 5; count += 1)
    guards = tryPin(guards, own, new Secret('1111'), 0).guards
  const bob = { ...own, number: '0033972100002' }
  expect(tryPin(guards, bob, new Secret('4711'), 0).verdict).toBe('right')
})
