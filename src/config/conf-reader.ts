import { strip, type TextLine, textLines } from './conf-lines.js'

/** `name = value` or `name => value`. */
export interface ConfEntry {
  readonly name: string
  readonly value: string
  readonly arrow: boolean
  /** It came from a section this one inherits. */
  readonly inherited: boolean
  readonly file: string
  readonly line: number
}

/** `[name](inherits)` with its entries in order, the inherited ones first. */
export interface ConfSection {
  readonly name: string
  /** `(!)`: only there to be inherited. */
  readonly template: boolean
  readonly inherits: readonly string[]
  readonly entries: readonly ConfEntry[]
  readonly file: string
  readonly line: number
}

/** What Asterisk would complain about; after a fatal one it uses nothing of the file. */
export interface ConfProblem {
  readonly file: string
  readonly line: number
  readonly fatal: boolean
  readonly message: string
}

/** One configuration file with everything it includes. */
export interface Conf {
  readonly sections: readonly ConfSection[]
  readonly problems: readonly ConfProblem[]
}

/** The text of a file of the configuration folder; undefined when there is none. */
export type OpenFile = (name: string) => string | undefined

/** The fields of a section that grow while it is read. */
interface Draft {
  name: string
  template: boolean
  inherits: string[]
  entries: ConfEntry[]
  file: string
  line: number
}

/** What one reading has gathered so far, and the section the next include continues. */
interface Reading {
  readonly open: OpenFile
  readonly sections: Draft[]
  /** By name in small letters: Asterisk compares names without regard to case. */
  readonly named: Map<string, Draft[]>
  readonly problems: ConfProblem[]
  /** The names of options: thousands of entries share a few. */
  readonly names: Map<string, string>
  /** What a section hands down to those that inherit it. */
  readonly handedDown: Map<Draft, readonly ConfEntry[]>
  current: Draft | undefined
}

/** Where a line stands, for entries and problems. */
interface Place {
  readonly file: string
  readonly line: number
}

/**
 * Reads a configuration file by Asterisk's rules, independently of how we write
 * one, so that what is validated is what Asterisk will understand.
 */
export function readConf(file: string, open: OpenFile): Conf {
  const reading: Reading = {
    open,
    sections: [],
    named: new Map(),
    problems: [],
    names: new Map(),
    handedDown: new Map(),
    current: undefined,
  }
  if (!readFile(reading, file)) {
    report(reading, { file, line: 0 }, true, 'no such file')
  }
  return { sections: reading.sections, problems: reading.problems }
}

/** False when there is no such file. */
function readFile(reading: Reading, file: string): boolean {
  const source = reading.open(file)
  if (source === undefined) return false
  // An included file starts in the section it was included in and does not
  // change the section its includer is in.
  let current = reading.current
  for (const line of textLines(source, file)) {
    const next = readLine(reading, current, line)
    if (next === 'fatal') return true
    current = next
  }
  return true
}

function readLine(
  reading: Reading,
  current: Draft | undefined,
  place: TextLine,
): Draft | undefined | 'fatal' {
  const { text } = place
  if (text.startsWith('[')) return readHeader(reading, text, place)
  if (text.startsWith('#')) return readDirective(reading, current, text, place)
  if (!current) return fatal(reading, place, 'no section before this line')
  readEntry(reading, current, text, place)
  return current
}

function readHeader(reading: Reading, text: string, place: Place): Draft | 'fatal' {
  const { file, line } = place
  const end = text.indexOf(']')
  if (end < 0) return fatal(reading, place, "no closing ']'")
  const name = text.slice(1, end)
  const section: Draft = { name, template: false, inherits: [], entries: [], file, line }
  if (text[end + 1] !== '(') return begin(reading, section)

  const close = text.indexOf(')', end)
  if (close < 0) return fatal(reading, place, "no closing ')'")
  const words = text.slice(end + 2, close).split(',')
  let appended: Draft | undefined
  for (const word of words) {
    if (word === '!') section.template = true
    else if (word.startsWith('+')) {
      appended = sameNamed(reading, name).find(({ template }) => !template)
      if (!appended) return fatal(reading, place, `[${name}](+) without a [${name}]`)
    } else if (!inherit(reading, section, word)) {
      return fatal(reading, place, `[${name}] inherits ${word}, which is not there`)
    }
  }
  if (!appended) return begin(reading, section)
  appended.template ||= section.template
  appended.entries.push(...section.entries)
  reading.current = appended
  return appended
}

function begin(reading: Reading, section: Draft): Draft {
  reading.sections.push(section)
  const same = sameNamed(reading, section.name)
  if (same.length === 0) reading.named.set(section.name.toLowerCase(), [section])
  else same.push(section)
  reading.current = section
  return section
}

function inherit(reading: Reading, section: Draft, from: string): boolean {
  const [base] = sameNamed(reading, from)
  if (!base) return false
  section.inherits.push(from)
  const { length } = base.entries
  // Thousands of lines inherit the same: they share it, until somebody adds to it.
  const known = reading.handedDown.get(base)
  const handed =
    known?.length === length
      ? known
      : base.entries.map((entry) => ({ ...entry, inherited: true }))
  reading.handedDown.set(base, handed)
  section.entries.push(...handed)
  return true
}

function sameNamed(reading: Reading, name: string): Draft[] {
  return reading.named.get(name.toLowerCase()) ?? []
}

function readDirective(
  reading: Reading,
  current: Draft | undefined,
  text: string,
  place: Place,
): Draft | undefined | 'fatal' {
  const [, word = '', rest = ''] = /^#(\S*)\s*(.*)$/s.exec(text) ?? []
  const directive = word.toLowerCase()
  const name = unquote(rest)
  if (directive !== 'include' && directive !== 'tryinclude') {
    report(reading, place, false, `#${word} does nothing here`)
    return current
  }
  if (name === '') {
    report(reading, place, false, `#${word} names no file`)
    return current
  }
  const found = readFile(reading, name)
  if (!found && directive === 'include') {
    return fatal(reading, place, `#include "${name}": no such file`)
  }
  return current
}

function unquote(text: string): string {
  const quoted = /^"(.*)"$/s.exec(text) ?? /^<(.*)>$/s.exec(text)
  return quoted?.[1] ?? text
}

function readEntry(reading: Reading, section: Draft, text: string, place: Place): void {
  // A first character with a meaning is escaped by a backslash.
  const from = text.startsWith('\\') ? 1 : 0
  const at = text.indexOf('=', 2 * from)
  if (at < 0) {
    report(reading, place, false, "no '='")
    return
  }
  const appends = at > 2 * from && text[at - 1] === '+'
  const arrow = !appends && text[at + 1] === '>'
  const name = shared(reading.names, strip(text.slice(from, appends ? at - 1 : at)))
  const rest = text.slice(at + (arrow ? 2 : 1))
  if (name === '') {
    report(reading, place, false, 'no name before the =')
    return
  }
  const earlier = appends ? section.entries.findLastIndex((e) => e.name === name) : -1
  const before = section.entries[earlier]
  // What is appended keeps the white space before it.
  if (before) {
    section.entries[earlier] = { ...before, value: strip(before.value + rest) }
    reading.handedDown.delete(section)
  } else {
    const { file, line } = place
    section.entries.push({
      name,
      value: strip(rest),
      arrow,
      inherited: false,
      file,
      line,
    })
  }
}

/** One text for all that are equal: compared faster, and kept once. */
function shared(known: Map<string, string>, text: string): string {
  const before = known.get(text)
  if (before === undefined) known.set(text, text)
  return before ?? text
}

function fatal(reading: Reading, place: Place, message: string): 'fatal' {
  report(reading, place, true, message)
  return 'fatal'
}

function report(reading: Reading, place: Place, fatal: boolean, message: string): void {
  const { file, line } = place
  reading.problems.push({ file, line, fatal, message })
}
