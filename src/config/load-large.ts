import { finding, type Path } from '../model/finding.js'
import { type Part, partsOf } from './load-parts.js'
import { positionIn, readYaml, type SyntaxFinding, type Yaml } from './load-yaml.js'

/** A text this long is read part by part: in one piece it would take 70 times its size. */
const LARGE = 2 * 1024 * 1024

/** The longest piece that an ordinary heap of 2 GB has room for. */
const MAX_PIECE = 16 * 1024 * 1024

/** A list of the root, item by item, and where each item came from. */
interface List {
  readonly values: unknown[]
  readonly parts: Part[]
}

/** What the parts said so far. */
interface Joined {
  readonly root: Record<string, unknown>
  /** By the key of the root: the part that holds it. */
  readonly keys: Map<string, Part>
  readonly lists: Map<string, List>
}

/** Reads a site file's text, whatever its size, without exhausting the memory (row Y37). */
export function readText(text: string): Yaml {
  if (text.length <= LARGE) return readYaml(text)
  const pieces = partsOf(text)
  if (pieces?.parts.every((part) => part.text.length <= MAX_PIECE)) {
    const yaml = readParts(pieces.parts, (offset) => positionIn(pieces.lines, offset))
    // An alias across parts, or a mistake: read whole, the findings are the usual ones.
    if (yaml.findings.length === 0 || text.length > MAX_PIECE) return yaml
  }
  if (text.length <= MAX_PIECE) return readYaml(text)
  const message = 'a piece of the file is longer than 16 MB'
  return {
    document: undefined,
    findings: [{ finding: finding('yaml.limits', [], message), offset: 0 }],
    broken: true,
    positionOf: () => ({ line: 1, column: 1 }),
  }
}

function readParts(parts: readonly Part[], positionOf: Yaml['positionOf']): Yaml {
  const joined: Joined = { root: {}, keys: new Map(), lists: new Map() }
  const findings: SyntaxFinding[] = []
  let broken = false
  for (const part of parts) {
    const yaml = readYaml(part.text)
    broken ||= yaml.broken
    for (const { finding: each, offset } of yaml.findings) {
      findings.push({ finding: each, offset: part.offset + offset })
    }
    if (!yaml.broken) findings.push(...join(yaml.document, part, joined))
  }
  const find = finderIn(joined)
  return {
    document: joined.root,
    findings,
    broken,
    map: {
      offsetOf: (path, ofKey) => {
        const found = find(path)
        if (!found) return 0
        return found.part.offset + (found.yaml.map?.offsetOf(found.path, ofKey) ?? 0)
      },
      writtenNumber: (path) => {
        const found = find(path)
        return found?.yaml.map?.writtenNumber(found.path)
      },
    },
    positionOf,
  }
}

/** Adds what a part says to the root; returns what cannot be added. */
function join(document: unknown, part: Part, joined: Joined): readonly SyntaxFinding[] {
  const { root, keys, lists } = joined
  if (part.itemOf !== undefined) {
    if (!Array.isArray(document) || document.length !== 1) return [unexpected(part)]
    const list = lists.get(part.itemOf) ?? { values: [], parts: [] }
    list.values.push(document[0])
    list.parts.push(part)
    lists.set(part.itemOf, list)
    root[part.itemOf] = list.values
    return []
  }
  if (typeof document !== 'object' || document === null) return [unexpected(part)]
  return Object.entries(document).flatMap(([key, value]) => {
    if (keys.has(key)) {
      const twice = finding('yaml.duplicateKey', [key], `${key} is there twice`)
      return [{ finding: twice, offset: part.offset }]
    }
    root[key] = value
    keys.set(key, part)
    return []
  })
}

function unexpected({ offset }: Part): SyntaxFinding {
  return { finding: finding('yaml.syntax', [], 'this is unexpected here'), offset }
}

/** Finds the part of a path and reads it again: not keeping the nodes is what saves. */
function finderIn({ keys, lists }: Joined) {
  let last: { readonly part: Part; readonly yaml: Yaml } | undefined
  return ([key, at, ...rest]: Path) => {
    const item = typeof at === 'number' ? lists.get(String(key))?.parts[at] : undefined
    const part = item ?? keys.get(String(key))
    if (!part) return undefined
    if (last?.part !== part) last = { part, yaml: readYaml(part.text) }
    const whole = [key, at].flatMap((step) => (step === undefined ? [] : [step]))
    return { ...last, path: item ? [0, ...rest] : [...whole, ...rest] }
  }
}
