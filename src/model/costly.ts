import type { Line } from './line.js'
import type { NumberClass } from './numbering.js'

/** Classes whose calls cost more than the plan, and that are closed when they are abused. */
export const COSTLY_CLASSES = ['special', 'international'] as const
export type CostlyClass = (typeof COSTLY_CLASSES)[number]

/** Whether the line's rights open a class, and nobody has closed it since (§3.8). */
export function isOpenTo(
  { outgoing, closedClasses = [] }: Pick<Line, 'outgoing' | 'closedClasses'>,
  costly: CostlyClass,
): boolean {
  return outgoing[costly] && !closedClasses.includes(costly)
}

export function isCostly(numberClass: NumberClass): numberClass is CostlyClass {
  return COSTLY_CLASSES.some((costly) => costly === numberClass)
}
