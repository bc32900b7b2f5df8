import { missingLine, type Owners } from './checks-references.js'
import { type Finding, finding, type Path } from './finding.js'
import type { ForwardTarget } from './forwarding.js'
import type { Line } from './line.js'
import { classify } from './phone-number.js'
import type { Plan } from './plan.js'

/** What the rules of a target ask about the rest of the site. */
export interface Estate {
  readonly country: string
  readonly owners: Owners
  /** Emergency numbers of the site, beside those of the country. */
  readonly emergencyNumbers: readonly string[]
  /** Undefined: a plan that could not be read may well be a fax plan. */
  readonly plan: (name: string) => Pick<Plan, 'fax'> | undefined
  /** Whether a line has a voicemail; undefined: nothing is known of such a line. */
  readonly hasBox: (line: string) => boolean | undefined
}

/**
 * The rules of a forward's target, spec A7.2 and reliability §3.8: the same for the
 * site file, a feature code, the API and the portal.
 */
export function targetFindings(
  to: ForwardTarget,
  line: Line,
  estate: Estate,
  path: Path,
): Finding[] {
  switch (to.kind) {
    case 'number':
      return outsideTarget(to.number, line, estate, path)
    case 'fax':
      return faxTarget(to.line, line, estate, path)
    case 'voicemail':
      return voicemailTarget(to.line, line, estate, path)
  }
}

function outsideTarget(
  number: string,
  line: Line,
  { owners, country, emergencyNumbers }: Estate,
  path: Path,
): Finding[] {
  // Loops are the business of the graph; a call inside the site costs nothing.
  if (owners.get(number)) return []
  const kind = emergencyNumbers.includes(number) ? 'emergency' : classify(number, country)
  if (kind === 'national' || kind === 'mobile' || kind === 'freephone') return []
  if (kind === 'international' && line.outgoing.international) return []
  const refused = finding(
    'forward.class',
    path,
    `line ${line.number} would forward to ${number} (${kind})`,
  )
  if (kind !== 'international') return [refused]
  return [{ ...refused, remedy: 'set `outgoing: { international: true }` on the line' }]
}

function faxTarget(
  number: string | undefined,
  line: Line,
  { owners, plan }: Estate,
  path: Path,
): Finding[] {
  if (plan(line.plan)?.fax === false) {
    const message = `plan ${line.plan} of line ${line.number} has no fax`
    return [finding('forward.fax', path, message)]
  }
  return number === undefined ? [] : missingLine(number, owners, [...path, 'fax'])
}

function voicemailTarget(
  other: string | undefined,
  line: Line,
  { owners, hasBox }: Estate,
  path: Path,
): Finding[] {
  const number = other ?? line.number
  const has = hasBox(number)
  if (has) return []
  const at = other === undefined ? path : [...path, 'voicemail']
  if (has === undefined) return missingLine(number, owners, at)
  const missing = finding('ref.missing', at, `line ${number} has no voicemail`)
  return [{ ...missing, remedy: 'add `voicemail: { pin: "…" }` to that line' }]
}
