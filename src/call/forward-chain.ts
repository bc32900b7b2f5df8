import type { Finding } from '../model/finding.js'
import {
  depthFinding,
  type Edge,
  edgesOfLine,
  loopFinding,
  MAX_FORWARDS,
  walkForwards,
} from '../model/forward-graph.js'
import { type ForwardKind, forwardKinds } from '../model/forwarding.js'
import type { Line } from '../model/line.js'
import type { Directory } from './directory.js'

/**
 * Whether forwards that a line newly has close a circle, or make a chain of more than
 * five: with what the other lines have now, not with what the site file said.
 */
export function chainFindings(
  line: Line,
  kinds: readonly ForwardKind[],
  directory: Directory,
): Finding[] {
  if (kinds.length === 0) return []
  const lineOf = (alias: string) => directory.aliases.get(alias)?.redirect?.line
  const before = longestChainTo(line.number, directory, lineOf)
  return kinds.flatMap((kind) => {
    const own = edgesOfLine(line, [], lineOf, [kind])
    const { loops, depths } = walkForwards([line.number], (number) => {
      if (number === line.number) return own
      const other = directory.lines.get(number)
      return other && edgesOfLine(other, [], lineOf)
    })
    // A circle somewhere behind it is none of this line's, and ends at call time.
    const circle = loops.find(({ lines }) => lines.includes(line.number))
    const path = ['forwarding', kind, 'to']
    if (circle) return [loopFinding({ ...circle, edge: { path } })]
    const depth = before + (depths.get(line.number) ?? 0)
    return depth > MAX_FORWARDS ? [depthFinding(line.number, depth, path)] : []
  })
}

/** The most forwards a call may have behind it when it comes to a line. */
function longestChainTo(
  number: string,
  { lines, aliases }: Directory,
  lineOf: (alias: string) => string | undefined,
): number {
  const names = new Set([number])
  for (const alias of aliases.values()) {
    if (alias.redirect?.line === number) names.add(alias.number)
  }
  // To most lines nobody forwards; the graph of a large site would cost milliseconds.
  if (![...lines.values()].some((line) => leadsTo(line, names))) return 0
  const into = new Map<string, Edge[]>()
  for (const line of lines.values()) {
    if (line.number === number) continue
    for (const { path, to } of edgesOfLine(line, [], lineOf)) {
      if (to === undefined) continue
      const edges = into.get(to)
      if (edges) edges.push({ path, to: line.number })
      else into.set(to, [{ path, to: line.number }])
    }
  }
  return walkForwards([number], (to) => into.get(to) ?? []).depths.get(number) ?? 0
}

function leadsTo({ forwarding }: Line, names: ReadonlySet<string>): boolean {
  return forwardKinds.some((kind) => {
    const to = forwarding[kind]?.to
    return to?.kind === 'number' && names.has(to.number)
  })
}
