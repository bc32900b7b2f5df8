import type { Accounts } from '../http/accounts.js'
import type { Controller } from '../http/controller.js'
import type { EventStreams } from '../http/event-streams.js'
import type { CallRecords } from '../http/getCdr.js'
import type { Diagnoses } from '../http/getDiagnosis.js'
import type { Greetings } from '../http/greetings.js'
import type { SettingsChanges } from '../http/settings-changes.js'
import type { Voicemails } from '../http/voicemail.js'
import type { Site } from '../model/site.js'
import type { ContractDesk } from '../store/contract-desk.js'

/** What the pages are made of: the same functions as the API's. */
export interface PortalOptions {
  readonly controller: Controller
  readonly accounts: Accounts
  readonly streams: EventStreams
  readonly settings: SettingsChanges
  readonly contracts: ContractDesk
  readonly diagnoses: Diagnoses
  readonly voicemails?: Voicemails
  readonly greetings?: Greetings
  /** Where calls are written down, if they are. */
  readonly records?: CallRecords
  /** The site with its effective lines. */
  readonly site: () => Site
  readonly onBug: (error: unknown, route: string) => void
}
