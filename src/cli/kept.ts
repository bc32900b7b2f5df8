import type { Site } from '../model/site.js'
import { keptContracts, resetContracts } from './kept-contracts.js'
import { type ForbiddenForward, forbiddenBlock, forbiddenKept } from './kept-forbidden.js'
import {
  type KeptSetting,
  keptBlock,
  keptSettings,
  linesToReset,
  resetSettings,
} from './kept-settings.js'

/** What `--reset-settings` and `--reset-contracts` were given. */
export interface ResetOptions {
  readonly resetSettings?: string | true
  readonly resetContracts?: string | true
}

/** What the store has otherwise than a site file, and what is to become of it. */
export interface Kept {
  readonly settings: readonly KeptSetting[]
  readonly contracts: readonly KeptSetting[]
  /** Kept forwards that the site file does not allow. */
  readonly forbidden: readonly ForbiddenForward[]
  /** Beneath a plan: what it does not touch, and what it gives back to the site file. */
  readonly text: readonly string[]
  /** Lines that are given back. */
  readonly lines: readonly string[]
  reset(): Promise<void>
}

/** Throws StoreUnavailable, and UsageError for what is no line. */
export function keptIn(
  dir: string,
  site: Site,
  options: ResetOptions,
  numberOf: (text: string) => string | undefined,
): Kept {
  const settings = keptSettings(dir, site)
  const contracts = keptContracts(dir, site)
  const given = {
    settings: linesToReset('--reset-settings', options.resetSettings, settings, numberOf),
    contracts: linesToReset(
      '--reset-contracts',
      options.resetContracts,
      contracts,
      numberOf,
    ),
  }
  const staying = settings.filter(({ line }) => !given.settings.includes(line))
  const forbidden = forbiddenKept(dir, site, staying)
  return {
    ...{ settings, contracts, forbidden },
    lines: [...new Set([...given.settings, ...given.contracts])],
    text: [
      ...keptBlock(
        '--reset-settings',
        'as subscribers set them',
        settings,
        given.settings,
      ),
      ...keptBlock(
        '--reset-contracts',
        'as orders and renewals made them',
        contracts,
        given.contracts,
      ),
      ...forbiddenBlock(forbidden),
    ],
    reset: async () => {
      await resetSettings(dir, site, given.settings)
      await resetContracts(dir, site, given.contracts)
    },
  }
}
