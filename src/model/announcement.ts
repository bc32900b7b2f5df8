/** What is said to a caller before he is refused, as early media, and by which prompt. */
export const announcements = {
  absent: 'lk-absent',
  doNotDisturb: 'lk-do-not-disturb',
  anonymousRejected: 'lk-anonymous-rejected',
  callerRefused: 'lk-caller-refused',
  notInService: 'lk-not-in-service',
  numberNotAllowed: 'lk-number-not-allowed',
  ceilingReached: 'lk-ceiling-reached',
  outgoingLocked: 'lk-outgoing-locked',
  pinLockedOut: 'lk-pin-locked-out',
  pinLockedForLong: 'lk-pin-locked-for-long',
  nothingToPickUp: 'lk-nothing-to-pick-up',
  pickupRefused: 'lk-pickup-refused',
  lineLimitReached: 'lk-line-limit-reached',
} as const
export type Announcement = keyof typeof announcements
