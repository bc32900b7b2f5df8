import { type CsvRow, type CsvTable, firstOf, isMangled, placeIn } from './csv.js'
import { DisplayName } from './display-name.js'
import { type Finding, finding } from './finding.js'
import { type Code, isCode } from './finding-codes.js'
import { classify, parseNumber } from './phone-number.js'
import { show } from './refusal.js'
import type { ShortNumber } from './site.js'

/** Who dials a short number: one line (2…), a group, or every line (7…; spec C2). */
export type ShortOwner =
  | { readonly kind: 'line'; readonly line: string }
  | { readonly kind: 'group'; readonly group: string }
  | { readonly kind: 'all' }

/** A row of an owner's table, in the columns of the import. */
export interface ShortEntry {
  readonly number: string
  /** Canonical. */
  readonly to: string
  readonly firstName: string
  readonly lastName: string
}

export const SHORT_COLUMNS = ['number', 'to', 'firstName', 'lastName'] as const

/** What an import needs to know of the site. */
export interface ShortSurroundings {
  readonly country: string
  readonly emergencyNumbers: readonly string[]
  /** Whether the number is a line or an alias here: such a target is never refused. */
  readonly owned: (number: string) => boolean
}

export type ShortTable =
  | { readonly kind: 'read'; readonly entries: readonly ShortEntry[] }
  | { readonly kind: 'refused'; readonly findings: readonly Finding[] }

/** `line:0033972100001`, `group:paris`, `all`: the key of an owner's table in the store. */
export function ownerKey(owner: ShortOwner): string {
  switch (owner.kind) {
    case 'line':
      return `line:${owner.line}`
    case 'group':
      return `group:${owner.group}`
    case 'all':
      return 'all'
  }
}

export function isOf(short: ShortNumber, owner: ShortOwner): boolean {
  switch (owner.kind) {
    case 'line':
      return short.line === owner.line
    case 'group':
      return short.group === owner.group
    case 'all':
      return short.line === undefined && short.group === undefined
  }
}

/** An entry of the site file as a row; its name is the first name. */
export function entryOf({ number, to, name = '' }: ShortNumber): ShortEntry {
  return { number, to, firstName: name, lastName: '' }
}

export function shortNumberOf(entry: ShortEntry, owner: ShortOwner): ShortNumber {
  const { number, to } = entry
  const name = fullName(entry)
  const named = name === '' ? { number, to } : { number, to, name }
  if (owner.kind === 'line') return { ...named, line: owner.line }
  return owner.kind === 'group' ? { ...named, group: owner.group } : named
}

/**
 * The table of one owner as it was imported: all of it, or every reason (rows V04 to
 * V08, 85). A target without country code is one of the site's country.
 */
export function shortTable(
  { rows }: CsvTable,
  owner: ShortOwner,
  around: ShortSurroundings,
): ShortTable {
  const findings: Finding[] = []
  const byNumber = new Map<string, { readonly entry: ShortEntry; readonly row: number }>()
  for (const row of rows) {
    const read = shortEntry(row, owner, around)
    if (Array.isArray(read)) {
      findings.push(...read)
      continue
    }
    const also = byNumber.get(read.number)
    if (also && JSON.stringify(also.entry) !== JSON.stringify(read)) {
      const why = `row ${row.row}: short number ${read.number} is also in row ${also.row}`
      findings.push(finding('csv.conflict', placeIn(row.row, 1), why))
    }
    byNumber.set(read.number, { entry: read, row: also?.row ?? row.row })
  }
  if (findings.length > 0) return { kind: 'refused', findings: firstOf(findings) }
  return { kind: 'read', entries: [...byNumber.values()].map(({ entry }) => entry) }
}

function shortEntry(
  { row, cells }: CsvRow,
  owner: ShortOwner,
  around: ShortSurroundings,
): ShortEntry | Finding[] {
  const [number = '', toText = '', firstName = '', lastName = ''] = cells
  const to = canonicalTarget(toText, around)
  const entry = { number, to: to.number, firstName, lastName }
  const faults: [number, Code | undefined, string][] = [
    [1, numberFault(number, owner), number],
    [2, to.fault, toText],
    [3, nameFault(fullName(entry)), fullName(entry)],
  ]
  const findings = faults.flatMap(([column, code, value]) => {
    if (!code) return []
    const message = `row ${row}, column ${column}: ${show(value, [])} is refused`
    return [finding(code, placeIn(row, column), message)]
  })
  return findings.length > 0 ? findings : entry
}

/** 2… is a line's, 7… a group's or everybody's (row 85). */
function numberFault(number: string, owner: ShortOwner): Code | undefined {
  if (!/^[27]\d{2,3}$/.test(number)) return 'short.format'
  return number.startsWith('2') === (owner.kind === 'line') ? undefined : 'short.owner'
}

function canonicalTarget(
  text: string,
  { country, emergencyNumbers, owned }: ShortSurroundings,
): { readonly number: string; readonly fault?: Code } {
  if (isMangled(text)) return { number: '', fault: 'number.mangled' }
  const parsed = parseNumber(text, country)
  if (parsed.kind !== 'number') return { number: '', fault: 'number.format' }
  const { number } = parsed
  if (owned(number)) return { number }
  const kind = classify(number, country)
  const closed = kind === 'emergency' || kind === 'closed'
  if (closed || emergencyNumbers.includes(number)) return { number, fault: 'short.class' }
  return { number }
}

function nameFault(name: string): Code | undefined {
  if (name === '') return undefined
  const read = DisplayName.safeParse(name)
  if (read.success) return undefined
  const codes = read.error.issues.map(({ message }) => message)
  return codes.find(isCode) ?? 'name.chars'
}

function fullName({ firstName, lastName }: ShortEntry): string {
  return [firstName, lastName].filter((part) => part !== '').join(' ')
}
