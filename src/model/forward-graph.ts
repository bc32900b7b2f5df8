import { type Finding, finding, type Path } from './finding.js'
import { type ForwardKind, forwardKinds } from './forwarding.js'
import type { Line } from './line.js'

/** One forward, as an edge between lines; `to` is missing when it leaves the site. */
export interface Edge {
  readonly path: Path
  readonly to?: string
}

interface Visit {
  readonly line: string
  readonly edges: readonly Edge[]
  next: number
  /** Forwards in the longest chain that begins with the edges seen so far. */
  depth: number
}

export interface Loop {
  readonly edge: Edge
  /** The lines of the circle in order; the first is the last. */
  readonly lines: readonly string[]
}

interface Walk {
  /** Forwards that close a circle. */
  readonly loops: readonly Loop[]
  /** The longest chain of forwards that begins at each line. */
  readonly depths: ReadonlyMap<string, number>
}

/** The forwards of a line, or undefined when there is no such line. */
type EdgesOf = (line: string) => readonly Edge[] | undefined

/** Carried by the ISDN and by us: the sixth diversion of a call is refused (spec D4). */
export const MAX_FORWARDS = 5

/** A line's forwards as edges; `lineOf` is the line behind an alias. */
export function edgesOfLine(
  line: Line,
  path: Path,
  lineOf: (alias: string) => string | undefined,
  kinds: readonly ForwardKind[] = forwardKinds,
): readonly Edge[] {
  return kinds.flatMap((kind): Edge[] => {
    const to = line.forwarding[kind]?.to
    if (!to) return []
    const at = [...path, 'forwarding', kind, 'to']
    if (to.kind !== 'number') return [{ path: at }]
    return [{ path: at, to: lineOf(to.number) ?? to.number }]
  })
}

/** A → B → A never reaches anyone, whichever of the four forwards it uses (row Y24). */
export function loopFinding({ edge, lines }: Loop): Finding {
  const message = `the forwards go in a circle: ${lines.join(' → ')}`
  return finding('forward.loop', edge.path, message)
}

export function depthFinding(line: string, depth: number, path: Path): Finding {
  const message = `a call to ${line} may be forwarded ${depth} times`
  return finding('forward.depth', path, message)
}

/** Depth first, with a stack of its own: a chain may be as long as the site. */
export function walkForwards(starts: Iterable<string>, edgesOf: EdgesOf): Walk {
  const loops: Loop[] = []
  const depths = new Map<string, number>()
  const visit = (line: string): Visit => {
    return { line, edges: edgesOf(line) ?? [], next: 0, depth: 0 }
  }
  for (const start of starts) {
    if (depths.has(start)) continue
    const stack = [visit(start)]
    const open = new Set([start])
    while (stack.length > 0) {
      const here = stack.at(-1)
      const edge = here?.edges[here.next]
      if (!here) break
      if (!edge) {
        stack.pop()
        open.delete(here.line)
        depths.set(here.line, here.depth)
        continue
      }
      const to = edge.to
      if (to !== undefined && edgesOf(to) && !depths.has(to) && !open.has(to)) {
        // Its depth is known when we come back to the same edge.
        stack.push(visit(to))
        open.add(to)
        continue
      }
      here.next += 1
      if (to !== undefined && open.has(to)) {
        const lines = stack.map(({ line }) => line)
        loops.push({ edge, lines: [...lines.slice(lines.indexOf(to)), to] })
      } else {
        here.depth = Math.max(
          here.depth,
          1 + (to === undefined ? 0 : (depths.get(to) ?? 0)),
        )
      }
    }
  }
  return { loops, depths }
}
