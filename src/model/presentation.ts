import type { Line } from './line.js'
import type { Alias } from './site.js'

/** Who has a number, as far as it matters who may show it. */
export interface Holders {
  line(number: string): Pick<Line, 'group'> | undefined
  alias(number: string): Pick<Alias, 'redirect'> | undefined
}

/**
 * Whether a line may show a number on its calls (spec C3, I-R7): its own, or one of a
 * line or a redirected alias of its billing group. A line without group has only its own.
 */
export function mayShow(
  line: Pick<Line, 'number' | 'group'>,
  shown: string,
  holders: Holders,
): boolean {
  const owner = holders.line(shown) ? shown : holders.alias(shown)?.redirect?.line
  if (owner === undefined) return false
  if (owner === line.number) return true
  return line.group !== undefined && holders.line(owner)?.group === line.group
}
