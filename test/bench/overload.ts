import { setTimeout as pause } from 'node:timers/promises'
import type { Settings } from './call-path.js'
import { betweenLines, drive, startCalled } from './drive.js'
import type { Estate, Left } from './estate.js'
import { residentBytes } from './machine.js'

/** What twice the load that the machine bears leaves behind. */
export interface Overload {
  readonly callsPerSecond: number
  readonly offered: number
  readonly answered: number
  /** Until nothing was left, or the limit of 60 s. */
  readonly quietAfterSeconds: number
  /** Absent when after that time it could still not be said. */
  readonly left?: Left
  /** Asterisk's memory afterwards, over before. */
  readonly memoryRatio: number
}

/** Twice what two cores bear, when it was not measured before (performance §2). */
const TWICE_PER_SECOND = 500
const SECONDS = 6
const LIMIT_SECONDS = 60

export async function overload(
  estate: Estate,
  settings: Settings,
  callsPerSecond = TWICE_PER_SECOND,
): Promise<Overload> {
  await estate.startController()
  const called = startCalled(estate, settings.project)
  const { asterisk } = estate.pids
  const before = residentBytes(asterisk)
  try {
    const load = {
      callsPerSecond,
      seconds: SECONDS,
      ...betweenLines(estate, settings.pairs, ''),
    }
    const at = { project: settings.project, calledPid: called.pid }
    const { delays, offered } = await drive(estate, load, at)
    const ended = performance.now()
    let left = await estate.left()
    while (!left || left.channels + left.bridges + left.slots > 0) {
      if (performance.now() - ended > LIMIT_SECONDS * 1000) break
      await pause(500)
      left = await estate.left()
    }
    return {
      callsPerSecond,
      offered,
      answered: delays.answered,
      quietAfterSeconds: (performance.now() - ended) / 1000,
      ...(left && { left }),
      memoryRatio: residentBytes(asterisk) / before,
    }
  } finally {
    await called.close()
  }
}
