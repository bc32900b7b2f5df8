import {
  emergencyCanLeave,
  emergencyIsComplete,
  emergencyIsUnique,
} from './checks-emergency.js'
import { forwardDepth, forwardLoops } from './checks-forward-graph.js'
import { forwardTargets } from './checks-forwards.js'
import {
  atLeastOneLine,
  guessableSecrets,
  intercomPhones,
  openNetworks,
  sharedSecrets,
} from './checks-lines.js'
import {
  exposedListeners,
  listeners,
  openTrunks,
  rtpRange,
  sharedTrunks,
} from './checks-network.js'
import {
  duplicateNumbers,
  duplicateShortNumbers,
  duplicateTrunks,
} from './checks-numbers.js'
import { limits, linePlans, planCalls, upgrades } from './checks-plans.js'
import {
  aliasTargets,
  openedVoicemails,
  presentedAliases,
  shortNumberOwners,
  shortNumberTargets,
  shownNumbers,
} from './checks-references.js'
import type { Draft } from './draft.js'
import type { Finding } from './finding.js'

/** What must hold between the parts of a site. A check reads; it changes nothing. */
export type Check = (draft: Draft) => Finding[]

/** Findings are listed in this order: what must be mended first comes first. */
export const checks: readonly Check[] = [
  emergencyIsComplete,
  emergencyIsUnique,
  duplicateNumbers,
  duplicateShortNumbers,
  duplicateTrunks,
  planCalls,
  upgrades,
  linePlans,
  limits,
  aliasTargets,
  presentedAliases,
  shownNumbers,
  openedVoicemails,
  shortNumberOwners,
  shortNumberTargets,
  forwardTargets,
  forwardLoops,
  forwardDepth,
  openTrunks,
  listeners,
  rtpRange,
  guessableSecrets,
  sharedSecrets,
  intercomPhones,
  openNetworks,
  sharedTrunks,
  exposedListeners,
  emergencyCanLeave,
  atLeastOneLine,
]
