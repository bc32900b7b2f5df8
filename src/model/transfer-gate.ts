import type { Line } from './line.js'

/**
 * How a leg's transfer gate stands until the controller moves it: a line of one
 * call can never transfer (spec A4), any other can while a call slot is free.
 */
export function startsOpen(line: Pick<Line, 'calls'>): boolean {
  return line.calls > 1
}
