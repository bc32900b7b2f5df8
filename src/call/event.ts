import type { Answer, Attempt } from './answer.js'

/**
 * What the core is told. `leg` is Asterisk's channel id, qualified by node;
 * instants are milliseconds of a monotonic clock.
 */
export type Event =
  | Question
  /** A line's leg came to be: by its own INVITE (`out`) or because we ring it (`in`). */
  | {
      readonly kind: 'created'
      readonly leg: string
      readonly line: string
      readonly direction: 'in' | 'out'
    }
  | { readonly kind: 'gone'; readonly leg: string }
  /** Our answer came too late: the leg had left Stasis, or was gone. */
  | { readonly kind: 'missed'; readonly leg: string }
  /** Every leg of Asterisk, as it was at `askedAt`. */
  | { readonly kind: 'snapshot'; readonly askedAt: number; readonly legs: readonly LiveLeg[] }

/** A leg of a line in Asterisk's own list. */
export interface LiveLeg {
  readonly leg: string
  readonly line: string
  readonly direction: 'in' | 'out'
}

/** What a leg asks in Stasis; each gets exactly one `continue`. */
export type Question =
  /** A line dialled something. */
  | {
      readonly kind: 'departure'
      readonly leg: string
      readonly line: string
      readonly dialled: string
    }
  /** A carrier calls a number. */
  | {
      readonly kind: 'arrival'
      readonly leg: string
      readonly trunk: string
      readonly dialled: string
      readonly caller: string
    }
  /** A dial ended without an answer. */
  | {
      readonly kind: 'outcome'
      readonly leg: string
      readonly attempt: Attempt
      readonly status: DialStatus
      /** Q.850, as Asterisk derived it from the SIP answer; 0 when there was none. */
      readonly cause: number
    }

/** Asterisk's `DIALSTATUS`, without the answered one, which asks nothing. */
export const DIAL_STATUSES = [
  'BUSY',
  'NOANSWER',
  'CANCEL',
  'CONGESTION',
  'CHANUNAVAIL',
] as const
export type DialStatus = (typeof DIAL_STATUSES)[number]

/** What to do. Every effect names the leg; none returns a value the core needs. */
export type Effect =
  | { readonly kind: 'continue'; readonly leg: string; readonly answer: Answer }
  /** A finding for the log and the metrics, not for the call. */
  | { readonly kind: 'note'; readonly note: Note }

/** What an operator should be able to see later. */
export type Note =
  /** One call decided: the line of the log. */
  | {
      readonly kind: 'decided'
      readonly question: Question['kind']
      readonly leg: string
      readonly from: string
      readonly to: string
      readonly step: string
      readonly answer: Answer
    }
  /** The snapshot disagreed with the ledger. */
  | { readonly kind: 'healed'; readonly released: number; readonly adopted: number }
