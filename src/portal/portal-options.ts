import type { Accounts } from '../http/accounts.js'
import type { Controller } from '../http/controller.js'
import type { EventStreams } from '../http/event-streams.js'
import type { SettingsChanges } from '../http/settings-changes.js'
import type { Site } from '../model/site.js'

/** What the pages are made of: the same functions as the API's. */
export interface PortalOptions {
  readonly controller: Controller
  readonly accounts: Accounts
  readonly streams: EventStreams
  readonly settings: SettingsChanges
  /** The site with its effective lines. */
  readonly site: () => Site
  readonly onBug: (error: unknown, route: string) => void
}
