import type { Meaning } from './question.js'

/**
 * What happened meanwhile, then who asks, the oldest question first: its dead-man timer
 * ends first, and then the dialplan decides as we have. A question that was asked while
 * nobody listened is in the list alone (L1); one may be in both.
 */
export function inOrder(
  waiting: readonly Meaning[],
  held: readonly Meaning[],
): Meaning[] {
  const heard = new Set(held.flatMap(askingLeg))
  const isAsked = (meaning: Meaning): boolean => askingLeg(meaning).length > 0
  return [
    ...held.filter((meaning) => !isAsked(meaning)),
    ...waiting.filter((meaning) => !askingLeg(meaning).some((leg) => heard.has(leg))),
    ...held.filter(isAsked),
  ]
}

function askingLeg(meaning: Meaning): string[] {
  if (meaning.kind !== 'event') return []
  const { event } = meaning
  const asks = ['departure', 'pin', 'arrival', 'outcome', 'transfer'].includes(event.kind)
  return asks && 'leg' in event ? [event.leg] : []
}
