import { COSTLY_CLASSES, type CostlyClass } from '../model/costly.js'
import type { Decided } from './decided.js'
import type { CallRecord, Effect } from './effect.js'
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
  /** When somebody talked, in the last day. */
  readonly talks: readonly Talk[]
}

export type Talk = readonly [from: number, to: number]

/** By line and class. */
export type Tallies = ReadonlyMap<string, Tally>

/** More than this at once is refused; more than the others closes the class. */
export const HARM_LIMITS = {
  atOnce: 2,
  aMinute: 5,
  aDay: 100,
  inARow: 10,
  minutesAnHour: 60,
} as const
export type HarmLimit = keyof typeof HARM_LIMITS | 'moneyADay'

/** What of the limits changes with the hour and with the site. */
export interface HarmTerms {
  /** Half of every limit holds: whoever steals an account calls when nobody looks. */
  readonly night: boolean
  readonly centsAMinute: Readonly<Record<CostlyClass, number>>
  /** Absent: what a line spends has no limit. */
  readonly centsADay?: number
}

export const noHarmTerms: HarmTerms = {
  night: false,
  centsAMinute: { special: 0, international: 0 },
}

/** Somebody is told when this part of a limit is reached. */
const WARNING = 0.8
const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
/** `0044207`: numbers dialled by a machine differ behind it. */
const BEGINNING = 7

const NOTHING: Tally = { at: [], beginning: '', inARow: 0, talks: [] }

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

/** What a call is judged by, beside what its line has called before. */
export interface Circumstances {
  readonly at: number
  readonly terms: HarmTerms
  /** Calls of the same line and class that are up, this one not counted. */
  readonly atOnce: number
  /** Talks of the line that go on, by class. */
  readonly talking: readonly { readonly class: CostlyClass; readonly since: number }[]
}

type Count = readonly [limit: HarmLimit, count: number, most: number]

/** Counts one call more, and says whether it is too many. */
export function judged(tallies: Tallies, call: Cost, around: Circumstances): Judged {
  const { at, terms, atOnce } = around
  const key = tallyKey(call.line, call.class)
  const known = tallies.get(key) ?? NOTHING
  const beginning = call.number.slice(0, BEGINNING)
  const day = [...known.at.filter((instant) => at - instant < DAY_MS), at]
  const inARow = known.beginning === beginning ? known.inARow + 1 : 1
  const aMinute = day.filter((instant) => at - instant < MINUTE_MS).length
  const counts: readonly Count[] = [
    ['aMinute', aMinute, mostOf('aMinute', terms)],
    ['inARow', inARow, mostOf('inARow', terms)],
    ['aDay', day.length, mostOf('aDay', terms)],
    // Of what was talked before; this call is not cut when it goes over by itself.
    ...talked(tallies, call, around),
    ['atOnce', atOnce + 1, mostOf('atOnce', terms)],
  ]
  const over = counts.find(([, count, most]) => count > most)?.[0]
  const near = counts.find(([limit, count, most]) => isNear(limit, count, most))?.[0]
  const next = { at: day, beginning, inARow, talks: recent(known.talks, at) }
  return {
    tallies: new Map(tallies).set(key, next),
    ...(over && { over }),
    ...(near && { near }),
  }
}

function mostOf(limit: keyof typeof HARM_LIMITS, { night }: HarmTerms): number {
  const most = HARM_LIMITS[limit]
  return night ? Math.ceil(most / 2) : most
}

/** Calls are told of once, at their mark; minutes and money whenever they are past it. */
function isNear(limit: HarmLimit, count: number, most: number): boolean {
  if (limit === 'atOnce') return false
  if (limit === 'minutesAnHour' || limit === 'moneyADay') return count >= most * WARNING
  return count === Math.ceil(most * WARNING)
}

/** Minutes of the last hour in the class, and cents of the last day in all of them. */
function talked(
  tallies: Tallies,
  call: Cost,
  { at, terms, talking }: Circumstances,
): Count[] {
  const minutes = (costly: CostlyClass, sinceMs: number): number => {
    const ended = tallies.get(tallyKey(call.line, costly))?.talks ?? []
    const going = talking.filter((each) => each.class === costly)
    const talks: Talk[] = [...ended, ...going.map(({ since }): Talk => [since, at])]
    const ms = talks.map(([from, to]) => Math.max(0, to - Math.max(from, at - sinceMs)))
    return ms.reduce((sum, each) => sum + each, 0) / MINUTE_MS
  }
  const hour = minutes(call.class, HOUR_MS)
  const { centsADay, centsAMinute, night } = terms
  const minutesAnHour = ['minutesAnHour', hour, mostOf('minutesAnHour', terms)] as const
  if (centsADay === undefined) return [minutesAnHour]
  const spent = COSTLY_CLASSES.map((each) => minutes(each, DAY_MS) * centsAMinute[each])
  const cents = spent.reduce((sum, each) => sum + each, 0)
  return [minutesAnHour, ['moneyADay', cents, night ? centsADay / 2 : centsADay]]
}

function recent(talks: readonly Talk[], at: number): readonly Talk[] {
  return talks.filter(([, to]) => at - to < DAY_MS)
}

/** A call that costs has ended: how long it was talked counts from now on. */
export function withTalk(
  tallies: Tallies,
  { costs, answeredAt }: Pick<CallRecord, 'costs' | 'answeredAt'>,
  endedAt: number,
): Tallies {
  if (!costs || answeredAt === undefined) return tallies
  const next = new Map(tallies)
  for (const key of costs) {
    const known = next.get(key) ?? NOTHING
    const talks: Talk[] = [...recent(known.talks, endedAt), [answeredAt, endedAt]]
    next.set(key, { ...known, talks })
  }
  return next
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
  const { over } = judged(state.tallies, cost, around(state, cost, leg, at))
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
    const { over, near, ...next } = judged(tallies, each, around(state, each, leg, at))
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

function around(
  { calls, harmTerms }: State,
  { line, class: costly }: Cost,
  leg: string,
  at: number,
): Circumstances {
  const others = [...calls.values()].filter((call) => call.costs && call.leg !== leg)
  const talking = others.flatMap(({ costs, answeredAt }) => {
    const classes = COSTLY_CLASSES.filter((each) => costs?.includes(tallyKey(line, each)))
    if (answeredAt === undefined) return []
    return classes.map((each) => ({ class: each, since: answeredAt }))
  })
  const key = tallyKey(line, costly)
  const atOnce = others.filter(({ costs }) => costs?.includes(key)).length
  return { at, terms: harmTerms, atOnce, talking }
}
