import { z } from 'zod'
import { breaks } from './finding-codes.js'
import { PhoneNumber } from './phone-number.js'

/**
 * Where a forwarded call goes (spec A7.2).
 *
 * `voicemail` without a line is the box of the forwarding line itself.
 */
export type ForwardTarget =
  | { readonly kind: 'voicemail'; readonly line?: string }
  | { readonly kind: 'number'; readonly number: string }
  | { readonly kind: 'fax'; readonly line?: string }

/** The four forwards of a line, in the words of the site file and the API (spec A7.1). */
export interface Forwarding {
  /** CFU */
  readonly unconditional?: { readonly to: ForwardTarget }
  /** CFNR; `after` in seconds, 5 to 60. */
  readonly noAnswer?: { readonly after: number; readonly to: ForwardTarget }
  /** CFB */
  readonly busy?: { readonly to: ForwardTarget }
  /** CFNL */
  readonly unreachable?: { readonly to: ForwardTarget }
}

/** In the order in which rules and findings list them. */
export const forwardKinds = ['unconditional', 'noAnswer', 'busy', 'unreachable'] as const
export type ForwardKind = (typeof forwardKinds)[number]

/** A forward's target as it is written; any text that is no keyword is a number. */
export const ForwardTargetEntry = z
  .union(
    [
      z.literal('voicemail'),
      z.literal('fax'),
      z.strictObject({ voicemail: PhoneNumber }),
      z.strictObject({ fax: PhoneNumber }),
      z.string().meta({ description: 'Telephone number in quotes' }),
    ],
    breaks('forward.target'),
  )
  .meta({
    id: 'ForwardTarget',
    description:
      'voicemail (this line), { voicemail: "<line>" }, "<number>", or fax on a fax plan',
  })
export type ForwardTargetEntry = z.infer<typeof ForwardTargetEntry>

/** Seconds of ringing before CFNR (spec D4). */
export const Delay = z
  .int(breaks('delay.range'))
  .min(5, breaks('delay.range'))
  .max(60, breaks('delay.range'))

const Forward = z.strictObject({ to: ForwardTargetEntry })

export const ForwardingEntry = z
  .strictObject({
    unconditional: Forward.meta({ description: 'Every call (CFU)' }).exactOptional(),
    noAnswer: z
      .strictObject({
        after: Delay.default(20).meta({ description: 'Seconds of ringing, 5 to 60' }),
        to: ForwardTargetEntry,
      })
      .meta({ description: 'Nobody answers in time (CFNR)' })
      .exactOptional(),
    busy: Forward.meta({
      description: 'Every simultaneous call is in use (CFB)',
    }).exactOptional(),
    unreachable: Forward.meta({
      description: 'The phone is not registered (CFNL)',
    }).exactOptional(),
  })
  .meta({ id: 'Forwarding', description: 'Where calls go instead, and when' })
export type ForwardingEntry = z.infer<typeof ForwardingEntry>

/** A target as the site file, the API and the store write it. */
export function writtenTarget(target: ForwardTarget): ForwardTargetEntry {
  switch (target.kind) {
    case 'number':
      return target.number
    case 'voicemail':
      return target.line === undefined ? 'voicemail' : { voicemail: target.line }
    case 'fax':
      return target.line === undefined ? 'fax' : { fax: target.line }
  }
}
