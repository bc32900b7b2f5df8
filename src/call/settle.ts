import type { Line } from '../model/line.js'
import { startsOpen } from '../model/transfer-gate.js'
import type { Directory } from './directory.js'
import type { Effect } from './effect.js'
import { type Holding, holdingsOf, type Ledger } from './slots.js'
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
  for (const number of touchedLines(before, ledger)) {
    const line = directory.lines.get(number)
    for (const rule of [beepsOf, gatesOf]) {
      const settled = rule(state, number, line)
      state = settled.state
      effects.push(...settled.effects)
    }
  }
  const gone = hasLost(before, ledger) ? forgetEnded(state) : quiet(state)
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
  const gates = new Map(state.gates)
  const effects: Effect[] = []
  for (const { leg, adopted } of moved) {
    const standing = gates.get(leg) ?? (adopted ? undefined : startsOpen(line))
    // Remembered from the first look on: another site renders other gates, on other legs.
    gates.set(leg, open)
    if (standing !== open) effects.push({ kind: 'setTransferGate', leg, open })
  }
  return { state: { ...state, gates }, effects }
}

/** What stood on a leg ends with the leg; only a beep is a thing of its own to end. */
function forgetEnded(state: State): Decision {
  const lives = (leg: string): boolean => state.ledger.holdings.has(`leg ${leg}`)
  const orphans = [...state.beeps].filter((leg) => !lives(leg))
  return {
    state: {
      ...state,
      beeps: new Set([...state.beeps].filter(lives)),
      gates: new Map([...state.gates].filter(([leg]) => lives(leg))),
    },
    effects: orphans.map((leg) => ({ kind: 'stopBeep', leg })),
  }
}

function isWaiting({ kind, direction, answered, waiting }: Holding): boolean {
  return kind === 'leg' && direction === 'in' && waiting && !answered
}

function isTalking({ answered, held, undisturbed }: Holding): boolean {
  return answered && !held && !undisturbed
}

/** Whether a record is gone: only then can something stand on a leg that has ended. */
function hasLost(before: Ledger, after: Ledger): boolean {
  for (const key of before.holdings.keys()) if (!after.holdings.has(key)) return true
  return false
}

function touchedLines(before: Ledger, after: Ledger): ReadonlySet<string> {
  const lines = new Set<string>()
  for (const [key, held] of before.holdings) {
    if (after.holdings.get(key) !== held) lines.add(held.line)
  }
  for (const [key, held] of after.holdings) {
    if (before.holdings.get(key) !== held) lines.add(held.line)
  }
  return lines
}
