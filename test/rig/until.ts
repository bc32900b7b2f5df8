import { setTimeout as pause } from 'node:timers/promises'
import { inspect } from 'node:util'
import { slowness } from './slowness.js'

type Falsy = false | null | undefined | 0 | ''

export type UntilOptions = {
  limitSeconds?: number
  /** What to show in the failure beside what `look` returned last. */
  saw?: () => unknown
}

/**
 * Looks again and again until `look` returns something true, and returns that. A `look`
 * that throws (a failed `expect` too) has not seen it yet. When the time is over, the
 * error says what was waited for and what was seen last. On a slow machine it is over later.
 *
 *     await until('the phone rings', () => phone.calls().find((call) => call.ringing))
 */
export async function until<T>(
  what: string,
  look: () => T | Promise<T>,
  options: UntilOptions = {},
): Promise<Exclude<T, Falsy>> {
  const limitSeconds = options.limitSeconds ?? 5
  const begin = Date.now()
  let end = begin + limitSeconds * 1000
  let isExtended = false
  let last: unknown
  for (;;) {
    try {
      const seen = await look()
      if (isSeen(seen)) return seen
      last = seen
    } catch (error) {
      last = error instanceof Error ? error.message : error
    }
    if (Date.now() >= end && !isExtended) {
      end = begin + limitSeconds * 1000 * slowness()
      isExtended = true
    }
    if (Date.now() >= end) break
    await pause(20)
  }
  const saw = options.saw ? `; saw ${shown(options.saw())}` : ''
  const seconds = Math.round((Date.now() - begin) / 1000)
  throw new Error(`waited ${seconds} s until ${what}; last: ${shown(last)}${saw}`)
}

function isSeen<T>(seen: T): seen is Exclude<T, Falsy> {
  return Boolean(seen)
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : inspect(value, { depth: 4 })
}
