import { Secret } from '../model/secret.js'
import type { Site } from '../model/site.js'
import { areEqual } from './equal-values.js'

/** What changes for people: one line, one alias, one trunk … */
export interface ItemChange {
  readonly what: Item
  /** The number of a line or an alias, the name of a trunk or a setting. */
  readonly name: string
  readonly kind: 'add' | 'change' | 'delete'
  /** Each value that differs; empty for what comes or goes as a whole. */
  readonly fields: readonly FieldChange[]
}

export type Item = 'line' | 'alias' | 'shortNumber' | 'trunk' | 'plan' | 'setting'

/** Values as text; absent means not set. Secrets read `***` on both sides. */
export interface FieldChange {
  readonly field: string
  readonly before?: string
  readonly after?: string
}

/** Compares two sites by what they mean; the order of lines in the file means nothing. */
export function diffSites(before: Site | undefined, after: Site): ItemChange[] {
  const old = before ? itemsOf(before) : new Map<string, Described>()
  const now = itemsOf(after)
  const keys = [...new Set([...old.keys(), ...now.keys()])]
  return keys.flatMap((key) => compare(old.get(key), now.get(key)) ?? [])
}

/** The numbers of the lines that a change removes. */
export function removedLines(items: readonly ItemChange[]): string[] {
  return items
    .filter(({ what, kind }) => what === 'line' && kind === 'delete')
    .map(({ name }) => name)
}

interface Described {
  readonly what: Item
  readonly name: string
  readonly value: unknown
}

function itemsOf(site: Site): Map<string, Described> {
  const items: Described[] = [
    ...site.lines.map((line) => item('line', line.number, line)),
    ...site.aliases.map((alias) => item('alias', alias.number, alias)),
    ...site.shortNumbers.map((short) =>
      item(
        'shortNumber',
        `${short.number} of ${short.line ?? short.group ?? 'all'}`,
        short,
      ),
    ),
    ...site.trunks.map((trunk) => item('trunk', trunk.name, trunk)),
    ...Object.entries(site.plans).map(([name, plan]) => item('plan', name, plan)),
    item('setting', 'site', site.site),
    item('setting', 'asterisk', site.asterisk),
    item('setting', 'http', site.http),
    item('setting', 'orders', site.orders),
    item('setting', 'limits', site.limits),
    item('setting', 'emergencyNumbers', { list: site.emergencyNumbers.join(', ') }),
    // Calls try the trunks in this order.
    item('setting', 'trunks', { order: site.trunks.map(({ name }) => name).join(', ') }),
  ]
  return new Map(
    items.map((described) => [`${described.what} ${described.name}`, described]),
  )
}

function item(what: Item, name: string, value: unknown): Described {
  return { what, name, value }
}

function compare(before?: Described, after?: Described): ItemChange | undefined {
  const either = after ?? before
  if (!either) return undefined
  const { what, name } = either
  if (!before) return { what, name, kind: 'add', fields: [] }
  if (!after) return { what, name, kind: 'delete', fields: [] }
  // Most things are: found out before anything is made for printing.
  if (areEqual(before.value, after.value)) return undefined
  const fields = diffFields(before.value, after.value)
  return fields.length === 0 ? undefined : { what, name, kind: 'change', fields }
}

function diffFields(before: unknown, after: unknown): FieldChange[] {
  const old = flatten(before)
  const now = flatten(after)
  return [...new Set([...old.keys(), ...now.keys()])]
    .filter((field) => old.get(field)?.raw !== now.get(field)?.raw)
    .map((field) => ({
      field,
      ...shownAs('before', old.get(field)),
      ...shownAs('after', now.get(field)),
    }))
}

/** A leaf of a value: what is compared, and what may be shown. */
interface Leaf {
  readonly raw: string
  readonly shown: string
}

function shownAs(side: 'before' | 'after', leaf: Leaf | undefined): Partial<FieldChange> {
  return leaf ? { [side]: leaf.shown } : {}
}

/** `forwarding.busy.to.number` → value, for every leaf. */
function flatten(value: unknown, path = ''): Map<string, Leaf> {
  if (value instanceof Secret) {
    return new Map([[path, { raw: value.reveal(), shown: '***' }]])
  }
  if (typeof value !== 'object' || value === null) {
    return value === undefined
      ? new Map()
      : new Map([[path, { raw: JSON.stringify(value), shown: String(value) }]])
  }
  if (Array.isArray(value)) {
    const text = value.join(', ')
    return new Map([[path, { raw: text, shown: text || 'none' }]])
  }
  return new Map(
    Object.entries(value).flatMap(([key, inner]) => [
      ...flatten(inner, path === '' ? key : `${path}.${key}`),
    ]),
  )
}
