/** States that only luck leads to; a run that misses one proves less than it seems. */
export const SOMETIMES = [
  'the last slot raced for',
  'limit lowered below use',
  'transfer accepted with the last free slot',
  'transfer refused by the gate',
  'attended transfer',
  'recall',
  'a leak found by the list',
  'a leg missing found by the list',
  'the list finds nothing',
  'an event of a leg that had ended',
  'crash between reservation and dial',
  'a question asked again after a crash',
  'an answer whose result was lost',
  'an answer that came too late',
  'degraded path',
  'a slot that the degraded path has',
  'five hops',
  'too many hops',
  'a loop of 1',
  'a loop of 2',
  'a loop of 3',
  'a loop of 4',
  'a loop of 5',
  'emergency over the limit',
  'intercom',
  'intercom refused',
  'a call picked up',
  'a beep begun',
  'a beep ended',
  'a gate closed',
  'a gate reopened',
  'cfu',
  'cfb',
  'cfnr',
  'cfnl',
] as const

export type Sometimes = (typeof SOMETIMES)[number]

/** How often each was reached. */
export class Seen {
  readonly counts = new Map<Sometimes, number>()

  add(state: Sometimes, times = 1): void {
    this.counts.set(state, (this.counts.get(state) ?? 0) + times)
  }

  addAll(other: Seen): void {
    for (const [state, times] of other.counts) this.add(state, times)
  }

  get never(): Sometimes[] {
    return SOMETIMES.filter((state) => !this.counts.has(state))
  }
}
