import type { Draft } from './draft.js'
import type { Finding } from './finding.js'
import {
  depthFinding,
  type Edge,
  edgesOfLine,
  loopFinding,
  MAX_FORWARDS,
  walkForwards,
} from './forward-graph.js'

/** A → B → A never reaches anyone, whichever of the four forwards it uses (row Y24). */
export function forwardLoops(draft: Draft): Finding[] {
  return walk(draft).loops.map(loopFinding)
}

/** Only where a chain first exceeds the limit: what leads to it is mended with it. */
export function forwardDepth(draft: Draft): Finding[] {
  const { depths } = walk(draft)
  return draft.lines.flatMap(({ path, value: { number } }) => {
    if (depths.get(number) !== MAX_FORWARDS + 1) return []
    return [depthFinding(number, MAX_FORWARDS + 1, [...path, 'forwarding'])]
  })
}

function walk(draft: Draft): ReturnType<typeof walkForwards> {
  const graph = edgesOf(draft)
  return walkForwards(graph.keys(), (line) => graph.get(line))
}

/** The forwards of every line; an alias stands for the line it rings. */
function edgesOf({ lines, aliases }: Draft): ReadonlyMap<string, readonly Edge[]> {
  const lineOfAlias = new Map(
    aliases.map(({ value }) => [value.number, value.redirect?.line] as const),
  )
  return new Map(
    lines.map(({ path, value }) => [
      value.number,
      edgesOfLine(value, path, (alias) => lineOfAlias.get(alias)),
    ]),
  )
}
