import { betweenLines, drive, startCalled } from './drive.js'
import type { Estate } from './estate.js'
import {
  type Compared,
  compare,
  countedRounds,
  isQuiet,
  type Measured,
  measured,
  type Round,
} from './rounds.js'
import type { Variant } from './variants.js'

/** Other programs may take this share of the machine before a round is noisy. */
export const MOST_OTHERS = 0.1

/** p99 of INVITE to 200 beyond which a rate is not sustained, in milliseconds. */
const SUSTAINED_MS = 50

/** Before the controller is measured; as long as `Settings` says. */
const WARM_UP_RATE = 100

export interface Settings {
  readonly project: string
  readonly pairs: number
  readonly variants: readonly Variant[]
  readonly callsPerSecond: number
  readonly seconds: number
  /** After 30 V8 translates little more: a controller that runs for days is meant. */
  readonly warmUpSeconds: number
  readonly rounds: number
  /** Rounds in all, when noisy ones have to be repeated. */
  readonly mostRounds: number
  readonly tell: (line: string) => void
}

export interface CallPath {
  readonly callsPerSecond: number
  readonly rounds: readonly Round[]
  readonly quiet: number
  readonly noisy: number
  /** Whether only quiet rounds were counted. */
  readonly trusted: boolean
  readonly compared: readonly Compared[]
  /** What Asterisk told the controller and was asked by it, per call of linekeeper's. */
  readonly perCall: {
    readonly requests: number
    readonly events: number
    readonly bytes: number
  }
}

/** Interleaved rounds, plain `Dial` first in each; a noisy round is run again. */
export async function callPath(estate: Estate, settings: Settings): Promise<CallPath> {
  const { variants, rounds: wanted, mostRounds, tell } = settings
  const called = startCalled(estate, settings.project)
  try {
    // Everything is asked for the first time once: not in a round.
    for (const variant of variants)
      await run(estate, variant, { ...settings, seconds: 2 }, called.pid)
    const rounds: Round[] = []
    const quietOnes = () => rounds.filter((round) => isQuiet(round, MOST_OTHERS)).length
    let perCall = { requests: 0, events: 0, bytes: 0 }
    while (quietOnes() < wanted && rounds.length < mostRounds) {
      const round: Measured[] = []
      for (const variant of variants) {
        round.push(await run(estate, variant, settings, called.pid))
        if (variant.id === 'linekeeper') perCall = await toldPerCall(estate, settings)
      }
      rounds.push(round)
      const noise = Math.max(...round.map(({ others }) => others))
      const verdict = isQuiet(round, MOST_OTHERS) ? 'counts' : 'is noisy'
      tell(
        `round ${rounds.length} ${verdict}: others took ${percent(noise)} of the machine`,
      )
    }
    const { counted, quiet } = countedRounds(rounds, { wanted, most: MOST_OTHERS })
    return {
      callsPerSecond: settings.callsPerSecond,
      rounds,
      quiet,
      noisy: rounds.length - quiet,
      trusted: quiet >= wanted,
      compared: compare(counted),
      perCall,
    }
  } finally {
    await called.close()
  }
}

/** The highest rate each variant sustains: + 20 % until it fails twice. */
export async function ramp(
  estate: Estate,
  settings: Settings,
): Promise<ReadonlyMap<Variant['id'], number>> {
  const called = startCalled(estate, settings.project)
  const best = new Map<Variant['id'], number>()
  try {
    for (const variant of settings.variants) {
      let rate = settings.callsPerSecond
      let failures = 0
      while (failures < 2) {
        const result = await run(
          estate,
          variant,
          { ...settings, callsPerSecond: rate },
          called.pid,
        )
        const holds = sustained(result)
        settings.tell(
          `${variant.id} at ${rate}/s: p99 ${result.answer.p99.toFixed(1)} ms${holds ? '' : ', not sustained'}`,
        )
        if (holds) {
          best.set(variant.id, rate)
          failures = 0
          rate = Math.round(rate * 1.2)
        } else failures += 1
      }
    }
    return best
  } finally {
    await called.close()
  }
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}

function sustained({ answer, unanswered, retransmitted, calls }: Measured): boolean {
  return answer.p99 <= SUSTAINED_MS && unanswered === 0 && retransmitted <= calls / 100
}

async function run(
  estate: Estate,
  { id, letter }: Variant,
  { callsPerSecond, seconds, warmUpSeconds, pairs, project }: Settings,
  calledPid: number,
): Promise<Measured> {
  const load = { callsPerSecond, seconds, ...betweenLines(estate, pairs, letter) }
  const at = { project, calledPid }
  // The others must not pay for what Asterisk tells the controller.
  if (id !== 'linekeeper') await estate.stopController()
  else if (await estate.startController()) {
    // Node translates what is called often while it runs: a new one is slow.
    const warmUp = { callsPerSecond: WARM_UP_RATE, seconds: warmUpSeconds }
    await drive(estate, { ...load, ...warmUp }, at)
  }
  const { delays, spent, offered } = await drive(estate, load, at)
  const { asterisk, controller, agi } = estate.pids
  const ms = (pid: number) => spent.of.get(pid) ?? 0
  return measured(id, callsPerSecond, delays, {
    offered,
    asteriskMs: ms(asterisk),
    nodeMs: ms(controller) + ms(agi),
    busy: spent.busy,
    others: spent.others,
  })
}

interface Told {
  readonly requests: number
  readonly events: number
  readonly bytes: number
}

/** The controller was started for these calls and has heard of no others. */
async function toldPerCall(
  estate: Estate,
  { callsPerSecond, seconds, warmUpSeconds }: Settings,
): Promise<Told> {
  const text = await estate.get('/metrics')
  const calls = callsPerSecond * seconds + WARM_UP_RATE * warmUpSeconds
  const perCall = (line: RegExp): number => Number(line.exec(text)?.[1] ?? 0) / calls
  return {
    requests: perCall(/request_duration_seconds_count\{request="answer"\} (\d+)/),
    events: perCall(/ari_events_total (\d+)/),
    bytes: perCall(/ari_event_bytes_total (\d+)/),
  }
}
