/** Why a request about a contract or an order is refused: stable words for programs. */
export type Rule =
  | 'plan-unknown'
  | 'plan-same'
  | 'plan-not-offered'
  | 'plan-change-none'
  | 'calls-range'
  | 'calls-contact-support'
  | 'calls-same'
  | 'calls-maximum'
  | 'calls-need-upgrade'
  | 'decrease-pending'
  | 'decrease-none'
  | 'aliases-range'
  | 'terms-not-accepted'
  | 'order-cancelled'
  | 'order-expired'
  | 'order-paid'
  | 'order-not-applicable'

/** Nothing is changed. The message is for people: the rule and the remedy. */
export interface Refused {
  readonly kind: 'refused'
  readonly rule: Rule
  readonly message: string
}

export function refused(rule: Rule, message: string): Refused {
  return { kind: 'refused', rule, message }
}

/** A rule: undefined when it does not apply. */
export type Step<Asked, Decided> = (asked: Asked) => Decided | undefined

/** Asks in order; the first step that applies decides. Throws when none does: a bug. */
export function firstOf<Asked, Decided>(
  steps: readonly Step<Asked, Decided>[],
  asked: Asked,
): Decided {
  for (const step of steps) {
    const decided = step(asked)
    if (decided) return decided
  }
  throw new Error('firstOf: no step decided')
}
