import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, Scalar } from 'yaml'
import { finding, type Path } from '../model/finding.js'
import { printPath } from '../model/refusal.js'
import type { SyntaxFinding } from './load-yaml.js'

/** Finds the nodes of a document again, by the paths of its data. */
export interface DocumentMap {
  /** Where a value, or with `ofKey` its key, begins; else the nearest part that exists. */
  offsetOf(path: Path, ofKey: boolean): number
  /** A number as it is written, when it stands there without quotes. */
  writtenNumber(path: Path): string | undefined
}

/** Keys that mean something to JavaScript's objects; no setting of ours is called so. */
const forbiddenKeys: ReadonlySet<string> = new Set([
  '__proto__',
  'constructor',
  'prototype',
])

/** Nodes that aliases may add to a document: enough for any file, too few for a bomb. */
const MAX_ALIASED = 100_000

/** Tags that say what YAML would say without them; `!` alone makes a text. */
const harmlessTags: ReadonlySet<string> = new Set([
  '!',
  ...['bool', 'float', 'int', 'map', 'null', 'seq', 'str'].map(
    (type) => `tag:yaml.org,2002:${type}`,
  ),
])

interface Anchored {
  readonly node: Node
  readonly data: unknown
  readonly size: number
}

/** What the walk through one document has seen so far. */
interface Walk {
  readonly findings: SyntaxFinding[]
  readonly anchors: Map<string, Anchored>
  /** What each alias stands for: an anchor may be set again later in the file. */
  readonly targets: Map<Node, Node>
  aliased: number
}

interface Built {
  readonly data: unknown
  /** Nodes below and including this one, aliases written out. */
  readonly size: number
}

/** Plain data of a document; aliases share one object, and no tag makes anything else. */
export function documentMap(contents: Node | null): {
  readonly data: unknown
  readonly findings: readonly SyntaxFinding[]
  readonly tooMany: boolean
  readonly map: DocumentMap
} {
  const walk: Walk = { findings: [], anchors: new Map(), targets: new Map(), aliased: 0 }
  const { data } = build(contents, [], walk)
  const tooMany = walk.aliased > MAX_ALIASED
  if (tooMany) {
    const refused = finding('yaml.limits', [], 'its aliases make the file too large')
    walk.findings.push({ finding: refused, offset: 0 })
  }
  return {
    data,
    findings: walk.findings,
    tooMany,
    map: {
      offsetOf: (path, ofKey) => offsetOf(contents, path, ofKey, walk),
      writtenNumber: (path) => writtenNumber(contents, path, walk),
    },
  }
}

function build(node: Node | null, path: Path, walk: Walk): Built {
  const built = buildNode(node, path, walk)
  if (node && !isAlias(node) && node.anchor) {
    if (built.data === null) {
      // `code: &21` is an anchor without a value: somebody forgot the quotes.
      refuse(walk, 'yaml.alias', path, 'an anchor without a value', node)
    }
    walk.anchors.set(node.anchor, { node, ...built })
  }
  return built
}

function buildNode(node: Node | null, path: Path, walk: Walk): Built {
  refuseTag(node, path, walk)
  if (isScalar(node)) return { data: node.value, size: 1 }
  if (isAlias(node)) return buildAlias(node, node.source, path, walk)
  if (isSeq<Node>(node)) {
    let size = 1
    const data = node.items.map((item, at) => {
      const built = build(item, [...path, at], walk)
      size += built.size
      return built.data
    })
    return { data, size }
  }
  if (isMap<Node, Node | null>(node)) return buildMap(node.items, path, walk)
  return { data: null, size: 1 }
}

function refuseTag(node: Node | null, path: Path, walk: Walk): void {
  // The library resolves some of its own accord, like !!binary to bytes (row Y09).
  if (!node || isAlias(node) || !node.tag || harmlessTags.has(node.tag)) return
  refuse(walk, 'yaml.tag', path, 'a tag (!…) is not allowed', node)
}

function buildAlias(node: Node, anchor: string, path: Path, walk: Walk): Built {
  const anchored = walk.anchors.get(anchor)
  if (!anchored) {
    refuse(walk, 'yaml.alias', path, 'an alias of something that has no anchor', node)
    return { data: null, size: 1 }
  }
  walk.targets.set(node, anchored.node)
  walk.aliased += anchored.size
  return { data: anchored.data, size: anchored.size }
}

function buildMap(
  pairs: readonly Pair<Node, Node | null>[],
  path: Path,
  walk: Walk,
): Built {
  const data: Record<string, unknown> = {}
  const seen = new Set<string>()
  let size = 1
  for (const { key, value } of pairs) {
    const name = keyText(key)
    const here = [...path, name ?? '']
    refuseTag(key, here, walk)
    if (name === undefined) {
      refuse(walk, 'yaml.syntax', path, 'a key is a list, a mapping or an alias', key)
    } else if (forbiddenKeys.has(name)) {
      refuse(walk, 'key.unknown', here, `${printPath(here)} is not a key`, key)
    } else if (seen.has(name)) {
      refuse(walk, 'yaml.duplicateKey', here, `${printPath(here)} is there twice`, key)
    } else {
      seen.add(name)
      const built = build(value, here, walk)
      size += built.size
      data[name] = built.data
    }
  }
  return { data, size }
}

function keyText(key: Node): string | undefined {
  return isScalar(key) ? (key.source ?? String(key.value)) : undefined
}

function refuse(
  walk: Walk,
  code: Parameters<typeof finding>[0],
  path: Path,
  message: string,
  node: Node,
): void {
  walk.findings.push({
    finding: finding(code, path, message),
    offset: node.range?.[0] ?? 0,
  })
}

/** The node at a path as far as it exists, its key, and whether all of it exists. */
function find(
  contents: Node | null,
  path: Path,
  { targets }: Walk,
): { readonly node: Node | null; readonly key?: Node; readonly whole: boolean } {
  let node = contents
  let key: Node | undefined
  for (const step of path) {
    const here: Node | null = node && (targets.get(node) ?? node)
    if (isSeq<Node>(here) && typeof step === 'number') {
      const item = here.items[step]
      if (!item) return { node: here, ...(key && { key }), whole: false }
      node = item
      key = undefined
    } else {
      const pair = isMap<Node, Node | null>(here)
        ? here.items.find((each) => keyText(each.key) === String(step))
        : undefined
      if (!pair) return { node: here, ...(key && { key }), whole: false }
      node = pair.value
      key = pair.key
    }
  }
  return { node, ...(key && { key }), whole: true }
}

function offsetOf(contents: Node | null, path: Path, ofKey: boolean, walk: Walk): number {
  const { node, key, whole } = find(contents, path, walk)
  // Something missing in a mapping is shown at the key that holds the mapping.
  const asKey = (ofKey && whole) || !node || !whole
  return (asKey ? (key ?? node) : node)?.range?.[0] ?? 0
}

function writtenNumber(
  contents: Node | null,
  path: Path,
  walk: Walk,
): string | undefined {
  const { node, whole } = find(contents, path, walk)
  const target = node && (walk.targets.get(node) ?? node)
  if (!whole || !isScalar(target) || typeof target.value !== 'number') return undefined
  return target.type === Scalar.PLAIN ? target.source : undefined
}
