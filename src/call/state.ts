import type { EmergencyCall } from './call-back.js'
import { type CodeUse, noCodeUse } from './code-command.js'
import type { CallRecord, Effect } from './effect.js'
import { type HarmTerms, noHarmTerms, type Tallies } from './harm.js'
import type { Paces } from './pace.js'
import { emptyLedger, type Ledger } from './slots.js'
import { VersionedMap } from './versioned-map.js'

/** All that the controller knows of the calls in progress; rebuilt from Asterisk. */
export interface State {
  readonly ledger: Ledger
  /** Calls under way, by their calling leg. */
  readonly calls: VersionedMap<string, CallRecord>
  /** Lines whose phone cannot be reached. What is not known yet counts as reachable. */
  readonly unreachable: ReadonlySet<string>
  /** When lines were last told to have come or gone: a list asked for before knows less. */
  readonly toldReachableAt: ReadonlyMap<string, number>
  /** Legs in whose ear we beep. */
  readonly beeps: ReadonlySet<string>
  /** Transfer gates that we have moved, by leg; the others stand as rendered. */
  readonly gates: VersionedMap<string, boolean>
  /** The last emergency call of each line that made one. */
  readonly emergencies: ReadonlyMap<string, EmergencyCall>
  /** Calls to what costs, counted (reliability §3.8). */
  readonly tallies: Tallies
  /** What the limits on that are now. */
  readonly harmTerms: HarmTerms
  /** How fast each line has begun calls of late. */
  readonly paces: Paces
  /** When the dialplan was last seen to let in calls by itself, if it still may. */
  readonly contestedAt: number | undefined
  /** PINs tried and codes dialled, of late. */
  readonly codeUse: CodeUse
}

export const initialState: State = {
  ledger: emptyLedger,
  calls: VersionedMap.of(),
  unreachable: new Set(),
  toldReachableAt: new Map(),
  beeps: new Set(),
  gates: VersionedMap.of(),
  emergencies: new Map(),
  tallies: new Map(),
  harmTerms: noHarmTerms,
  paces: VersionedMap.of(),
  contestedAt: undefined,
  codeUse: noCodeUse,
}

/** A new state, and what to do, in order. */
export interface Decision {
  readonly state: State
  readonly effects: readonly Effect[]
}

export function quiet(state: State): Decision {
  return { state, effects: [] }
}
