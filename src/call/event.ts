import type { Secret } from '../model/secret.js'
import type { Answer, Attempt } from './answer.js'
import type { HarmTerms } from './harm.js'

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
      /** What its phone dialled; empty on a leg that we ring. */
      readonly dialled: string
    }
  /** `line` is whose phone it is now: one that has taken the call over, perhaps. */
  | { readonly kind: 'answered'; readonly leg: string; readonly line?: string }
  | { readonly kind: 'held'; readonly leg: string }
  | { readonly kind: 'resumed'; readonly leg: string }
  /** The target of a transferred leg has answered: the transfer is over. */
  | { readonly kind: 'transferred'; readonly leg: string }
  /** A leg ended; `cause` is Q.850. */
  | { readonly kind: 'gone'; readonly leg: string; readonly cause: number }
  /** Our answer came too late: the leg had left Stasis, or was gone. */
  | { readonly kind: 'missed'; readonly leg: string }
  /** What became of the change of a feature code, and what was to be said of it. */
  | {
      readonly kind: 'coded'
      readonly leg: string
      readonly answer: Answer
      readonly stored: 'stored' | 'refused' | 'failed'
    }
  /** Told at the start: a line has called an emergency number not long ago. */
  | { readonly kind: 'calledEmergency'; readonly line: string; readonly agoMs: number }
  /** An administrator has opened again what the limits on harm had closed. */
  | { readonly kind: 'reopened'; readonly line: string }
  /** The limits on harm are others by the hour, or by another site. */
  | { readonly kind: 'harmTerms'; readonly terms: HarmTerms }
  /** A line's phone can be reached, or not any more. */
  | { readonly kind: 'reachable'; readonly line: string; readonly reachable: boolean }
  /** The site was reloaded: limits and settings may be others. */
  | { readonly kind: 'siteChanged' }
  | Snapshot

/** What Asterisk itself knew at `askedAt`. */
export interface Snapshot {
  readonly kind: 'snapshot'
  readonly askedAt: number
  readonly legs: readonly LiveLeg[]
  /** Every channel, by id. */
  readonly channels: readonly string[]
  /** Legs in whose ear a beep of ours is. */
  readonly beeps: readonly string[]
  /** The first of a connection: of what happened before it we were not told. */
  readonly first?: true
  /** The dialplan lets in calls by itself, as if we were not there. */
  readonly degraded?: true
  /** Lines whose phone can be reached, where that was asked for as well. */
  readonly reachable?: readonly string[]
}

/** A leg of a line in Asterisk's own list. */
export interface LiveLeg {
  readonly leg: string
  readonly line: string
  readonly direction: 'in' | 'out'
  readonly answered: boolean
  /** The other party's number, where the list shows it and its caller does not hide it. */
  readonly with?: string
  /** Its phone has dialled a feature code. */
  readonly code?: true
}

/** What a leg asks in Stasis; each gets exactly one `continue`. */
export type Question =
  /** A line dialled something. */
  | {
      readonly kind: 'departure'
      readonly leg: string
      readonly line: string
      readonly dialled: string
      /** The time for a fourth digit is over (spec A12). */
      readonly waited?: true
    }
  /** A locked line has been asked for its PIN, on the way to what it dialled. */
  | {
      readonly kind: 'pin'
      readonly leg: string
      readonly line: string
      readonly dialled: string
      readonly nthTry: number
      /** Empty when nothing came in time, or something that no PIN contains. */
      readonly digits: Secret
    }
  /** A carrier calls a number. */
  | {
      readonly kind: 'arrival'
      readonly leg: string
      readonly trunk: string
      readonly dialled: string
      /** As the carrier shows it; empty when the caller hides it. */
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
      /** The line that transferred this leg, if one did. */
      readonly transferor: string | undefined
    }
  /** A line transferred this leg to what it dialled. */
  | {
      readonly kind: 'transfer'
      readonly leg: string
      readonly transferor: string
      /** The line asks the target first, by DTMF: it is still there. */
      readonly consults?: true
      readonly dialled: string
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
