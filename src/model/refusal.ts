import type { z } from 'zod'
import { type Finding, finding, type Path } from './finding.js'
import { type Code, isCode } from './finding-codes.js'
import { nearest } from './nearest.js'
import { knownKeys } from './schema-keys.js'

/** Keys whose value is never printed, whatever is wrong with it. */
const secretKeys: ReadonlySet<string | number> = new Set(['password', 'pin'])

const MAX_SHOWN = 40

/** A value as a message shows it: short, on one line, without what a terminal obeys. */
export function show(value: unknown, path: Path): string {
  if (path.some((key) => secretKeys.has(key))) return '***'
  if (value === null) return 'nothing'
  if (typeof value === 'object') return Array.isArray(value) ? 'a list' : 'a mapping'
  const text = String(value)
  const cut = text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text
  return typeof value === 'string' ? JSON.stringify(printable(cut)) : printable(cut)
}

/** Control and invisible characters as `\u{…}`: a finding is read on a terminal. */
export function printable(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  )
}

/** `lines[2].number`, as messages name a place. */
export function printPath(path: Path): string {
  return path
    .map((step, at) => {
      if (typeof step === 'number') return `[${step}]`
      return at === 0 ? printable(step) : `.${printable(step)}`
    })
    .join('')
}

/** What a schema refused in `document`, as findings: every reason, each at its place. */
export function refusals(
  schema: z.ZodType,
  document: unknown,
  error: z.ZodError,
): Finding[] {
  return error.issues.flatMap((issue) => refusal(schema, document, issue))
}

function refusal(
  schema: z.ZodType,
  document: unknown,
  issue: z.core.$ZodIssue,
): Finding | Finding[] {
  const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)))
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(schema, path)
    return issue.keys.map((key) => unknownKey(path, key, known))
  }
  const name = printPath(path)
  const value = valueAt(document, path)
  if (issue.code === 'invalid_key') {
    const code = issue.issues.map(({ message }) => message).find(isCode) ?? 'id.format'
    const at = finding(code, path, `${name}: the name is refused`)
    return { ...at, ofKey: true }
  }
  if (value === undefined) {
    return finding('key.missing', path, `${name} is missing`)
  }
  return finding(codeOf(issue, value, path), path, `${name} is ${show(value, path)}`)
}

function codeOf(issue: z.core.$ZodIssue, value: unknown, path: Path): Code {
  // Every number and code of a site file is a text: `0612345678` unquoted loses its zero.
  const textWanted =
    issue.code === 'invalid_type'
      ? issue.expected === 'string'
      : issue.message === 'forward.target'
  if (typeof value === 'number' && textWanted) return 'number.unquoted'
  if (path.at(-1) === 'version' && typeof value === 'number' && value > 1)
    return 'schema.newer'
  return isCode(issue.message) ? issue.message : 'value.type'
}

function unknownKey(path: Path, key: string, known: readonly string[]): Finding {
  const guess = nearest(key, known)
  const at = finding(
    'key.unknown',
    [...path, key],
    `${printPath([...path, key.slice(0, MAX_SHOWN)])} is not a key`,
  )
  const remedy = guess ? `write \`${guess}\`` : `known here: ${known.join(', ')}`
  return { ...at, remedy, ofKey: true }
}

/** What stands at a path of a plain document, or undefined. */
export function valueAt(document: unknown, path: Path): unknown {
  let value = document
  for (const step of path) {
    if (typeof value !== 'object' || value === null) return undefined
    if (!Object.hasOwn(value, step)) return undefined
    value = Reflect.get(value, step)
  }
  return value
}
