import { STATUS_CODES } from 'node:http'

/** What each step of the rules has found when it decides, for people. */
const FINDINGS: Readonly<Record<string, string>> = {
  // The line that dials (spec D5).
  emergency: 'an emergency number',
  tooFast: 'the line begins calls faster than it may',
  ownLimit: 'every call slot of the calling line is in use',
  malformed: 'no telephone number, short number or code',
  prefixAlone: 'a prefix for one call, and no number to be called behind it',
  shortNumberUnknown:
    "a short number that is missing in the line's table and in its group's table",
  fourthDigit: 'three digits, which wait for a fourth',
  notInService: 'a number or a service that nobody has',
  voicemail: 'a voicemail box',
  lock: 'the line is locked: its PIN lets one call out',
  outgoingList: "the line's list does not let it call there",
  intercom: 'an intercom call',
  classNotAllowed: 'a kind of number that the line may not dial',
  tooMuch: 'more calls to what costs than the limits on harm allow',
  line: 'a line of this site',
  outside: 'a number outside',
  // What a feature code came to (spec B1).
  code: 'a feature code',
  codeQueried: 'the code asks what the line does',
  codeObeyed: 'the code changes what the line does',
  codeFault: 'no code, or not in this form',
  codeTarget: 'no number that calls may be sent to',
  codeNotStored: 'the change could not be stored',
  codeRules: 'the rules of settings refuse the change',
  tooManyCodes: 'too many codes in a minute',
  phoneLocked: 'the phone is locked',
  pinWrong: 'the PIN is wrong',
  pinLockedOut: 'too many wrong PINs: locked for 15 minutes',
  pinLockedForLong: 'too many wrong PINs in a day: `reopen` opens the lock',
  pickup: 'a call to be picked up',
  // The line that is called (spec D3).
  numberUnknown: 'the number is none of a line here',
  incomingList: "the line's list does not let the caller through",
  anonymousRejected: 'the caller hides his number, and the line refuses that',
  absent: 'the line is absent',
  doNotDisturb: 'the line is not to be disturbed',
  cfu: 'the line forwards every call (CFU)',
  notReachable: 'the phone is not registered, or does not answer at all',
  noFreeCallSlot: 'every call slot of the line is in use',
  ring: 'the phone rings',
  // What came of the ringing (spec D3, 12a to 12d).
  nextTrunk: 'the carrier fails, and there is another',
  trunkRefused: 'the carrier refuses',
  redirected: 'the phone wants to send the call elsewhere, which it may not',
  busy: 'the phone says that it is busy',
  declined: 'the phone declines',
  noAnswer: 'nobody answers in time',
  // Where a forward ends.
  forwardLoop: 'its target has forwarded this call already',
  tooManyForwards: 'too many forwards',
  forwardComesBack: 'its forward outside seems to come back to it',
  forwardTarget: 'its target is not in service any more',
  forwardList: "the line's list does not allow the target; voicemail is a service",
  forwardClass: 'a kind of number that a call may not be forwarded to',
  forwardTooMuch: 'more calls to what costs than the limits on harm allow its line',
  forwardNoTrunk: 'the site has no carrier',
  trunk: 'a number outside',
  fax: 'a fax',
  refuse: 'a box that does not exist',
}

/** The words for a step; a step that has none says its name. */
export function findingOf(step: string): string {
  return FINDINGS[step] ?? step
}

const WAITS: Readonly<Record<string, string>> = {
  leg: 'Asterisk to ring the phone',
  phone: 'the phone to answer',
  otherParty: 'the other party to answer',
  hangUp: 'somebody to hang up',
  resume: 'the line to take it back from hold',
  target: 'the target of the transfer to answer',
}

/** What a call slot in use waits for. */
export function waitOf(word: string): string {
  return WAITS[word] ?? word
}

/** How a call is answered, and what its caller gets, as the API and `explain` say it. */
export interface Heard {
  readonly kind: string
  readonly cause?: string | undefined
  readonly q850?: number | undefined
  readonly sip?: number | undefined
}

const HEARD: Readonly<Record<string, string>> = {
  ringing: 'ringing',
  carrier: 'what the carrier lets him hear',
  voicemail: 'voicemail',
  fax: 'a fax machine',
  answered: 'the phone, which answers by itself',
  pin: 'the question for the PIN',
  code: 'an announcement of what the line does now',
}

export function heardOf({ kind, cause, q850, sip }: Heard): string {
  if (sip === undefined) return HEARD[kind] ?? kind
  // Node's list has only the codes that HTTP knows too.
  const meaning = SIP_REASONS[sip] ?? STATUS_CODES[sip] ?? ''
  const refusal = `${sip} ${meaning} (${cause}, Q.850 ${q850})`
  return kind === 'announcement' ? `an announcement, then ${refusal}` : refusal
}

const SIP_REASONS: Readonly<Record<number, string>> = {
  480: 'Temporarily Unavailable',
  484: 'Address Incomplete',
  486: 'Busy Here',
}

/** `2 h 05 min`, `3 min`, `12 s`: the two units that matter. */
export function ageOf(seconds: number): string {
  const whole = Math.floor(seconds)
  if (whole < 60) return `${whole} s`
  const minutes = Math.floor(whole / 60)
  if (minutes < 60) return `${minutes} min`
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`
}
