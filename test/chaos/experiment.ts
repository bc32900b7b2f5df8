import type { Random } from '../simulation/random.js'
import type { Verdict } from './judge.js'

/** How much is asked: `quick` beside the other tests, `full` as the goals are written. */
export type Size = 'quick' | 'short' | 'full'

export interface Setting {
  /** Of the experiment. */
  readonly name: string
  readonly size: Size
  readonly random: Random
  /** One value for each size. */
  sized<T>(quick: T, short: T, full: T): T
  /** How far it is, for whoever waits: `kill 40 of 100`. */
  tell(progress: string): void
}

/** What came out, in figures, and whether the promise held. */
export interface Outcome {
  readonly pass: boolean
  readonly measured: Readonly<Record<string, number | string>>
}

/** One promise of reliability §4.2 and §6, put to the test. */
export interface Experiment {
  readonly name: string
  /** The goals it measures: `R06 F01`. */
  readonly goals: string
  readonly fault: string
  readonly target: string
  /** It takes seconds: part of `--quick`. */
  readonly quick: boolean
  run(setting: Setting): Promise<Outcome>
}

/** The zeros that every run has: nothing lost, nothing unaccounted, no limit broken. */
export function zeros(verdict: Verdict): boolean {
  const { attempts, lost, unaccounted, overLimit, wronglyRefused } = verdict
  return attempts > 0 && lost + unaccounted + overLimit + wronglyRefused === 0
}
