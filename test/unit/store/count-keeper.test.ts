import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Libsql from 'libsql'
import { type Logger, pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { judged, noHarmTerms, withTalk } from '../../../src/call/harm.js'
import { tryPin } from '../../../src/call/pin-guard.js'
import { initialState, type State } from '../../../src/call/state.js'
import { VersionedMap } from '../../../src/call/versioned-map.js'
import { CountKeeper } from '../../../src/daemon/count-keeper.js'
import { Secret } from '../../../src/model/secret.js'
import { type Database, openStore } from '../../../src/store/database.js'
import { guardsTable } from '../../../src/store/guards.js'
import { ALICE, directoryWith, lineOf } from '../call/told.js'

const MINUTE_MS = 60_000
const alice = lineOf(directoryWith({}), ALICE)
const own = { ...alice, lock: { pin: new Secret('4711'), active: true } }
const silent: Logger = pino({ level: 'silent' })

let dir = ''
let store: Database
/** The wall clock; what counts for the rules begins at zero with each controller. */
let wall = 0
let started = 0

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'lk-counts-'))
  wall = 1_790_000_000_000
  started = wall
  store = openStore(join(dir, 'store.db'), [guardsTable])
})
afterEach(() => {
  store.close()
  rmSync(dir, { recursive: true, force: true })
})

const monotonic = (): number => wall - started
const keeper = (): CountKeeper =>
  new CountKeeper(store, silent, { wall: () => wall, monotonic })

/** As after a kill: nothing is told, the file is opened again. */
function restarted(): State {
  store.close()
  store = openStore(join(dir, 'store.db'), [guardsTable])
  started = wall
  return keeper().resumed(initialState)
}

function tried(state: State, pin: string): { state: State; verdict: string } {
  const { guards, verdict } = tryPin(
    state.codeUse.pins,
    own,
    new Secret(pin),
    monotonic(),
  )
  return { state: { ...state, codeUse: { ...state.codeUse, pins: guards } }, verdict }
}

/** Keyed in, one after the other, by a controller that is killed after each. */
function guessed(state: State, count: number): State {
  let after = state
  for (let nth = 0; nth < count; nth += 1) {
    const next = tried(after, '1111').state
    keeper().stepped({ before: after, after: next })
    after = restarted()
  }
  return after
}

describe('wrong PINs', () => {
  it('of five controllers lock as those of one do', () => {
    const state = guessed(initialState, 5)
    expect(tried(state, '4711').verdict).toBe('lockedOut')
    wall += 15 * MINUTE_MS
    expect(tried(restarted(), '4711').verdict).toBe('right')
  })

  it('are counted over the day, and shut the lock until it is reopened', () => {
    let state = initialState
    for (let round = 0; round < 4; round += 1) {
      state = guessed(state, 5)
      wall += 16 * MINUTE_MS
    }
    wall += 3 * 24 * 60 * MINUTE_MS
    state = restarted()
    expect(tried(state, '4711').verdict).toBe('lockedForLong')
    keeper().stepped({ before: state, after: initialState })
    expect(tried(restarted(), '4711').verdict).toBe('right')
  })

  it('of another PIN do not count', () => {
    const state = guessed(initialState, 5)
    const renewed = { ...own, lock: { pin: new Secret('8264'), active: true } }
    const { pins } = state.codeUse
    expect(tryPin(pins, renewed, new Secret('8264'), 0).verdict).toBe('right')
  })
})

const around = () => ({ at: monotonic(), terms: noHarmTerms, atOnce: 0, talking: [] })

it('calls that cost go on being counted', () => {
  const call = { line: ALICE, class: 'international', number: '004930123456' } as const
  let state = initialState
  for (let nth = 0; nth < 5; nth += 1) {
    const { tallies } = judged(state.tallies, call, around())
    keeper().stepped({ before: state, after: { ...state, tallies } })
    state = restarted()
  }
  expect(judged(state.tallies, call, around()).over).toBe('aMinute')
  wall += 2 * MINUTE_MS
  expect(judged(state.tallies, call, around()).over).toBeUndefined()
})

it('minutes that were talked go on being counted', () => {
  const call = { line: ALICE, class: 'international', number: '004930123456' } as const
  const costs = [`${ALICE} international`]
  const began = monotonic()
  wall += 61 * MINUTE_MS
  const tallies = withTalk(new Map(), { costs, answeredAt: began }, monotonic())
  keeper().stepped({ before: initialState, after: { ...initialState, tallies } })
  expect(judged(restarted().tallies, call, around()).over).toBeUndefined()
  wall -= 1.1 * MINUTE_MS
  expect(judged(restarted().tallies, call, around()).near).toBe('minutesAnHour')
})

it('what a store that is locked does not take is written with the next', () => {
  const counts = keeper()
  const first = tried(initialState, '1111').state
  const other = new Libsql(join(dir, 'store.db'))
  other.exec('BEGIN IMMEDIATE')
  counts.stepped({ before: initialState, after: first })
  other.exec('ROLLBACK')
  other.close()
  const second = { ...first, tallies: new Map() }
  counts.stepped({ before: first, after: second })
  expect(restarted().codeUse.pins.get(ALICE)).toMatchObject({ wrongInARow: 1 })
})

it('what is damaged counts for nothing, and the rest counts', () => {
  guessed(initialState, 2)
  const put = store.prepare('INSERT INTO guard VALUES (?, ?, ?)')
  put.run('0033972100002', 'pin', '{"pin":')
  put.run('0033972100003', 'pin', '{"pin":4711}')
  put.run('0033972100002', 'international', '[]')
  const { codeUse, tallies } = restarted()
  expect([...codeUse.pins.keys()]).toEqual([ALICE])
  expect(tallies.size).toBe(0)
})

it('a step that tries and spends nothing touches no disk', () => {
  const counts = keeper()
  store.close()
  counts.stepped({
    before: initialState,
    after: { ...initialState, calls: VersionedMap.of() },
  })
  store = openStore(join(dir, 'store.db'), [guardsTable])
})
