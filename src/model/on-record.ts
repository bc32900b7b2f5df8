/** E.164 has 15 digits; with a prefix for calls abroad, no number has more than this. */
const MOST_DIGITS = 20

/** The longest feature code, with a number and seconds, is half as long. */
const MOST_DIALLED = 40

/**
 * The number of a caller from outside, as it is decided with, logged and stored: digits,
 * behind a plus perhaps. Empty when it is no number; of one that is too long, the
 * beginning. What the called phone is shown is Asterisk's business.
 */
export function callerOnRecord(shown: string): string {
  const [number = ''] = /^\+?\d+$/.exec(shown) ?? []
  return number.slice(0, number.startsWith('+') ? MOST_DIGITS + 1 : MOST_DIGITS)
}

/**
 * What was dialled, as it is logged and stored. Decided is with all of it: cut, a string
 * that is nobody's number could be somebody's.
 */
export function dialledOnRecord(dialled: string): string {
  const plain = dialled.replace(/[^0-9A-Za-z*#+._@·-]+/g, '?')
  if (plain.length <= MOST_DIALLED) return plain
  return `${plain.slice(0, MOST_DIALLED - 1)}…`
}
