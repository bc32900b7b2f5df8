import type { Logger } from 'pino'
import type { Ami } from './ami.js'
import { AmiError } from './ami-error.js'

/** An hour is as long as anybody is called back (reliability §3.7). */
const HOUR_MS = 3_600_000
/** Where the dialplan notes the end of each line's last emergency call, in seconds. */
const FAMILY = 'lk_psap'

type Tell = (line: string, agoMs: number) => void

/** One connection is looked through by one round at a time, however often it comes back. */
const rounds = new WeakMap<object, NodeJS.Timeout>()

/**
 * Tells the lines that have called an emergency number within the hour, as the dialplan
 * has kept it for a controller that was not there; and forgets the others, now and each
 * hour: who called for help is nobody's business afterwards.
 */
export async function recallEmergencies(
  ami: Pick<Ami, 'database'>,
  log: Logger,
  tell: Tell,
): Promise<void> {
  clearTimeout(rounds.get(ami))
  const next = setTimeout(() => void recallEmergencies(ami, log, ignore), HOUR_MS)
  rounds.set(ami, next.unref())
  try {
    for (const [line, epoch] of await ami.database.tree(FAMILY)) {
      const agoMs = Date.now() - Number(epoch) * 1000
      if (agoMs < HOUR_MS) tell(line, Math.max(agoMs, 0))
      else await ami.database.del(FAMILY, line)
    }
  } catch (error) {
    if (!(error instanceof AmiError)) throw error
    log.error({ err: error }, 'AMI: who called an emergency number is not known')
  }
}

/** A controller that was there knows of the calls since. */
function ignore(): void {
  // Nothing is told twice.
}
