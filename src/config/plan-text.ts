import { newsOf } from './apply.js'
import type { SectionChange } from './diff-sections.js'
import type { FieldChange, ItemChange } from './diff-site.js'
import { isEmpty, type Plan } from './plan.js'

/** A plan as people read it: dangers last, where the eye stops. */
export function planText(plan: Plan): string {
  if (isEmpty(plan)) {
    return [
      ...dangerLines(plan),
      'No changes. The site is deployed as the file says.',
    ].join('\n')
  }
  const blocks = [
    plan.items.map(itemText).join('\n'),
    sectionsText(plan.sections),
    plan.behind
      ? 'Asterisk runs another generation than the deployed one; all is reloaded.'
      : '',
    dangerLines(plan).join('\n'),
    `Plan ${plan.checksum}: ${countsText(plan)}`,
  ]
  return blocks.filter((block) => block !== '').join('\n\n')
}

/** A plan for programs: the words of the diff, and no secret. */
export function planJson(plan: Plan): object {
  const { checksum, items, sections, dangers, behind, change } = plan
  return {
    changes: !isEmpty(plan),
    checksum,
    generation: change.generation.hash,
    items,
    sections,
    dangers,
    behind,
    reload: isEmpty(plan) ? [] : newsOf(change).modules,
    pushed: (change.pushed ?? []).map(({ type, id }) => `${type} ${id}`),
  }
}

const SIGNS = { add: '+', change: '~', delete: '-' } as const

function itemText({ what, name, kind, fields }: ItemChange): string {
  const head = `${SIGNS[kind]} ${what} ${name}`
  return [head, ...fields.map((field) => `    ${fieldText(field)}`)].join('\n')
}

function fieldText({ field, before, after }: FieldChange): string {
  return `${field}: ${before ?? 'none'} → ${after ?? 'none'}`
}

/** Of a change of thousands of sections the first ones show what kind it is. */
const MOST_SECTIONS = 40

function sectionsText(sections: readonly SectionChange[]): string {
  const shown = sections.slice(0, MOST_SECTIONS).map(sectionText)
  const rest = sections.length - shown.length
  return [...shown, ...(rest > 0 ? [`… and ${rest} more sections`] : [])].join('\n')
}

/** Unchanged lines are left out: they stand in the file. */
function sectionText({ file, section, kind, lines }: SectionChange): string {
  const changed = lines.filter(({ op }) => op !== ' ')
  const head = `${SIGNS[kind]} ${file} [${section}]`
  return [head, ...changed.map(({ op, text }) => `    ${op} ${text}`)].join('\n')
}

function dangerLines(plan: Plan): string[] {
  return plan.dangers.map(({ code, message }) => `! ${code}: ${message}`)
}

function countsText({ items, sections }: Plan): string {
  const count = (kind: ItemChange['kind']) =>
    items.filter((item) => item.kind === kind).length
  return (
    `${count('add')} to add, ${count('change')} to change, ${count('delete')} to remove ` +
    `(${sections.length} sections of Asterisk's files)`
  )
}
