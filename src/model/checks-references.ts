import { type Draft, ownersByNumber } from './draft.js'
import { type Finding, finding, type Path } from './finding.js'
import { classify } from './phone-number.js'
import { mayShow } from './presentation.js'
import { show } from './refusal.js'
import { mayOpen } from './voicemail-access.js'

/** An alias rings a line, never another alias (spec B6). */
export function aliasTargets(draft: Draft): Finding[] {
  const owners = ownersByNumber(draft)
  return draft.aliases.flatMap(({ path, value }) => {
    if (!value.redirect) return []
    return missingLine(value.redirect.line, owners, [...path, 'redirect', 'line'])
  })
}

/** A line presents one number; two aliases that both want to be it leave it open which. */
export function presentedAliases({ aliases }: Draft): Finding[] {
  const first = new Map<string, Path>()
  return aliases.flatMap(({ path, value }) => {
    if (!value.redirect?.present) return []
    const { line } = value.redirect
    const here = [...path, 'redirect', 'present']
    const also = first.get(line)
    first.set(line, also ?? here)
    if (!also) return []
    return [
      finding('alias.present', here, `line ${line} would present two aliases`, also),
    ]
  })
}

/** Nobody shows a number that is not his own account's (spec C3, T15). */
export function shownNumbers({ lines, aliases }: Draft): Finding[] {
  const byLine = new Map(lines.map(({ value }) => [value.number, value]))
  const byAlias = new Map(aliases.map(({ value }) => [value.number, value]))
  const holders = {
    line: (number: string) => byLine.get(number),
    alias: (number: string) => byAlias.get(number),
  }
  return lines.flatMap(({ path, value }) => {
    const { shownNumber } = value
    if (shownNumber === undefined || mayShow(value, shownNumber, holders)) return []
    const message = `line ${value.number} may not show ${shownNumber}: not of its group`
    return [finding('shown.foreign', [...path, 'shownNumber'], message)]
  })
}

/** 123 opens a box of the same account (spec B8). */
export function openedVoicemails({ lines }: Draft): Finding[] {
  const byNumber = new Map(lines.map(({ value }) => [value.number, value]))
  return lines.flatMap(({ path, value }) => {
    const { number, defaultVoicemail: opens } = value
    if (opens === undefined || mayOpen(value, byNumber.get(opens))) return []
    const message = `line ${number} may not open the voicemail of ${opens}`
    return [finding('voicemail.foreign', [...path, 'defaultVoicemail'], message)]
  })
}

/** 2… serves one line, 7… a group or the whole site (spec C2). */
export function shortNumberOwners(draft: Draft): Finding[] {
  const owners = ownersByNumber(draft)
  return draft.shortNumbers.flatMap(({ path, value }) => {
    const { number, line, group } = value
    if (number.startsWith('2')) {
      if (group !== undefined || line === undefined) {
        return [
          finding(
            'short.owner',
            path,
            `short number ${number} needs a line, and no group`,
          ),
        ]
      }
      return missingLine(line, owners, [...path, 'line'])
    }
    if (line !== undefined) {
      return [
        finding('short.owner', [...path, 'line'], `short number ${number} has no line`),
      ]
    }
    if (group === undefined || draft.groups.has(group)) return []
    const at = [...path, 'group']
    return [finding('ref.missing', at, `no line is in group ${show(group, at)}`)]
  })
}

/** What may not be dialled, or only by a person, is no target of a short number (§3.7). */
export function shortNumberTargets(draft: Draft): Finding[] {
  const owners = ownersByNumber(draft)
  return draft.shortNumbers.flatMap(({ path, value }) => {
    if (owners.has(value.to)) return []
    const kind = classify(value.to, draft.country)
    if (kind !== 'emergency' && kind !== 'closed' && !isAdded(draft, value.to)) return []
    const message = `short number ${value.number} leads to ${value.to} (${kind})`
    return [finding('short.class', [...path, 'to'], message)]
  })
}

function isAdded({ emergency }: Draft, number: string): boolean {
  return emergency.add.includes(number) || (emergency.numbers ?? []).includes(number)
}

/** Who has a number: a line, an alias or nobody. */
export interface Owners {
  get(number: string): { readonly kind: 'line' | 'alias' } | undefined
}

/** A reference to a line leads to a line: not to nothing, and not to an alias. */
export function missingLine(number: string, owners: Owners, path: Path): Finding[] {
  const owner = owners.get(number)
  if (owner?.kind === 'line') return []
  const message = owner
    ? `${number} is an alias, not a line`
    : `line ${number} does not exist`
  return [finding('ref.missing', path, message)]
}
