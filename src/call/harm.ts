import type { CostlyClass } from '../model/costly.js'
import type { Decided } from './decided.js'
import type { Effect } from './effect.js'
import type { State } from './state.js'

/*
 * Limits on harm (reliability §3.8): how much of what costs a line may call before
 * somebody looks at it. Counted per line and class; emergency and incoming calls, and
 * what every plan covers, are not.
 */

/** What a line has called of one class, in milliseconds of the monotonic clock. */
export interface Tally {
  /** Calls of the last day. */
  readonly at: readonly number[]
  /** The beginning of the last number, and how many in a row began so. */
  readonly beginning: string
  readonly inARow: number
}

/** By line and class. */
export type Tallies = ReadonlyMap<string, Tally>

/** More than this at once is refused; more than the others closes the class. */
export const HARM_LIMITS = {
  atOnce: 2,
  aMinute: 5,
  aDay: 100,
  inARow: 10,
} as const
export type HarmLimit = keyof typeof HARM_LIMITS

/** Somebody is told when this part of a limit is reached. */
const WARNING = 0.8
const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS
/** `0044207`: numbers dialled by a machine differ behind it. */
const BEGINNING = 7

export interface Judged {
  readonly tallies: Tallies
  /** The limit that this call goes over, or whose warning mark it reaches. */
  readonly over?: HarmLimit
  readonly near?: HarmLimit
}

/** A call that costs its line more than the plan. */
export interface Cost {
  readonly line: string
  readonly class: CostlyClass
  readonly number: string
}

/** Counts one call more, and says whether it is too many; `atOnce` are up already. */
export function judged(tallies: Tallies, call: Cost, atOnce: number, at: number): Judged {
  const key = tallyKey(call.line, call.class)
  const known = tallies.get(key) ?? { at: [], beginning: '', inARow: 0 }
  const beginning = call.number.slice(0, BEGINNING)
  const day = [...known.at.filter((instant) => at - instant < DAY_MS), at]
  const inARow = known.beginning === beginning ? known.inARow + 1 : 1
  const counts: Readonly<Record<HarmLimit, number>> = {
    atOnce: atOnce + 1,
    aMinute: day.filter((instant) => at - instant < MINUTE_MS).length,
    aDay: day.length,
    inARow,
  }
  const limits: readonly HarmLimit[] = ['aMinute', 'inARow', 'aDay', 'atOnce']
  const over = limits.find((limit) => counts[limit] > HARM_LIMITS[limit])
  const near = limits.find(
    (limit) =>
      limit !== 'atOnce' && counts[limit] === Math.ceil(HARM_LIMITS[limit] * WARNING),
  )
  return {
    tallies: new Map(tallies).set(key, { at: day, beginning, inARow }),
    ...(over && { over }),
    ...(near && { near }),
  }
}

/** An administrator has looked at the line: it begins anew. */
export function withoutLine(tallies: Tallies, line: string): Tallies {
  const kept = [...tallies].filter(([key]) => !key.startsWith(`${line} `))
  return new Map(kept)
}

export function tallyKey(line: string, costly: CostlyClass): string {
  return `${line} ${costly}`
}

/** The limit that one call more would go over. */
export function tooMuch(
  state: State,
  cost: Cost | undefined,
  leg: string,
  at: number,
): { readonly tooMuch?: HarmLimit } {
  if (!cost) return {}
  const { over } = judged(state.tallies, cost, upNow(state, cost, leg), at)
  return over ? { tooMuch: over } : {}
}

/** Counts what a decision spends: the line's own call, and those of its forwards. */
export function spend(
  state: State,
  { answer, forwards, cost }: Decided,
  leg: string,
  at: number,
): {
  readonly tallies: Tallies
  readonly costs: readonly string[]
  readonly notes: readonly Effect[]
} {
  const ofForwards = forwards.flatMap(({ by, to, costs }): Cost[] =>
    costs ? [{ line: by, class: costs, number: to }] : [],
  )
  const all = cost ? [cost, ...ofForwards] : ofForwards
  let { tallies } = state
  const notes: Effect[] = []
  for (const each of all) {
    const { over, near, ...next } = judged(tallies, each, upNow(state, each, leg), at)
    tallies = next.tallies
    const limit = over ?? near
    if (!limit) continue
    const closed = over !== undefined && over !== 'atOnce'
    const { line, class: costly } = each
    const note = { kind: 'harm', line, class: costly, limit, closed } as const
    notes.push({ kind: 'note', note })
  }
  const goes = answer.kind === 'trunk'
  const costs = goes ? all.map(({ line, class: costly }) => tallyKey(line, costly)) : []
  return { tallies, costs, notes }
}

/** Calls of the same line and class that are up, the asking one not counted. */
function upNow({ calls }: State, cost: Cost, leg: string): number {
  const key = tallyKey(cost.line, cost.class)
  return [...calls.values()].filter(
    (call) => call.leg !== leg && call.costs?.includes(key) === true,
  ).length
}
