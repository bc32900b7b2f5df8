import type { Hands, RunningAsterisk } from './apply.js'
import { pointCurrentTo, type Reader, stageGeneration } from './generation-folder.js'
import { writeJournal } from './journal.js'

/** The real hands: files below `dir`, and the Asterisk that runs on them, if one does. */
export function realHands(
  dir: string,
  reader: Reader | undefined,
  asterisk: RunningAsterisk | undefined,
): Hands {
  return {
    stage: (generation) => stageGeneration(dir, generation, reader),
    pointCurrentTo: (folder) => pointCurrentTo(dir, folder),
    writeJournal: (journal) => writeJournal(dir, journal),
    ...(asterisk && { asterisk }),
  }
}
