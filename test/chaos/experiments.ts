import { asteriskFaults } from './asterisk-faults.js'
import { controllerFaults } from './controller-faults.js'
import { diskFaults } from './disk-faults.js'
import { emergency } from './emergency.js'
import type { Experiment } from './experiment.js'
import { load } from './load.js'
import { races } from './races.js'
import { wireFaults } from './wire-faults.js'

/** In the order in which most of them find the estate that the one before has left. */
export const experiments: readonly Experiment[] = [
  ...load,
  ...controllerFaults,
  ...asteriskFaults,
  ...races,
  ...emergency,
  ...wireFaults,
  ...diskFaults,
]
