import { diffArrays } from 'diff'
import { type ConfSection, readConf } from './conf-reader.js'
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

/** A section as it is compared: its entries with their secrets, and how they print. */
interface Comparable {
  readonly file: string
  readonly section: string
  readonly lines: readonly Comparand[]
  /** All the entries as one text: most sections are equal, and found so at once. */
  readonly whole: string
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
  const old = sectionsOf(before)
  const now = sectionsOf(after)
  const keys = new Set([...old.keys(), ...now.keys()])
  return [...keys].flatMap((key) => compare(old.get(key), now.get(key)) ?? [])
}

function compare(
  before: Comparable | undefined,
  after: Comparable | undefined,
): SectionChange | undefined {
  const either = after ?? before
  if (!either || before?.whole === after?.whole) return undefined
  const { file, section } = either
  return { file, section, kind: kindOf(before, after), lines: linesOf(before, after) }
}

function kindOf(before: unknown, after: unknown): SectionChange['kind'] {
  if (before === undefined) return 'add'
  return after === undefined ? 'delete' : 'change'
}

function linesOf(before?: Comparable, after?: Comparable): LineOfDiff[] {
  const parts = diffArrays([...(before?.lines ?? [])], [...(after?.lines ?? [])], {
    comparator: (a, b) => a.raw === b.raw,
  })
  return parts.flatMap(({ value, added, removed }) =>
    value.map(({ shown }) => ({ op: opOf(added, removed), text: shown })),
  )
}

function opOf(added: boolean, removed: boolean): LineOfDiff['op'] {
  if (added) return '+'
  return removed ? '-' : ' '
}

/** Every section of a set of files, by file, name, type and which one of several. */
function sectionsOf(files: readonly GeneratedFile[]): ReadonlyMap<string, Comparable> {
  const found = new Map<string, Comparable>()
  for (const section of readAll(files)) {
    const type = section.entries.find(({ name }) => name === 'type')?.value
    const named = type === undefined ? section.name : `${section.name} (${type})`
    let key = `${section.file} ${named}`
    while (found.has(key)) key += '+'
    found.set(key, comparable(section, named))
  }
  return found
}

/** A file that another includes is read there; its sections still bear its name. */
function readAll(files: readonly GeneratedFile[]): ConfSection[] {
  const texts = new Map(files.map(({ name, text }) => [name, text]))
  const configuration = [...texts.keys()].filter((name) => name.endsWith('.conf'))
  const included = new Set<string>()
  for (const root of configuration) {
    readConf(root, (name) => {
      if (name !== root) included.add(name)
      return name === root ? texts.get(name) : ''
    })
  }
  return configuration
    .filter((name) => !included.has(name))
    .flatMap((root) => readConf(root, (name) => texts.get(name)).sections)
}

/** Inherited entries are the template's: its change is one change, not thousands. */
function comparable(section: ConfSection, named: string): Comparable {
  const { file, name, template, inherits } = section
  const marks = [...(template ? ['!'] : []), ...inherits]
  const header = marks.length > 0 ? `[${name}](${marks.join(',')})` : `[${name}]`
  const entries = section.entries
    .filter(({ inherited }) => !inherited)
    .map((entry) => ({
      raw: `${entry.name} ${entry.arrow ? '=>' : '='} ${entry.value}`,
      shown: maskEntry(file, entry),
    }))
  const lines = [{ raw: header, shown: header }, ...entries]
  return { file, section: named, lines, whole: lines.map(({ raw }) => raw).join('\n') }
}
