import { isDeepStrictEqual } from 'node:util'
import type { Logger } from 'pino'
import type { Ami } from '../ami/ami.js'
import type { Mirroring } from '../ami/mirroring.js'
import type { Loop } from '../ari/loop.js'
import type { EventStreams } from '../http/event-streams.js'
import type { Site } from '../model/site.js'
import { ContractDesk } from '../store/contract-desk.js'
import type { Database } from '../store/database.js'
import type { Subscribers } from '../store/subscribers.js'
import type { Contract } from '../subscription/contract.js'
import type { CalendarClock } from './calendar-clock.js'
import { harmTermsAt } from './harm-clock.js'
import { RenewalTimer } from './renewal-timer.js'

/** What goes by contracts; it is made after them. */
export interface Obedient {
  readonly subscribers: Subscribers
  readonly loop: Loop
  readonly mirroring: Mirroring
  readonly ami: Ami | undefined
  readonly streams: EventStreams
}

interface Options {
  readonly database: Database
  readonly site: Site
  readonly calendar: CalendarClock
  readonly log: Logger
}

/** The desk of contracts, joined to calls, and the timer of its renewals. */
export function openContracts(
  { database, site, calendar, log }: Options,
  obedient: () => Obedient,
): { desk: ContractDesk; renewals: RenewalTimer } {
  const desk = new ContractDesk({
    ...{ database, site, now: calendar.now },
    onContracts: (contracts) => obey(contracts, obedient(), log),
    onImpossible: (task, why) => log.error({ task, why }, 'renewal: it is dropped'),
    onAgenda: () => renewals.changed(),
  })
  const agenda = {
    get nextDueMs() {
      return desk.nextDueMs
    },
    settle: () => {
      // Each minute, like what is due.
      const { subscribers, loop } = obedient()
      const terms = harmTermsAt(subscribers.site, calendar.now())
      if (!isDeepStrictEqual(terms, loop.state.harmTerms))
        loop.tell({ kind: 'harmTerms', terms })
      return desk.settle()
    },
  }
  const renewals = new RenewalTimer(agenda, calendar, log)
  return { desk, renewals }
}

/**
 * Makes calls go by contracts that have changed: the next call, the transfer gates of
 * running ones, and the degraded path; then it is told. Running calls are never cut.
 */
async function obey(
  contracts: ReadonlyMap<string, Contract>,
  { subscribers, loop, mirroring, ami, streams }: Obedient,
  log: Logger,
): Promise<void> {
  subscribers.contracts(contracts)
  loop.use(subscribers.directory)
  if (ami) {
    await Promise.all([...contracts.keys()].map((line) => mirroring.line(ami, line)))
  }
  for (const [line, contract] of contracts) {
    log.info({ line, ...contract }, 'contract changed')
    streams.tell('contract', { line, ...contract })
  }
}
