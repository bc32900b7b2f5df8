import type { Logger } from 'pino'
import type { Ami } from './ami.js'
import { AmiError } from './ami-error.js'

/** An hour is as long as anybody is called back (reliability §3.7). */
const HOUR_MS = 3_600_000

/**
 * Tells the lines that have called an emergency number within the hour, as the dialplan
 * has kept it for a controller that was not there.
 */
export async function recallEmergencies(
  { database }: Pick<Ami, 'database'>,
  log: Logger,
  tell: (line: string, agoMs: number) => void,
): Promise<void> {
  try {
    for (const [line, epoch] of await database.tree('lk_psap')) {
      const agoMs = Date.now() - Number(epoch) * 1000
      if (agoMs < HOUR_MS) tell(line, Math.max(agoMs, 0))
    }
  } catch (error) {
    if (!(error instanceof AmiError)) throw error
    log.error({ err: error }, 'AMI: who called an emergency number is not known')
  }
}
