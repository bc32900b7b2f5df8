import { diffArrays } from 'diff'
import { type ConfEntry, type ConfSection, readConf } from './conf-reader.js'
import type { GeneratedFile } from './deployment.js'
import { maskEntry } from './diff-mask.js'

/** What a change makes of one section of one file, as Asterisk will read it. */
export interface SectionChange {
  readonly file: string
  /** As in the file, with its type where several share a name: `0033… (auth)`. */
  readonly section: string
  readonly kind: 'add' | 'change' | 'delete'
  readonly lines: readonly LineOfDiff[]
}

export interface LineOfDiff {
  readonly op: '+' | '-' | ' '
  /** Secrets read `***`; a changed one shows on both sides. */
  readonly text: string
}

/** A change, and the section as it will be read: with the secrets, never to be shown. */
export interface ComparedSection {
  readonly change: SectionChange
  /** Absent when the section goes. */
  readonly after?: ConfSection
}

/** A section under the name by which it is compared. */
interface Named {
  /** With its type, where several share a name. */
  readonly label: string
  readonly section: ConfSection
  /** Its own entries: what it inherits is the template's change, one and not thousands. */
  readonly own: readonly ConfEntry[]
}

interface Comparand {
  readonly raw: string
  readonly shown: string
}

/**
 * The rendered text is read back and compared section by section: a comment or a
 * blank is no change, and a mistake of a template is seen like any other.
 */
export function diffSections(
  before: readonly GeneratedFile[],
  after: readonly GeneratedFile[],
): SectionChange[] {
  return compareSections(before, after).map(({ change }) => change)
}

/** The same, for those who have to act on it. */
export function compareSections(
  before: readonly GeneratedFile[],
  after: readonly GeneratedFile[],
): ComparedSection[] {
  const isSame = unchanged(before, after)
  const old = sectionsOf(before, isSame)
  const now = sectionsOf(after, isSame)
  const keys = new Set([...old.keys(), ...now.keys()])
  return [...keys].flatMap((key) => compare(old.get(key), now.get(key)) ?? [])
}

/** Whether a file says the same on both sides, or is on neither. */
function unchanged(
  before: readonly GeneratedFile[],
  after: readonly GeneratedFile[],
): (name: string) => boolean {
  const old = new Map(before.map(({ name, text }) => [name, text]))
  const now = new Map(after.map(({ name, text }) => [name, text]))
  return (name) => old.get(name) === now.get(name)
}

function compare(
  before: Named | undefined,
  after: Named | undefined,
): ComparedSection | undefined {
  const either = after ?? before
  if (!either || areEqual(before, after)) return undefined
  const change = {
    file: either.section.file,
    section: either.label,
    kind: kindOf(before, after),
    lines: linesOf(before, after),
  }
  return after ? { change, after: after.section } : { change }
}

/** Most sections are: so it is found out before anything is made for printing. */
function areEqual(before: Named | undefined, after: Named | undefined): boolean {
  if (!before || !after || before.own.length !== after.own.length) return false
  if (headerOf(before.section) !== headerOf(after.section)) return false
  return before.own.every((entry, index) => {
    const other = after.own[index]
    return (
      other !== undefined &&
      entry.name === other.name &&
      entry.value === other.value &&
      entry.arrow === other.arrow
    )
  })
}

function kindOf(before: unknown, after: unknown): SectionChange['kind'] {
  if (before === undefined) return 'add'
  return after === undefined ? 'delete' : 'change'
}

function linesOf(before?: Named, after?: Named): LineOfDiff[] {
  const parts = diffArrays(comparands(before), comparands(after), {
    comparator: (a, b) => a.raw === b.raw,
  })
  return parts.flatMap(({ value, added, removed }) =>
    value.map(({ shown }) => ({ op: opOf(added, removed), text: shown })),
  )
}

function comparands(named: Named | undefined): Comparand[] {
  if (!named) return []
  const header = headerOf(named.section)
  const entries = named.own.map((entry) => ({
    raw: `${entry.name} ${entry.arrow ? '=>' : '='} ${entry.value}`,
    shown: maskEntry(named.section.file, entry),
  }))
  return [{ raw: header, shown: header }, ...entries]
}

function headerOf({ name, template, inherits }: ConfSection): string {
  const marks = [...(template ? ['!'] : []), ...inherits]
  return marks.length > 0 ? `[${name}](${marks.join(',')})` : `[${name}]`
}

function opOf(added: boolean, removed: boolean): LineOfDiff['op'] {
  if (added) return '+'
  return removed ? '-' : ' '
}

/** Every section of a set of files, by file, name, type and which one of several. */
function sectionsOf(
  files: readonly GeneratedFile[],
  isSame: (name: string) => boolean,
): ReadonlyMap<string, Named> {
  const found = new Map<string, Named>()
  for (const section of readAll(files, isSame)) {
    const type = section.entries.find(({ name }) => name === 'type')?.value
    const label = type === undefined ? section.name : `${section.name} (${type})`
    let key = `${section.file} ${label}`
    while (found.has(key)) key += '+'
    const own = section.entries.filter(({ inherited }) => !inherited)
    found.set(key, { label, section, own })
  }
  return found
}

const INCLUDE = /^#(?:try)?include[ \t]+["<]?([^">\n]+)/gm

/**
 * A file that another includes is read there; its sections still bear its name. A file
 * that is the same on both sides, with all it includes, has no change to find.
 */
function readAll(
  files: readonly GeneratedFile[],
  isSame: (name: string) => boolean,
): ConfSection[] {
  const texts = new Map(files.map(({ name, text }) => [name, text]))
  const configuration = [...texts.keys()].filter((name) => name.endsWith('.conf'))
  const includes = (name: string): string[] =>
    [...(texts.get(name) ?? '').matchAll(INCLUDE)].map(([, file = '']) => file)
  const included = new Set(configuration.flatMap(includes))
  return configuration
    .filter((name) => !included.has(name))
    .filter((name) => ![name, ...includes(name)].every(isSame))
    .flatMap((root) => readConf(root, (name) => texts.get(name)).sections)
    .filter(onceEach())
}

/** A file that several include is read by each of them. */
function onceEach(): (section: ConfSection) => boolean {
  const seen = new Set<string>()
  return ({ file, line }) => {
    const place = `${file} ${line}`
    const first = !seen.has(place)
    seen.add(place)
    return first
  }
}
