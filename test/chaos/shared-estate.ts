import { copyFileSync, existsSync, mkdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { System } from '../rig/system.js'
import { type Estate, startEstate } from './estate.js'
import type { Outcome, Setting } from './experiment.js'
import { project } from './interrupted.js'

/** One estate after another, not one for each experiment: a start takes ten seconds. */
let shared: Estate | undefined

export interface Wanted {
  /** How many lines it has; otherwise by the size of the run. */
  readonly lines?: number
  /** The experiment leaves it in a state that no other may find. */
  readonly alone?: boolean
}

/**
 * Runs an experiment on the estate that the last one has left as it found it, or on one of
 * its own. What an experiment has broken, nobody uses again.
 */
export async function onEstate(
  setting: Setting,
  work: (estate: Estate) => Promise<Outcome>,
  { lines = setting.sized(12, 20, 40), alone = false }: Wanted = {},
): Promise<Outcome> {
  if (shared?.limits.size !== lines || shared.isBetween || alone) await endSharedEstate()
  return await onAny(setting, work, lines, alone)
}

/** The same with proxies between the controller and Asterisk. */
export async function onEstateBetween(
  setting: Setting,
  work: (estate: Estate) => Promise<Outcome>,
  { lines = setting.sized(12, 20, 40) }: Wanted = {},
): Promise<Outcome> {
  if (shared?.limits.size !== lines) await endSharedEstate()
  const putBetween = async (estate: Estate): Promise<Outcome> => {
    await estate.putBetween()
    return await work(estate)
  }
  return await onAny(setting, putBetween, lines, false)
}

async function onAny(
  { name, random }: Setting,
  work: (estate: Estate) => Promise<Outcome>,
  lines: number,
  alone: boolean,
): Promise<Outcome> {
  shared ??= await startEstate(lines, random)
  let [reusable, good] = [false, false]
  try {
    shared.begin(random)
    const outcome = await work(shared)
    const left = await shared.left()
    const pass = outcome.pass && left === 0
    good = pass
    reusable = pass && !alone
    return { pass, measured: { ...outcome.measured, left } }
  } finally {
    if (!good) keepLogs(shared.system, name)
    if (!reusable) await endSharedEstate()
  }
}

/** What went wrong is to be found in `reports/chaos/NAME`. */
function keepLogs({ dir, state }: System, name: string): void {
  const folder = join(project, 'reports/chaos', name)
  mkdirSync(folder, { recursive: true })
  const logs = ['up.log', 'controller.log'].map((log) => join(dir, log))
  for (const log of [...logs, join(state, 'log/messages.log')]) {
    if (existsSync(log)) copyFileSync(log, join(folder, basename(log)))
  }
}

/** Ends the estate that is left; after the last experiment. */
export async function endSharedEstate(): Promise<void> {
  const last = shared
  shared = undefined
  await last?.close()
}
