import { setTimeout as pause } from 'node:timers/promises'
import { again } from './again.js'
import type { Estate, Load } from './estate.js'
import type { Setting } from './experiment.js'
import type { Evidence, Verdict } from './judge.js'

/** How an experiment puts one fault to its estate; three values are one for each size. */
export interface Rounds {
  readonly load: readonly [quick: Load, short: Load, full: Load]
  readonly times: readonly [quick: number, short: number, full: number]
  /** Between two faults, at random. */
  readonly pausesMs: readonly [shortest: number, longest: number]
  readonly excused?: Partial<Evidence> | (() => Partial<Evidence>)
  /** Within so long nothing is left when the calls have ended. */
  readonly settlesWithinSeconds: number
}

/** A fault again and again under load: how often, what became of the calls, what is left. */
export async function rounds(
  setting: Setting,
  estate: Estate,
  { load, times, pausesMs, excused, settlesWithinSeconds }: Rounds,
  fault: (nth: number) => Promise<void>,
): Promise<{
  readonly done: number
  readonly verdict: Verdict
  readonly settledMs: number
}> {
  let done = 0
  const verdict = await estate.underLoad(
    setting.sized(...load),
    async (calls) => {
      done = await again(setting, calls, setting.sized(...times), pausesMs, fault)
    },
    excused,
  )
  return { done, verdict, settledMs: await estate.settled(settlesWithinSeconds) }
}

/** A process stands still for so long; then calls are decided again. */
export async function standsStill(
  estate: Estate,
  pid: number,
  forMs: number,
): Promise<void> {
  process.kill(pid, 'SIGSTOP')
  await pause(forMs)
  process.kill(pid, 'SIGCONT')
  await estate.decides()
}
