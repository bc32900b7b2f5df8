import { missingLine } from './checks-references.js'
import { type Draft, type Owner, ownersByNumber } from './draft.js'
import { type Finding, finding, type Path } from './finding.js'
import { type ForwardTarget, forwardKinds } from './forwarding.js'
import type { Line } from './line.js'
import { classify } from './phone-number.js'

/** What the rules of a target ask about the rest of the site. */
interface Estate {
  readonly draft: Draft
  readonly owners: ReadonlyMap<string, Owner>
  /** The lines that have a voicemail. */
  readonly boxes: ReadonlySet<string>
  /** The lines that could be read whole; of another one nothing is known. */
  readonly known: ReadonlySet<string>
}

/** Every target of every forward, by the rules of spec A7.2 and reliability §3.8. */
export function forwardTargets(draft: Draft): Finding[] {
  const lines = draft.lines.map(({ value }) => value)
  const estate = {
    draft,
    owners: ownersByNumber(draft),
    boxes: new Set(lines.filter((line) => line.voicemail).map(({ number }) => number)),
    known: new Set(lines.map(({ number }) => number)),
  }
  return draft.lines.flatMap(({ path, value: line }) =>
    forwardKinds.flatMap((kind) => {
      const to = line.forwarding[kind]?.to
      return to ? target(to, line, estate, [...path, 'forwarding', kind, 'to']) : []
    }),
  )
}

function target(to: ForwardTarget, line: Line, estate: Estate, path: Path): Finding[] {
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
  { owners, draft: { country, emergency } }: Estate,
  path: Path,
): Finding[] {
  // Loops are the business of the graph; a call inside the site costs nothing.
  if (owners.has(number)) return []
  const added = [...emergency.add, ...(emergency.numbers ?? [])].includes(number)
  const kind = added ? 'emergency' : classify(number, country)
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
  { owners, draft: { plans } }: Estate,
  path: Path,
): Finding[] {
  const plan = plans.get(line.plan)
  // A plan that could not be read may well be a fax plan.
  if (plan && !plan.fax) {
    const message = `plan ${line.plan} of line ${line.number} has no fax`
    return [finding('forward.fax', path, message)]
  }
  return number === undefined ? [] : missingLine(number, owners, [...path, 'fax'])
}

function voicemailTarget(
  other: string | undefined,
  line: Line,
  { owners, boxes, known }: Estate,
  path: Path,
): Finding[] {
  const number = other ?? line.number
  if (boxes.has(number)) return []
  const at = other === undefined ? path : [...path, 'voicemail']
  if (!known.has(number)) return missingLine(number, owners, at)
  const missing = finding('ref.missing', at, `line ${number} has no voicemail`)
  return [{ ...missing, remedy: 'add `voicemail: { pin: "…" }` to that line' }]
}
