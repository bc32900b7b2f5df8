import type { Line } from '../model/line.js'
import { startsOpen } from '../model/transfer-gate.js'
import type { Directory } from './directory.js'
import type { Effect } from './effect.js'
import { type Holding, holdingsOf, type Ledger, legOf } from './slots.js'
import { type Decision, quiet, type State } from './state.js'

/**
 * What follows from the ledger alone: where it beeps and who may transfer. Both
 * are compared with what was said before, so it does not matter which event
 * changed the ledger, nor whether one was lost.
 */
export function settle(
  before: Ledger,
  decision: Decision,
  directory: Directory,
): Decision {
  const { ledger } = decision.state
  if (before === ledger) return decision
  let { state } = decision
  const effects: Effect[] = []
  const touched = ledger.byLine.changedSince(before.byLine)
  for (const number of touched) {
    const line = directory.lines.get(number)
    for (const rule of [beepsOf, gatesOf]) {
      const settled = rule(state, number, line)
      state = settled.state
      effects.push(...settled.effects)
    }
  }
  const gone = forgetEnded(state, lostLegs(before, ledger, touched))
  return {
    state: gone.state,
    effects: [...decision.effects, ...effects, ...gone.effects],
  }
}

/**
 * The beep is in the ear of every leg of the line that talks, as long as another
 * call waits (spec A3). A held leg hears nothing, and an intercom or emergency
 * call is not disturbed.
 */
function beepsOf(state: State, number: string, line: Line | undefined): Decision {
  const held = holdingsOf(state.ledger, number)
  const wanted = line?.callWaiting.beep === 'server' && held.some(isWaiting)
  const changed = held.filter(
    (each) =>
      each.kind === 'leg' && (wanted && isTalking(each)) !== state.beeps.has(each.leg),
  )
  // Most events change no beep, and nothing has to be copied.
  if (changed.length === 0) return quiet(state)
  const beeps = new Set(state.beeps)
  const effects = changed.map(({ leg }): Effect => {
    if (beeps.delete(leg)) return { kind: 'stopBeep', leg }
    beeps.add(leg)
    return { kind: 'beep', leg }
  })
  return { state: { ...state, beeps }, effects }
}

/** A line without a free call slot cannot transfer (spec A4, D1). */
function gatesOf(state: State, number: string, line: Line | undefined): Decision {
  // Out of the site, it has no limit to be within; its endpoint goes as well.
  if (!line) return quiet(state)
  const held = holdingsOf(state.ledger, number)
  const open = held.length < line.calls
  const moved = held.filter(
    ({ kind, leg }) => kind === 'leg' && state.gates.get(leg) !== open,
  )
  if (moved.length === 0) return quiet(state)
  let { gates } = state
  const effects: Effect[] = []
  for (const { leg, adopted } of moved) {
    const standing = gates.get(leg) ?? (adopted ? undefined : startsOpen(line))
    // Remembered from the first look on: another site renders other gates, on other legs.
    gates = gates.with(leg, open)
    if (standing !== open) effects.push({ kind: 'setTransferGate', leg, open })
  }
  return { state: { ...state, gates }, effects }
}

/** What stood on a leg ends with the leg; only a beep is a thing of its own to end. */
function forgetEnded(state: State, legs: readonly string[]): Decision {
  let { gates } = state
  for (const leg of legs) gates = gates.without(leg)
  const orphans = legs.filter((leg) => state.beeps.has(leg))
  if (orphans.length === 0)
    return quiet(gates === state.gates ? state : { ...state, gates })
  const beeps = new Set(state.beeps)
  for (const leg of orphans) beeps.delete(leg)
  const effects = orphans.map((leg): Effect => ({ kind: 'stopBeep', leg }))
  return { state: { ...state, beeps, gates }, effects }
}

function isWaiting({ kind, direction, answered, waiting }: Holding): boolean {
  return kind === 'leg' && direction === 'in' && waiting && !answered
}

function isTalking({ answered, held, undisturbed }: Holding): boolean {
  return answered && !held && !undisturbed
}

/** Legs that hold nothing any more: only on them can something stand that has ended. */
function lostLegs(before: Ledger, after: Ledger, lines: readonly string[]): string[] {
  return lines.flatMap((line) =>
    holdingsOf(before, line)
      .filter(({ kind, leg }) => kind === 'leg' && !legOf(after, leg))
      .map(({ leg }) => leg),
  )
}
