import type { CostlyClass } from '../model/costly.js'
import type { SettingsChange } from '../model/settings.js'
import type { Answer, Diversion } from './answer.js'
import type { Question } from './event.js'
import type { HarmLimit } from './harm.js'
import type { PinLock } from './pin-guard.js'
import type { PlanType } from './tariff.js'

/** What to do. Every effect names the leg; none returns a value the core needs. */
export type Effect =
  | {
      readonly kind: 'continue'
      readonly leg: string
      readonly answer: Answer
      /** Only if the groups of the dialplan still have the call slot, too. */
      readonly contested?: true
    }
  /** What a feature code asks for: stored, then told as `coded`, which answers the leg. */
  | {
      readonly kind: 'change'
      readonly leg: string
      readonly line: string
      readonly change: SettingsChange
      readonly answer: Answer
    }
  /** A tone in the ear of this leg only, until `stopBeep` or its end (spec A3). */
  | { readonly kind: 'beep'; readonly leg: string }
  | { readonly kind: 'stopBeep'; readonly leg: string }
  /** Whether this leg's phone may transfer blindly (spec A4). Ends with the leg. */
  | { readonly kind: 'setTransferGate'; readonly leg: string; readonly open: boolean }
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
  | {
      readonly kind: 'ended'
      readonly call: CallRecord
      readonly cause: number
      readonly endedAt: number
    }
  /** Too many wrong PINs: a line's lock stays shut (reliability T32). */
  | { readonly kind: 'pinLocked'; readonly line: string; readonly lock: PinLock }
  /** A line calls much of what costs; `closed`: it may not any more (reliability §3.8). */
  | {
      readonly kind: 'harm'
      readonly line: string
      readonly class: CostlyClass
      readonly limit: HarmLimit
      readonly closed: boolean
    }
  /** A line begins calls faster than it may (row S13); told once a minute. */
  | { readonly kind: 'tooFast'; readonly line: string }
  /** A line's phone answered that the call should go elsewhere, which nobody obeys (T10). */
  | { readonly kind: 'redirected'; readonly line: string }
  /** A line's phone has registered the address of a carrier, or none, and is not called (T06). */
  | { readonly kind: 'misregistered'; readonly line: string }
  /** The snapshot disagreed with the ledger. */
  | { readonly kind: 'healed'; readonly released: number; readonly adopted: number }

/** A call that asked something, as its calling leg lives on. */
export interface CallRecord {
  readonly leg: string
  /** The calling line, or the number a carrier shows. */
  readonly from: string
  /** As it was dialled. */
  readonly to: string
  /** A line that does not show its number on this call (spec C3). */
  readonly hidden?: true
  /** Its line is being asked for a PIN: that the leg is up is no answer of anybody. */
  readonly asksPin?: true
  /** What of it costs: lines and classes, as they are counted. */
  readonly costs?: readonly string[]
  /** The steps that decided, in order. */
  readonly steps: readonly string[]
  /** The lines that forwarded it, in order: none of them is tried again (D4). */
  readonly forwardedBy: readonly string[]
  /** Forwarded legs, each charged to the line that forwarded (spec D8). */
  readonly forwards: readonly ForwardedLeg[]
  readonly since: number
  /** When somebody answered, and whether an intercom phone did so by itself. */
  readonly answeredAt?: number
  readonly byItself?: boolean
}

export interface ForwardedLeg {
  readonly by: string
  readonly kind: Diversion['kind']
  readonly to: string
  readonly planType: PlanType
  /** The class that the limits on harm count it in. */
  readonly costs?: CostlyClass
}
