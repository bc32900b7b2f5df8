import type { Draft } from './draft.js'
import { type Finding, finding, type Path } from './finding.js'
import { forwardKinds } from './forwarding.js'

/** One forward, as an edge between lines; `to` is missing when it leaves the site. */
interface Edge {
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

interface Walk {
  /** Forwards that close a circle, with the lines of the circle in order. */
  readonly loops: readonly { readonly edge: Edge; readonly lines: readonly string[] }[]
  /** The longest chain of forwards that begins at each line. */
  readonly depths: ReadonlyMap<string, number>
}

/** Carried by the ISDN and by us: the sixth diversion of a call is refused (spec D4). */
const MAX_FORWARDS = 5

/** A → B → A never reaches anyone, whichever of the four forwards it uses (row Y24). */
export function forwardLoops(draft: Draft): Finding[] {
  return walkForwards(edgesOf(draft)).loops.map(({ edge, lines }) =>
    finding(
      'forward.loop',
      edge.path,
      `the forwards go in a circle: ${lines.join(' → ')}`,
    ),
  )
}

/** Only where a chain first exceeds the limit: what leads to it is mended with it. */
export function forwardDepth(draft: Draft): Finding[] {
  const { depths } = walkForwards(edgesOf(draft))
  return draft.lines.flatMap(({ path, value }) => {
    if (depths.get(value.number) !== MAX_FORWARDS + 1) return []
    const message = `a call to ${value.number} may be forwarded ${MAX_FORWARDS + 1} times`
    return [finding('forward.depth', [...path, 'forwarding'], message)]
  })
}

/** The forwards of every line; an alias stands for the line it rings. */
function edgesOf({ lines, aliases }: Draft): ReadonlyMap<string, readonly Edge[]> {
  const lineOfAlias = new Map(
    aliases.map(({ value }) => [value.number, value.redirect?.line] as const),
  )
  return new Map(
    lines.map(({ path, value }) => {
      const edges = forwardKinds.flatMap((kind): Edge[] => {
        const to = value.forwarding[kind]?.to
        if (!to) return []
        const at = [...path, 'forwarding', kind, 'to']
        if (to.kind !== 'number') return [{ path: at }]
        return [{ path: at, to: lineOfAlias.get(to.number) ?? to.number }]
      })
      return [value.number, edges]
    }),
  )
}

/** Depth first, with a stack of its own: a chain may be as long as the site. */
function walkForwards(graph: ReadonlyMap<string, readonly Edge[]>): Walk {
  const loops: { edge: Edge; lines: string[] }[] = []
  const depths = new Map<string, number>()
  for (const start of graph.keys()) {
    if (depths.has(start)) continue
    const stack = [visit(start, graph)]
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
      if (to !== undefined && graph.has(to) && !depths.has(to) && !open.has(to)) {
        // Its depth is known when we come back to the same edge.
        stack.push(visit(to, graph))
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

function visit(line: string, graph: ReadonlyMap<string, readonly Edge[]>): Visit {
  return { line, edges: graph.get(line) ?? [], next: 0, depth: 0 }
}
