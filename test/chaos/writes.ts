import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { canTrace } from '../rig/crash.js'
import { appliesExperiment } from './applies.js'
import type { Experiment } from './experiment.js'
import {
  confirmedIn,
  ERRORS,
  type Interruption,
  inPairs,
  interrupted,
  readBack,
  storeWriter,
} from './interrupted.js'
import { powerLoss } from './power-loss.js'

const CALLS = ['pwrite64', 'fdatasync', 'fsync', 'ftruncate'] as const
/** Far above the number of calls of one kind that the writer makes. */
const MOST = 400

const everyWrite: Experiment = {
  name: 'writes',
  goals: 'R07 F14',
  fault: 'EIO, ENOSPC and SIGKILL at the Nth write or sync of a store, N = 1, 2, 3 …',
  target: 'what was confirmed is there, nothing is half there, the store opens again',
  quick: true,
  run: async ({ sized, random, tell }) => {
    if (!canTrace()) return { pass: false, measured: { skipped: 'no strace here' } }
    const dir = mkdtempSync(join(tmpdir(), 'lk-writes-'))
    const writer = storeWriter(dir)
    const rows = sized(5, 5, 12)
    let [points, confirmed, missing, unreadable] = [0, 0, 0, 0]
    const kinds = CALLS.flatMap((call) => ERRORS.map((error) => ({ call, error })))
    const point = async (at: Interruption, place: string): Promise<boolean> => {
      mkdirSync(place)
      const file = join(place, 'store.db')
      const argv = [writer, file, String(rows)]
      const { printed, made } = await interrupted(at, argv, join(place, 'trace'))
      if (made) {
        points += 1
        const kept = readBack(file)
        const said = confirmedIn(printed)
        if (!kept) unreadable += 1
        confirmed += said.length
        missing += said.filter((number) => kept && !kept.has(number)).length
        tell(`${points} points`)
      }
      rmSync(place, { recursive: true })
      return made
    }
    try {
      await inPairs(kinds, async ({ call, error }, at) => {
        const step = sized(random.between(7, 12), 2, 1)
        const last = sized(18, MOST, MOST)
        for (let nth = 1; nth <= last; nth += step) {
          const place = join(dir, `${at}-${nth}`)
          if (!(await point({ call, error, nth }, place))) break
        }
      })
    } finally {
      rmSync(dir, { recursive: true, force: true })
    }
    return {
      pass: missing + unreadable === 0 && points > 0,
      measured: { points, confirmed, missing, unreadable },
    }
  },
}

export const writes = [everyWrite, appliesExperiment, powerLoss]
