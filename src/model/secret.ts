import { z } from 'zod'
import { breaks } from './finding-codes.js'

/**
 * A password that cannot be printed by accident: as text, in JSON, in a log
 * and in an error it reads `***`. Only `reveal` gives it out.
 */
export class Secret {
  readonly #value: string

  constructor(value: string) {
    this.#value = value
  }

  reveal(): string {
    return this.#value
  }

  toString(): string {
    return '***'
  }

  toJSON(): string {
    return '***'
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '***'
  }
}

/** What a guesser tries first. */
const common =
  /pass(?:word)?|passe|azerty|qwerty|secret|admin|asterisk|linekeeper|changeme|0123|1234|abcd/gi

/** A secret that a dictionary or a short search finds: few characters, or common words. */
export function isWeak(secret: string): boolean {
  const rest = secret.replaceAll(common, '')
  return rest.length < 8 || new Set(rest).size < 6
}

/** A SIP password. No character of it needs escaping in Asterisk's files (reliability §3.6). */
export const Password = z
  .string(breaks('secret.format'))
  .regex(/^[A-Za-z0-9._~-]{0,64}$/, { ...breaks('secret.format'), abort: true })
  .min(12, breaks('secret.weak'))
  .refine((text) => !isWeak(text), breaks('secret.weak'))
  .transform((text) => new Secret(text))
  .meta({ description: '12 to 64 of A-Z a-z 0-9 . _ ~ -, chosen at random' })

/** Repeats of one, two, three or four digits, and runs up or down. */
export function isWeakPin(pin: string): boolean {
  return (
    /^(\d{1,4})\1+$/.test(pin) ||
    '01234567890'.includes(pin) ||
    '09876543210'.includes(pin)
  )
}

/** The PIN of a voicemail: six digits at least, as it can be tried from outside (T32). */
export const VoicemailPin = z
  .string(breaks('pin.format'))
  .regex(/^\d{6,8}$/, { ...breaks('pin.format'), abort: true })
  .refine((pin) => !isWeakPin(pin), breaks('pin.weak'))
  .transform((pin) => new Secret(pin))
  .meta({ description: '6 to 8 digits in quotes' })

/** The PIN that locks a phone: exactly four digits (spec C13). */
export const LockPin = z
  .string(breaks('pin.format'))
  .regex(/^\d{4}$/, { ...breaks('pin.format'), abort: true })
  .refine((pin) => !isWeakPin(pin), breaks('pin.weak'))
  .transform((pin) => new Secret(pin))
  .meta({ description: '4 digits in quotes' })

/**
 * The PIN of a lock nobody has given one (spec B1.1). It locks and unlocks, cannot be
 * chosen, and is shown as one to be changed (reliability T32).
 */
export const defaultLockPin = new Secret('0000')
