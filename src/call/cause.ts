/**
 * Why a call is refused or ended. The numbers are ITU-T Q.850; Asterisk turns
 * them into SIP by a fixed map (asterisk-facts §9), given behind each.
 */
export const CAUSES = {
  /** 404 */
  unallocatedNumber: 1,
  /** 486 */
  userBusy: 17,
  /** 480 */
  noAnswer: 19,
  /** 480: not registered, unreachable, out of service for a while. */
  subscriberAbsent: 20,
  /** 403 */
  callRejected: 21,
  /** 484 */
  invalidNumberFormat: 28,
  /** 503 with `Reason: Q.850;cause=34` */
  noCircuit: 34,
} as const

export type Cause = keyof typeof CAUSES
