import { accessChecks } from './doctor-access.js'
import type { Check } from './doctor-check.js'
import { coreChecks } from './doctor-core.js'
import type { Facts } from './doctor-facts.js'
import { sipChecks } from './doctor-sip.js'

/** Where a running Asterisk is not what was rendered for it. */
export interface Deviation {
  readonly test: string
  readonly code: string
  readonly message: string
  readonly remedy: string
}

/** In the order in which a reader wants them: the program, the way in, the phones. */
const checks: readonly Check[] = [...coreChecks, ...accessChecks, ...sipChecks]

/** Compares a running Asterisk with the hardened baseline; none when it is as rendered. */
export function deviations(facts: Facts): readonly Deviation[] {
  return checks.flatMap(({ test, code, remedy, finds }) =>
    finds(facts).map((message) => ({ test, code, message, remedy })),
  )
}
