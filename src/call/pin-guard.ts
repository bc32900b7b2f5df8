import type { Line } from '../model/line.js'
import type { Secret } from '../model/secret.js'
import { lockPinOf } from '../model/setting-keys.js'

/** What tries of the lock's PIN came to (reliability T32). Instants are milliseconds. */
export interface PinGuard {
  /** Another PIN begins a new count. */
  readonly pin: Secret
  readonly wrongInARow: number
  /** Wrong ones of the last day. */
  readonly wrongAt: readonly number[]
  readonly lockedUntil: number
  /** Too many in a day: until an administrator reopens it. */
  readonly shut?: true
}

/** By line. */
export type PinGuards = ReadonlyMap<string, PinGuard>

export type PinVerdict = 'right' | 'wrong' | 'lockedOut' | 'lockedForLong'

export interface PinTried {
  readonly guards: PinGuards
  readonly verdict: PinVerdict
  /** This very try was one too many. */
  readonly locks?: PinLock
}

/** For 15 minutes, or until an administrator reopens the line. */
export type PinLock = 'forAWhile' | 'untilReopened'

const WRONG_IN_A_ROW = 5
const LOCKED_FOR_MS = 15 * 60 * 1000
/** With these, half of all PINs take 250 days. */
const WRONG_A_DAY = 20
const DAY_MS = 24 * 60 * 60 * 1000

/**
 * Compares a PIN with the line's. Five wrong ones lock it for 15 minutes, also for the
 * right one; twenty in a day until somebody reopens the line or sets another PIN.
 */
export function tryPin(
  guards: PinGuards,
  line: Line,
  given: Secret,
  at: number,
): PinTried {
  const pin = lockPinOf(line)
  const known = guards.get(line.number)
  const guard = known?.pin.reveal() === pin.reveal() ? known : fresh(pin)
  if (guard.shut) return { guards, verdict: 'lockedForLong' }
  if (at < guard.lockedUntil) return { guards, verdict: 'lockedOut' }
  const next = (changed: PinGuard): PinGuards => new Map(guards).set(line.number, changed)
  if (isSame(given.reveal(), pin.reveal())) {
    const row = guard.wrongInARow > 0
    return { guards: row ? next({ ...guard, wrongInARow: 0 }) : guards, verdict: 'right' }
  }
  const wrongAt = [...guard.wrongAt.filter((instant) => at - instant < DAY_MS), at]
  const wrongInARow = guard.wrongInARow + 1
  const locks = lockedBy(wrongInARow, wrongAt.length)
  const counted = next({
    pin,
    wrongAt,
    wrongInARow: locks ? 0 : wrongInARow,
    lockedUntil: locks ? at + LOCKED_FOR_MS : guard.lockedUntil,
    ...(locks === 'untilReopened' && { shut: true }),
  })
  return { guards: counted, verdict: 'wrong', ...(locks && { locks }) }
}

function lockedBy(inARow: number, aDay: number): PinLock | undefined {
  if (aDay >= WRONG_A_DAY) return 'untilReopened'
  return inARow >= WRONG_IN_A_ROW ? 'forAWhile' : undefined
}

/** An administrator has looked at the line: it begins anew. */
export function withoutGuard(guards: PinGuards, line: string): PinGuards {
  if (!guards.has(line)) return guards
  const kept = new Map(guards)
  kept.delete(line)
  return kept
}

function fresh(pin: Secret): PinGuard {
  return { pin, wrongInARow: 0, wrongAt: [], lockedUntil: Number.NEGATIVE_INFINITY }
}

/** In a time that does not tell how many digits were right. */
function isSame(given: string, pin: string): boolean {
  let difference = given.length ^ pin.length
  for (let index = 0; index < pin.length; index += 1) {
    difference |= given.charCodeAt(index) ^ pin.charCodeAt(index)
  }
  return difference === 0
}
