import type { Report } from './report.js'

/** What a full run has to come to at least, by the name of the experiment and its figure. */
interface Demand {
  readonly experiment: string
  readonly figure: string
  readonly atLeast: number
}

/** A goal of reliability §6. */
interface Goal {
  readonly id: string
  readonly target: string
  readonly demands: readonly Demand[]
}

function demand(experiment: string, figure: string, atLeast: number): Demand {
  return { experiment, figure, atLeast }
}

/** Rows of the corpus that nothing tests although they apply. */
export const ROWS_WITHOUT_TEST: readonly string[] = []

export const goals: readonly Goal[] = [
  {
    id: 'R01',
    target:
      '25 calls/s for 10 min, 400 at once, 5,000 lines with limits of 1 to 4: 0 lost, ' +
      '0 wrongly refused, 0 over the limit, 0 left; p99 ≤ 50 ms, p99.9 ≤ 200 ms',
    demands: [demand('load', 'calls', 15_000), demand('load', 'mostAtOnce', 400)],
  },
  {
    id: 'R06',
    target: '100 controller kills, 30 Asterisk kills, 60 freezes, 500 cuts, 200 reloads',
    demands: [
      demand('controller-kill', 'kills', 100),
      demand('controller-freeze', 'freezes', 60),
      demand('asterisk-kill', 'kills', 30),
      demand('asterisk-freeze', 'freezes', 20),
      demand('reloads', 'reloads', 200),
      demand('ari-cut', 'cuts', 500),
      demand('ari-silent', 'times', 3),
      demand('events', 'attempts', 500),
      demand('ami-cut', 'cuts', 8),
      demand('packets', 'packetsLost', 100),
    ],
  },
  {
    id: 'R07',
    target:
      '≥ 200 points at which the power fails, and every call of a write that fails or ' +
      'is the last: old or new, nothing confirmed is lost',
    demands: [
      demand('writes', 'points', 200),
      demand('power-loss', 'points', 200),
      demand('apply-killed', 'points', 100),
    ],
  },
  {
    id: 'R08',
    target: 'store, voicemail and log on a full disk: calls go on, space helps at once',
    demands: [
      demand('disk-full-store', 'fillings', 3),
      demand('disk-full-voicemail', 'fillings', 3),
      demand('disk-full-log', 'fillings', 3),
    ],
  },
  {
    id: 'R09',
    target:
      'every row of the bad-input corpus that applies: the expected answer, 0 crashes',
    demands: [demand('corpus', 'rows', 130), demand('corpus', 'inputs', 700)],
  },
  {
    id: 'R11',
    target: 'all emergency numbers in ≥ 25 hostile states: 100 %, p99 ≤ 500 ms',
    demands: [demand('emergency', 'states', 25), demand('emergency', 'dialled', 300)],
  },
  {
    id: 'R12',
    target:
      '1,000 requests/s without a password for 5 min beside 15 calls/s: 0 lost, ' +
      'p99 ≤ 100 ms, logs ≤ 5 MB a minute',
    demands: [demand('scan', 'scanned', 290_000)],
  },
  {
    id: 'R15',
    target: '1,000 slots leaked: 0 after 30 s; no live call released',
    demands: [demand('leaks', 'leaked', 1_000)],
  },
  {
    id: 'R16',
    target:
      '10,000 races for a last slot, 2,000 transfer glares: 0 over the limit, 0 left',
    demands: [demand('races', 'races', 10_000), demand('glares', 'glares', 2_000)],
  },
]

export const NOT_RUN = 'not run'

/** How often the fault happened, and what a full run asks. */
export function repetitionsOf({ id, measured }: Pick<Report, 'id' | 'measured'>): {
  readonly figure: string
  readonly count: number | string
  readonly missed: readonly string[]
} {
  const demands = goals.flatMap((goal) =>
    goal.demands.filter(({ experiment }) => experiment === id),
  )
  const [first] = demands
  const missed = demands
    .filter(({ figure, atLeast }) => !(Number(measured[figure]) >= atLeast))
    .map(({ figure, atLeast }) => `${figure} ${measured[figure] ?? 0} of ${atLeast}`)
  const figure = first?.figure ?? ''
  return { figure, count: measured[figure] ?? '–', missed }
}

export interface Reached {
  readonly id: string
  readonly target: string
  readonly measured: Readonly<Record<string, number | string>>
  readonly seed: number
  readonly size: string
  readonly pass: boolean
}

/** What the last runs say of each goal; one with an experiment that never ran is not reached. */
export function reached(reports: readonly Report[]): Reached[] {
  const own = goals.map(({ id, target, demands }): Reached => {
    const names = [...new Set(demands.map(({ experiment }) => experiment))]
    const run = reports.filter((report) => names.includes(report.id))
    const figures = demands.map(({ experiment, figure }) => {
      const report = run.find((each) => each.id === experiment)
      return [`${experiment}.${figure}`, report?.measured[figure] ?? NOT_RUN] as const
    })
    const pass = run.length === names.length && run.every((report) => report.pass)
    return { id, target, measured: Object.fromEntries(figures), pass, ...runOf(run) }
  })
  return [...own, ...laws(reports)].sort((a, b) => a.id.localeCompare(b.id))
}

/** A controller that is not told of a call cannot count it until it asks for the list. */
const UNTOLD = 'events'

/** What has to hold in every run of every experiment. */
function laws(reports: readonly Report[]): Reached[] {
  const law = (id: string, target: string, figure: string): Reached => {
    const having = reports.filter(({ measured }) => measured[figure] !== undefined)
    const judged = having.filter((report) => report.id !== UNTOLD)
    const untold = having.find((report) => report.id === UNTOLD)
    const worst = Math.max(0, ...judged.map(({ measured }) => Number(measured[figure])))
    const whileUntold = untold && { whileEventsAreLost: untold.measured[figure] ?? 0 }
    const measured = { experiments: judged.length, [figure]: worst, ...whileUntold }
    const pass = worst === 0 && judged.length > 0
    return { id, target, measured, pass, ...runOf(judged) }
  }
  return [
    law('R04', 'attempts = connected + refused + excused, by SIPp alone', 'unaccounted'),
    law('R05', 'at no instant more calls of a line than its limit', 'overLimit'),
  ]
}

function runOf(reports: readonly Report[]) {
  const sizes = new Set(reports.map(({ size }) => size))
  return { seed: reports[0]?.seed ?? 0, size: [...sizes].join(', ') || NOT_RUN }
}
