import type { Line } from '../model/line.js'
import type { Secret } from '../model/secret.js'
import { lockPinOf } from '../model/setting-keys.js'

/** What tries of the lock's PIN came to (reliability T32). Instants are milliseconds. */
interface PinGuard {
  /** Another PIN begins a new count. */
  readonly pin: Secret
  readonly wrongInARow: number
  /** Wrong ones of the last day. */
  readonly wrongAt: readonly number[]
  readonly lockedUntil: number
}

/** By line. */
export type PinGuards = ReadonlyMap<string, PinGuard>

export type PinVerdict = 'right' | 'wrong' | 'lockedOut' | 'lockedForLong'

export interface PinTried {
  readonly guards: PinGuards
  readonly verdict: PinVerdict
  /** This very try was one too many. */
  readonly locks: boolean
}

const WRONG_IN_A_ROW = 5
const LOCKED_FOR_MS = 15 * 60 * 1000
/** With these, half of all PINs take 250 days. */
const WRONG_A_DAY = 20
const DAY_MS = 24 * 60 * 60 * 1000

/**
 * Compares a PIN with the line's. Five wrong ones lock it for 15 minutes, also for the
 * right one; twenty in a day until they are a day old or somebody sets another PIN.
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
  const wrongAt = guard.wrongAt.filter((instant) => at - instant < DAY_MS)
  if (wrongAt.length >= WRONG_A_DAY)
    return { guards, verdict: 'lockedForLong', locks: false }
  if (at < guard.lockedUntil) return { guards, verdict: 'lockedOut', locks: false }
  const next = (changed: Partial<PinGuard>): PinGuards =>
    new Map(guards).set(line.number, { ...guard, wrongAt, ...changed })
  if (isSame(given.reveal(), pin.reveal())) {
    return { guards: next({ wrongInARow: 0 }), verdict: 'right', locks: false }
  }
  const wrongInARow = guard.wrongInARow + 1
  const locks = wrongInARow >= WRONG_IN_A_ROW
  const counted = next({
    wrongAt: [...wrongAt, at],
    wrongInARow: locks ? 0 : wrongInARow,
    ...(locks && { lockedUntil: at + LOCKED_FOR_MS }),
  })
  return { guards: counted, verdict: 'wrong', locks }
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
