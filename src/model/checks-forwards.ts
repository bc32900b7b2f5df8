import { type Draft, ownersByNumber } from './draft.js'
import type { Finding } from './finding.js'
import { type Estate, targetFindings } from './forward-rules.js'
import { forwardKinds } from './forwarding.js'

/** Every target of every forward, by the rules of spec A7.2 and reliability §3.8. */
export function forwardTargets(draft: Draft): Finding[] {
  const { country, emergency, plans } = draft
  const lines = draft.lines.map(({ value }) => value)
  const known = new Set(lines.map(({ number }) => number))
  // A number may be there twice, which is a finding of its own.
  const boxes = new Set(
    lines.filter(({ voicemail }) => voicemail).map((line) => line.number),
  )
  const estate: Estate = {
    country,
    owners: ownersByNumber(draft),
    emergencyNumbers: [...emergency.add, ...(emergency.numbers ?? [])],
    plan: (name) => plans.get(name),
    hasBox: (number) => (known.has(number) ? boxes.has(number) : undefined),
  }
  return draft.lines.flatMap(({ path, value: line }) =>
    forwardKinds.flatMap((kind) => {
      const to = line.forwarding[kind]?.to
      return to
        ? targetFindings(to, line, estate, [...path, 'forwarding', kind, 'to'])
        : []
    }),
  )
}
