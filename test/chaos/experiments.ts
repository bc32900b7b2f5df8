import { asteriskFaults } from './asterisk-faults.js'
import { controllerFaults } from './controller-faults.js'
import { corpus } from './corpus.js'
import { diskFull } from './disk-full.js'
import { emergency } from './emergency.js'
import type { Experiment } from './experiment.js'
import { load } from './load.js'
import { races } from './races.js'
import { wireFaults } from './wire-faults.js'
import { writes } from './writes.js'

/** In the order in which most of them find the estate that the one before has left. */
export const experiments: readonly Experiment[] = [
  ...load,
  ...controllerFaults,
  ...asteriskFaults,
  ...races,
  ...emergency,
  ...wireFaults,
  ...diskFull,
  ...writes,
  ...corpus,
]
