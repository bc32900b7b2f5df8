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
  /** A leg ended; `cause` is Q.850. */
  | { readonly kind: 'gone'; readonly leg: string; readonly cause: number }
  /** Our answer came too late: the leg had left Stasis, or was gone. */
  | { readonly kind: 'missed'; readonly leg: string }
  /** Every leg of Asterisk, as it was at `askedAt`. */
  | {
      readonly kind: 'snapshot'
      readonly askedAt: number
      readonly legs: readonly LiveLeg[]
      /** Every leg of lines and carriers, by id. */
      readonly calling: readonly string[]
    }

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
  | {
      readonly kind: 'decided'
      readonly question: Question['kind']
      readonly leg: string
      readonly step: string
      readonly answer: Answer
    }
  /** A call that asked something has ended: the one line of the log. */
  | { readonly kind: 'ended'; readonly call: CallRecord; readonly cause: number; readonly endedAt: number }
  /** The snapshot disagreed with the ledger. */
  | { readonly kind: 'healed'; readonly released: number; readonly adopted: number }

/** A call that asked something, as its calling leg lives on. */
export interface CallRecord {
  readonly leg: string
  /** The calling line, or the number a carrier shows. */
  readonly from: string
  /** As it was dialled. */
  readonly to: string
  /** The steps that decided, in order. */
  readonly steps: readonly string[]
  readonly since: number
}
