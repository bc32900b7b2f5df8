import type { Directory } from './directory.js'
import type { Note } from './effect.js'
import type { Event } from './event.js'
import type { Ledger } from './slots.js'
import type { State } from './state.js'

/** One step of the loop, for those who only watch. */
export interface Stepped {
  readonly event: Event
  readonly before: State
  readonly after: State
  readonly notes: readonly Note[]
}

/** What a step changed that people look at: the live board, scripts, the log of a shop. */
export type Happening =
  /** A leg asked for the first time; `call` is its id, as in the list of calls. */
  | {
      readonly kind: 'callBegun'
      readonly call: string
      /** A line, or the number a carrier shows; null when hidden. */
      readonly from: string | null
      /** As it was dialled. */
      readonly to: string
    }
  | { readonly kind: 'callAnswered'; readonly call: string }
  /** `cause` is Q.850; null when the end itself was not heard of. */
  | { readonly kind: 'callEnded'; readonly call: string; readonly cause: number | null }
  /** Use of the call slots of a line; `ringing` and `held` are part of `inUse`. */
  | ({ readonly kind: 'slots'; readonly line: string; readonly limit: number } & Use)
  /** Too many wrong PINs: the lock of a line stays shut (reliability T32). */
  | Extract<Note, { kind: 'pinLocked' }>
  /** A line calls much of what costs; `closed`: until somebody reopens it. */
  | Extract<Note, { kind: 'harm' }>
  /** The phone of a line can be reached, or not any more. */
  | { readonly kind: 'registration'; readonly line: string; readonly registered: boolean }

export interface Use {
  readonly inUse: number
  readonly ringing: number
  readonly held: number
}

/** Compared, not told by the event: so what a snapshot heals is seen as well. */
export function happeningsOf(stepped: Stepped, directory: Directory): Happening[] {
  return [
    ...registrations(stepped),
    ...begun(stepped),
    ...answered(stepped),
    ...slots(stepped, directory),
    ...stepped.notes.filter((note) => note.kind === 'pinLocked' || note.kind === 'harm'),
    ...ended(stepped),
  ]
}

function registrations({ before, after }: Stepped): Happening[] {
  if (before.unreachable === after.unreachable) return []
  const kind = 'registration'
  const went = [...after.unreachable].filter((line) => !before.unreachable.has(line))
  const came = [...before.unreachable].filter((line) => !after.unreachable.has(line))
  return [
    ...went.map((line) => ({ kind, line, registered: false }) as const),
    ...came.map((line) => ({ kind, line, registered: true }) as const),
  ]
}

function begun({ before, after }: Stepped): Happening[] {
  if (before.calls === after.calls) return []
  const more = [...after.calls.values()].filter(({ leg }) => !before.calls.has(leg))
  return more.map(({ leg, from, to }) => {
    return { kind: 'callBegun', call: leg, from: from === '' ? null : from, to }
  })
}

/** By the rung phone; or, where nothing of a line is rung, when the calling leg is up. */
function answered({ event, before, after }: Stepped): Happening[] {
  if (event.kind !== 'answered') return []
  const by = after.ledger.holdings.get(`leg ${event.leg}`)?.by
  const call = after.calls.get(by ?? event.leg)
  if (!call || call.asksPin) return []
  if (before.calls.get(call.leg)?.answeredAt !== undefined) return []
  return [{ kind: 'callAnswered', call: call.leg }]
}

function ended({ before, after, notes }: Stepped): Happening[] {
  if (before.calls === after.calls) return []
  const causes = new Map<string, number>()
  for (const note of notes)
    if (note.kind === 'ended') causes.set(note.call.leg, note.cause)
  const over = [...before.calls.keys()].filter((call) => !after.calls.has(call))
  return over.map((call) => ({
    kind: 'callEnded',
    call,
    cause: causes.get(call) ?? null,
  }))
}

function slots({ before, after }: Stepped, { lines }: Directory): Happening[] {
  if (before.ledger === after.ledger) return []
  const [were, are] = [useByLine(before.ledger), useByLine(after.ledger)]
  return [...new Set([...were.keys(), ...are.keys()])].flatMap((line) => {
    const [was, is] = [were.get(line) ?? UNUSED, are.get(line) ?? UNUSED]
    if (was.inUse === is.inUse && was.ringing === is.ringing && was.held === is.held)
      return []
    return [{ kind: 'slots', line, limit: lines.get(line)?.calls ?? 0, ...is }]
  })
}

const UNUSED: Use = { inUse: 0, ringing: 0, held: 0 }

/** One pass for all lines: a snapshot may touch every one of them. */
export function useByLine({ holdings }: Ledger): ReadonlyMap<string, Use> {
  const uses = new Map<string, Use>()
  for (const { line, answered, held } of holdings.values()) {
    const use = uses.get(line) ?? UNUSED
    uses.set(line, {
      inUse: use.inUse + 1,
      ringing: use.ringing + (answered ? 0 : 1),
      held: use.held + (held ? 1 : 0),
    })
  }
  return uses
}
