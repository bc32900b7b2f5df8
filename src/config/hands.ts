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

/** The same hands, which say what they have done. */
export function narrated(hands: Hands, tell: (step: string) => void = () => {}): Hands {
  const { asterisk } = hands
  return {
    ...hands,
    stage: async (generation) => {
      const folder = await hands.stage(generation)
      tell(`${folder} is written`)
      return folder
    },
    pointCurrentTo: async (folder) => {
      await hands.pointCurrentTo(folder)
      tell(`current names ${folder}`)
    },
    ...(asterisk && { asterisk: narratedAsterisk(asterisk, tell) }),
  }
}

function narratedAsterisk(
  asterisk: RunningAsterisk,
  tell: (step: string) => void,
): RunningAsterisk {
  return {
    ...asterisk,
    takeOver: async (news) => {
      await asterisk.takeOver(news)
      for (const { type, id } of news.pushed ?? []) tell(`pushed: ${type} ${id}`)
      tell(`Asterisk has read again: ${news.modules.join(', ')}`)
    },
    refusals: async (proof) => {
      const refusals = await asterisk.refusals(proof)
      tell(
        refusals.length === 0
          ? `Asterisk runs ${proof.hash}, ${proof.pushed ? 'with what was pushed' : 'all endpoints are there'}`
          : `Asterisk does not run ${proof.hash} as it should`,
      )
      return refusals
    },
  }
}
