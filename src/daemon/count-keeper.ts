import type { Logger } from 'pino'
import { z } from 'zod'
import type { Stepped } from '../call/happening.js'
import { type Tally, tallyKey } from '../call/harm.js'
import type { PinGuard } from '../call/pin-guard.js'
import type { State } from '../call/state.js'
import { COSTLY_CLASSES } from '../model/costly.js'
import { Secret } from '../model/secret.js'
import { type Database, StoreUnavailable } from '../store/database.js'
import { type GuardRow, readGuards, writeGuards } from '../store/guards.js'

/** Calls count by a clock that nobody sets, and that begins anew with each start. */
interface Clocks {
  /** Milliseconds since 1970. */
  readonly wall: () => number
  /** Milliseconds, as the loop decides by. */
  readonly monotonic: () => number
}

const MACHINE: Clocks = { wall: Date.now, monotonic: () => performance.now() }
const PIN = 'pin'

/** Instants of the wall clock; null: never. */
const StoredPin = z.object({
  pin: z.string(),
  wrongInARow: z.number(),
  wrongAt: z.array(z.number()),
  lockedUntil: z.number().nullable(),
  shut: z.literal(true).exactOptional(),
})

const StoredTally = z.object({
  at: z.array(z.number()),
  beginning: z.string(),
  inARow: z.number(),
  talks: z.array(z.tuple([z.number(), z.number()])).default([]),
})

/**
 * Keeps the wrong PINs and the calls that cost, so that nobody gains more tries by a
 * restart (reliability T32, §3.8). Few of them come in a day; what an ordinary call does
 * is none of it.
 */
export class CountKeeper {
  readonly #database: Database
  readonly #log: Logger
  readonly #clocks: Clocks
  /** What the store did not take: it is tried with the next. */
  #owed: readonly GuardRow[] = []

  constructor(database: Database, log: Logger, clocks: Clocks = MACHINE) {
    this.#database = database
    this.#log = log
    this.#clocks = clocks
  }

  /** A state that goes on counting where the last controller ended. Throws StoreUnavailable. */
  resumed(state: State): State {
    const pins = new Map(state.codeUse.pins)
    const tallies = new Map(state.tallies)
    for (const { line, name, value } of readGuards(this.#database)) {
      const costly = COSTLY_CLASSES.find((each) => each === name)
      const guard = name === PIN ? this.#pinOf(value) : undefined
      if (guard) pins.set(line, guard)
      const tally = costly && this.#tallyOf(value)
      if (tally) tallies.set(tallyKey(line, costly), tally)
    }
    return { ...state, tallies, codeUse: { ...state.codeUse, pins } }
  }

  /** On the disk before the loop takes its next event. */
  stepped({ before, after }: Pick<Stepped, 'before' | 'after'>): void {
    const pins = [before.codeUse.pins, after.codeUse.pins] as const
    const tallies = [before.tallies, after.tallies] as const
    if (pins[0] === pins[1] && tallies[0] === tallies[1]) return
    const rows = [
      ...this.#owed,
      ...changed(...pins).map(([line, guard]) => this.#pinRow(line, guard)),
      ...changed(...tallies).map(([key, tally]) => this.#tallyRow(key, tally)),
    ]
    try {
      writeGuards(this.#database, rows)
      this.#owed = []
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error
      this.#owed = rows
      this.#log.error({ err: error }, 'store: wrong PINs and costs count until a restart')
    }
  }

  #pinRow(line: string, guard: PinGuard | undefined): GuardRow {
    if (!guard) return { line, name: PIN, value: undefined }
    const { pin, wrongAt, lockedUntil, ...rest } = guard
    const value: z.infer<typeof StoredPin> = {
      ...rest,
      pin: pin.reveal(),
      wrongAt: wrongAt.map((at) => this.#toWall(at)),
      lockedUntil: Number.isFinite(lockedUntil) ? this.#toWall(lockedUntil) : null,
    }
    return { line, name: PIN, value }
  }

  #pinOf(value: unknown): PinGuard | undefined {
    const read = StoredPin.safeParse(value)
    if (!read.success) return undefined
    const { pin, wrongAt, lockedUntil, ...rest } = read.data
    return {
      ...rest,
      pin: new Secret(pin),
      wrongAt: wrongAt.map((at) => this.#toMonotonic(at)),
      lockedUntil:
        lockedUntil === null ? Number.NEGATIVE_INFINITY : this.#toMonotonic(lockedUntil),
    }
  }

  #tallyRow(key: string, tally: Tally | undefined): GuardRow {
    const [line = '', name = ''] = key.split(' ')
    if (!tally) return { line, name, value: undefined }
    const at = tally.at.map((instant) => this.#toWall(instant))
    const talks = tally.talks.map(([from, to]) => [this.#toWall(from), this.#toWall(to)])
    return { line, name, value: { ...tally, at, talks } }
  }

  #tallyOf(value: unknown): Tally | undefined {
    const read = StoredTally.safeParse(value)
    if (!read.success) return undefined
    const { at, talks, ...rest } = read.data
    return {
      ...rest,
      at: at.map((instant) => this.#toMonotonic(instant)),
      talks: talks.map(([from, to]) => [this.#toMonotonic(from), this.#toMonotonic(to)]),
    }
  }

  #toWall(at: number): number {
    const { wall, monotonic } = this.#clocks
    return Math.round(wall() - monotonic() + at)
  }

  #toMonotonic(at: number): number {
    const { wall, monotonic } = this.#clocks
    return monotonic() - wall() + at
  }
}

function changed<T>(
  before: ReadonlyMap<string, T>,
  after: ReadonlyMap<string, T>,
): [key: string, after: T | undefined][] {
  const keys = new Set([...before.keys(), ...after.keys()])
  return [...keys]
    .filter((key) => before.get(key) !== after.get(key))
    .map((key) => [key, after.get(key)])
}
