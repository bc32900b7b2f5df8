import { Composer, type Document, type LineCounter, type YAMLError } from 'yaml'
import { type Finding, finding } from '../model/finding.js'
import type { Code } from '../model/finding-codes.js'
import { type DocumentMap, documentMap } from './load-document.js'
import { tokensOf } from './load-tokens.js'

export interface Position {
  readonly line: number
  readonly column: number
}

/** A finding of the syntax, which has an offset where others have a path. */
export interface SyntaxFinding {
  readonly finding: Finding
  readonly offset: number
}

/** A YAML or JSON text as plain data, with the place of each part of it. */
export interface Yaml {
  readonly document: unknown
  /** What is wrong with the syntax. When `broken`, `document` says nothing. */
  readonly findings: readonly SyntaxFinding[]
  readonly broken: boolean
  readonly map?: DocumentMap
  readonly positionOf: (offset: number) => Position
}

/** Our own words for the composer's errors: its own quote the text, with its passwords. */
const meanings: Partial<Record<YAMLError['code'], readonly [Code, string]>> = {
  TAB_AS_INDENT: ['yaml.syntax', 'a tab cannot indent'],
  MISSING_CHAR: ['yaml.syntax', 'a quote, a bracket or a comma is missing'],
  BAD_INDENT: ['yaml.syntax', 'the indentation does not fit'],
  BAD_ALIAS: ['yaml.alias', 'a value that begins with * or & is an alias or an anchor'],
  UNEXPECTED_TOKEN: ['yaml.syntax', 'this is unexpected here'],
  MULTILINE_IMPLICIT_KEY: ['yaml.syntax', 'a key goes over several lines'],
  BLOCK_AS_IMPLICIT_KEY: ['yaml.syntax', 'a list or a mapping cannot begin here'],
  TAG_RESOLVE_FAILED: ['yaml.tag', 'a tag (!…) is not allowed'],
  RESOURCE_EXHAUSTION: ['yaml.limits', 'the file nests too deeply'],
  BAD_DQ_ESCAPE: ['yaml.syntax', 'a backslash in double quotes begins an unknown escape'],
}

export function readYaml(text: string): Yaml {
  const split = tokensOf(text)
  if (split.kind === 'tooMuch') {
    const refused = finding('yaml.limits', [], `the file has too many ${split.what}`)
    const positionOf = (offset: number) => countLines(text, offset)
    return broken([{ finding: refused, offset: split.offset }], positionOf)
  }
  const positionOf = (offset: number) => positionIn(split.lines, offset)
  const documents = [
    ...new Composer({
      version: '1.2',
      schema: 'core',
      prettyErrors: false,
      // Asked by us: the composer compares every pair of keys of a mapping.
      uniqueKeys: false,
      logLevel: 'silent',
    }).compose(split.tokens, true, text.length),
  ]
  const [first, second] = documents
  const errors = documents.flatMap(({ errors, warnings }) => [...errors, ...warnings])
  const findings = errors.map(syntaxFinding)
  if (second) {
    const twice = finding('yaml.syntax', [], 'a second document begins here')
    findings.push({ finding: twice, offset: second.range[0] })
  }
  if (!first || findings.some(({ finding: { code } }) => code !== 'yaml.tag')) {
    return broken(findings, positionOf)
  }
  return read(first, findings, positionOf)
}

function read(
  document: Document.Parsed,
  tags: readonly SyntaxFinding[],
  positionOf: Yaml['positionOf'],
): Yaml {
  if (document.directives.yaml.version !== '1.2') {
    const old = finding('yaml.syntax', [], 'only YAML 1.2 is read')
    return broken([{ finding: old, offset: 0 }], positionOf)
  }
  const { data, findings, map, tooMany } = documentMap(document.contents)
  // The walk names the value; the composer also refuses what the walk lets pass.
  const told = findings.some(({ finding: { code } }) => code === 'yaml.tag')
  const all = told ? findings : [...tags, ...findings]
  if (tooMany) return broken(all, positionOf)
  return { document: data, findings: all, broken: false, map, positionOf }
}

function broken(
  findings: readonly SyntaxFinding[],
  positionOf: Yaml['positionOf'],
): Yaml {
  return { document: undefined, findings, broken: true, positionOf }
}

function syntaxFinding({ code, pos }: YAMLError): SyntaxFinding {
  const [ours, message] = meanings[code] ?? ['yaml.syntax', 'this is not YAML']
  return { finding: finding(ours, [], message), offset: pos[0] }
}

/** The place of an offset in a text whose lines were counted. */
export function positionIn(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset)
  return { line: Math.max(1, line), column: Math.max(1, col) }
}

/** For a text that was not read to its end. */
function countLines(text: string, offset: number): Position {
  const before = text.slice(0, offset).split('\n')
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 }
}
