import type { Random } from './random.js'

/** What may go wrong in one history. Each seed has its own subset (swarm testing). */
export interface Faults {
  /** Probability that an event never arrives. */
  readonly lost: number
  /** Probability that it arrives again, up to five seconds later. */
  readonly doubled: number
  /** Milliseconds that an event may be late; those of one channel keep their order. */
  readonly lateMs: number
  /** Milliseconds that an answer of ours may take; above 2,000 it can come too late. */
  readonly slowMs: number
  /** Probabilities, per second. */
  readonly crash: number
  readonly cut: number
  readonly freeze: number
}

export const NO_FAULTS: Faults = {
  lost: 0,
  doubled: 0,
  lateMs: 0,
  slowMs: 0,
  crash: 0,
  cut: 0,
  freeze: 0,
}

export function faultsOf(random: Random): Faults {
  // One in four has none: there the ledger must agree with Asterisk at every instant.
  if (random.chance(0.25)) return NO_FAULTS
  const some = (value: number): number => (random.chance(0.4) ? value : 0)
  return {
    lost: some(random.pick([0.02, 0.1, 0.3])),
    doubled: some(random.pick([0.01, 0.05, 0.2])),
    lateMs: some(random.pick([20, 200, 2_000])),
    slowMs: some(random.pick([50, 500, 4_000])),
    crash: some(0.05),
    cut: some(0.05),
    freeze: some(0.05),
  }
}
