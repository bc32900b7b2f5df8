import type { Line } from '../model/line.js'
import type { State } from './state.js'

/** An emergency call of a line: its leg, and when it was last known to be up. */
export interface EmergencyCall {
  readonly leg: string
  readonly at: number
}

/** For this long after an emergency call its line can be called back (reliability §3.7). */
const CALL_BACK_MS = 60 * 60 * 1000

export function mayBeCalledBack(
  { emergencies }: State,
  line: string,
  at: number,
): boolean {
  const call = emergencies.get(line)
  return call !== undefined && at - call.at < CALL_BACK_MS
}

export function withEmergency(state: State, line: string, call: EmergencyCall): State {
  return { ...state, emergencies: new Map(state.emergencies).set(line, call) }
}

/** The hour counts from the end of the call. */
export function emergencyEnded(state: State, leg: string, at: number): State {
  for (const [line, call] of state.emergencies) {
    if (call.leg === leg) return withEmergency(state, line, { leg, at })
  }
  return state
}

/** The line as the one who calls back meets it: nothing refuses him, nothing diverts him. */
export function unguarded(line: Line): Line {
  const {
    filters: _,
    doNotDisturb: __,
    absent: ___,
    rejectAnonymous: ____,
    ...rest
  } = line
  return { ...rest, forwarding: {} }
}
