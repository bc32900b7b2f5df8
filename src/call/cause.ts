/** Why a call is refused or ended; the numbers are ITU-T Q.850. */
export const CAUSES = {
  unallocatedNumber: 1,
  userBusy: 17,
  noAnswer: 19,
  /** Not registered, unreachable, out of service for a while. */
  subscriberAbsent: 20,
  callRejected: 21,
  invalidNumberFormat: 28,
  /** With `Reason: Q.850;cause=34` (spec D1). */
  noCircuit: 34,
} as const

export type Cause = keyof typeof CAUSES

/** What Asterisk answers to a phone for each cause, by its fixed map (asterisk-facts §9). */
export const SIP_CODES: Readonly<Record<Cause, number>> = {
  unallocatedNumber: 404,
  userBusy: 486,
  noAnswer: 480,
  subscriberAbsent: 480,
  callRejected: 403,
  invalidNumberFormat: 484,
  noCircuit: 503,
}
