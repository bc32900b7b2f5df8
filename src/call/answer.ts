import type { Announcement } from '../model/announcement.js'
import type { Language } from '../model/line.js'
import type { Cause } from './cause.js'
import type { Saying } from './code-saying.js'

/** Which forward sent a call on, in the standard's letters (TS 24.604). */
export type ForwardKind = 'cfu' | 'cfb' | 'cfnr' | 'cfnl'

/** A call that a line has forwarded: shown to the next party (RFC 5806). */
export interface Diversion {
  /** The line that forwarded last; for a carrier, as it writes numbers. */
  readonly by: string
  readonly kind: ForwardKind
  /** How many forwards the call has gone through, this one included. */
  readonly hops: number
}

/**
 * Where a leg goes next: one context of the generated dialplan, with all it
 * needs. Numbers are canonical (`0033…`) unless said.
 */
export type Answer =
  /** Ring a line. `waiting`: it is in conversation, so mark the call as waiting. */
  | {
      readonly kind: 'ring'
      readonly line: string
      readonly seconds: number
      readonly waiting: boolean
      /** The caller hides his number (spec C3). */
      readonly hidden?: true
      readonly diversion?: Diversion
    }
  /** Leave through a carrier; all numbers as the carrier writes them. */
  | {
      readonly kind: 'trunk'
      readonly trunk: string
      readonly number: string
      readonly presented: string | undefined
      /** Shown to the carrier alone, which must not show it on (RFC 3325). */
      readonly hidden?: true
      readonly diversion?: Diversion
    }
  /** Ring a line so that its phone answers by itself; never forwarded (spec A8). */
  | {
      readonly kind: 'intercom'
      readonly line: string
      readonly seconds: number
      readonly hidden?: true
    }
  /** Leave a message in the box of a line. */
  | {
      readonly kind: 'voicemail'
      readonly line: string
      readonly greeting: 'busy' | 'unavailable'
      readonly hidden?: true
    }
  /** Ask for a line and its remote password, then listen to its box (spec B8). */
  | { readonly kind: 'voicemail-access' }
  /** Listen to the box of a line. */
  | { readonly kind: 'consult'; readonly line: string }
  /** Receive a fax for a line. */
  | { readonly kind: 'fax'; readonly line: string }
  /** A transfer failed: ring the transferring line again (spec A4). */
  | { readonly kind: 'recall'; readonly line: string; readonly seconds: number }
  /** Take over a call that rings another line (spec B1.6): the leg that rings. */
  | { readonly kind: 'pickup'; readonly ringing: string }
  /** Wait for a fourth digit that may follow, then ask again (spec A12). */
  | { readonly kind: 'wait'; readonly milliseconds: number; readonly dialled: string }
  /** Ask for the PIN of a locked phone, by keypad; tries count from 1 (spec B1.6). */
  | { readonly kind: 'pin'; readonly dialled: string; readonly nthTry: number }
  | {
      readonly kind: 'announce'
      readonly announcement: Announcement
      readonly cause: Cause
      /** Of the called line that speaks; the caller hears of his own call in his own. */
      readonly language?: Language
    }
  | { readonly kind: 'refuse'; readonly cause: Cause }
  /** A feature code was dialled: what its user hears (spec B1.5). */
  | ({ readonly kind: 'code'; readonly refused: boolean } & Saying)

/** What was tried when an `outcome` is asked: the answer that led to it. */
export type Attempt = Extract<Answer, { kind: 'ring' | 'trunk' | 'intercom' | 'recall' }>
