import { percentile, type Spread, spread } from './percentile.js'
import type { SipDelays } from './sip-delays.js'
import type { Variant } from './variants.js'

/** One run of one variant, in figures; times in milliseconds. */
export interface Measured {
  readonly variant: Variant['id']
  readonly callsPerSecond: number
  readonly calls: number
  readonly unanswered: number
  readonly retransmitted: number
  readonly ringing: Percentiles
  readonly answer: Percentiles
  /** CPU per call. */
  readonly cpu: { readonly asterisk: number; readonly node: number }
  /** Shares of the machine, 0 to 1; `others` are programs that are not ours. */
  readonly busy: number
  readonly others: number
}

export interface Percentiles {
  readonly p50: number
  readonly p99: number
}

export type Round = readonly Measured[]

/** A variant beside plain `Dial` of the same rounds. */
export interface Compared {
  readonly variant: Variant['id']
  /** CPU of Asterisk and node together, over that of plain `Dial`. */
  readonly cpuRatio: Spread
  /** Milliseconds per call. */
  readonly asteriskMs: number
  readonly nodeMs: number
  /** Milliseconds from INVITE to 200, more than plain `Dial`. */
  readonly addedP50: Spread
  readonly addedP99: Spread
  readonly unanswered: number
  readonly retransmitted: number
}

export function percentilesOf(values: readonly number[]): Percentiles {
  return { p50: percentile(values, 0.5), p99: percentile(values, 0.99) }
}

export function measured(
  variant: Variant['id'],
  callsPerSecond: number,
  delays: SipDelays,
  used: {
    readonly offered: number
    readonly asteriskMs: number
    readonly nodeMs: number
    readonly busy: number
    readonly others: number
  },
): Measured {
  const { offered, asteriskMs, nodeMs, busy, others } = used
  return {
    variant,
    callsPerSecond,
    calls: delays.calls,
    unanswered: delays.calls - delays.answered,
    retransmitted: delays.retransmitted,
    ringing: percentilesOf(delays.ringing),
    answer: percentilesOf(delays.answer),
    cpu: { asterisk: asteriskMs / offered, node: nodeMs / offered },
    busy,
    others,
  }
}

/**
 * A round counts when in none of its runs other programs took more than `most` of the
 * machine, and the machine was never full: then only its queue would be measured.
 */
export function isQuiet(round: Round, most: number): boolean {
  return round.every(({ others, busy }) => others <= most && busy <= MOST_BUSY)
}

const MOST_BUSY = 0.85

/** The rounds to count: the quiet ones, or when they are too few those with the least noise. */
export function countedRounds(
  rounds: readonly Round[],
  { wanted, most }: { readonly wanted: number; readonly most: number },
): { readonly counted: readonly Round[]; readonly quiet: number } {
  const quiet = rounds.filter((round) => isQuiet(round, most))
  if (quiet.length >= wanted) return { counted: quiet, quiet: quiet.length }
  const byNoise = [...rounds].sort((a, b) => noiseOf(a) - noiseOf(b))
  return { counted: byNoise.slice(0, wanted), quiet: quiet.length }
}

function noiseOf(round: Round): number {
  return Math.max(...round.map(({ others }) => others))
}

/** Every variant divided by the plain `Dial` of its own round: the median over the rounds. */
export function compare(rounds: readonly Round[]): Compared[] {
  const ids = new Set(rounds.flat().map(({ variant }) => variant))
  return [...ids].map((variant) => {
    const pairs = rounds.flatMap((round) => {
      const run = round.find((each) => each.variant === variant)
      const plain = round.find((each) => each.variant === 'plain')
      return run && plain ? [{ run, plain }] : []
    })
    const over = (figure: (pair: (typeof pairs)[number]) => number): Spread =>
      spread(pairs.map(figure))
    return {
      variant,
      cpuRatio: over(({ run, plain }) => total(run) / total(plain)),
      asteriskMs: over(({ run }) => run.cpu.asterisk).median,
      nodeMs: over(({ run }) => run.cpu.node).median,
      addedP50: over(({ run, plain }) => run.answer.p50 - plain.answer.p50),
      addedP99: over(({ run, plain }) => run.answer.p99 - plain.answer.p99),
      unanswered: pairs.reduce((sum, { run }) => sum + run.unanswered, 0),
      retransmitted: pairs.reduce((sum, { run }) => sum + run.retransmitted, 0),
    }
  })
}

function total({ cpu }: Measured): number {
  return cpu.asterisk + cpu.node
}
