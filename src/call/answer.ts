import type { Cause } from './cause.js'

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
    }
  /** Leave through a carrier; both numbers as the carrier writes them. */
  | {
      readonly kind: 'trunk'
      readonly trunk: string
      readonly number: string
      readonly presented: string | undefined
    }
  | { readonly kind: 'refuse'; readonly cause: Cause }

/** What was tried when an `outcome` is asked: the answer that led to it. */
export type Attempt = Exclude<Answer, { kind: 'refuse' }>
