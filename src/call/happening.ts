import type { Directory } from './directory.js'
import type { Note } from './effect.js'
import type { Event } from './event.js'
import { holdingsOf, type Ledger } from './slots.js'
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
  /** A line begins calls faster than it may. */
  | Extract<Note, { kind: 'tooFast' }>
  /** A line's phone wants to send a call elsewhere, which it may not. */
  | Extract<Note, { kind: 'redirected' }>
  /** A line's phone has registered what is not called. */
  | Extract<Note, { kind: 'misregistered' }>
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
    ...stepped.notes.filter(isTold),
    ...ended(stepped),
  ]
}

/** Notes that are happenings as they stand. */
function isTold(note: Note): note is Extract<Happening, Note> {
  return ['pinLocked', 'harm', 'tooFast', 'redirected', 'misregistered'].includes(
    note.kind,
  )
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
  return after.calls.changedSince(before.calls).flatMap((leg): Happening[] => {
    const call = after.calls.get(leg)
    if (!call || before.calls.has(leg)) return []
    const { from, to } = call
    return [{ kind: 'callBegun', call: leg, from: from === '' ? null : from, to }]
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
  const changed = after.calls.changedSince(before.calls)
  const over = changed.filter((call) => !after.calls.has(call))
  return over.map((call) => ({
    kind: 'callEnded',
    call,
    cause: causes.get(call) ?? null,
  }))
}

function slots({ before, after }: Stepped, { lines }: Directory): Happening[] {
  if (before.ledger === after.ledger) return []
  const changed = after.ledger.byLine.changedSince(before.ledger.byLine)
  return changed.flatMap((line) => {
    const [was, is] = [useOf(before.ledger, line), useOf(after.ledger, line)]
    if (was.inUse === is.inUse && was.ringing === is.ringing && was.held === is.held)
      return []
    return [{ kind: 'slots', line, limit: lines.get(line)?.calls ?? 0, ...is }]
  })
}

function useOf(ledger: Ledger, line: string): Use {
  const held = holdingsOf(ledger, line)
  return {
    inUse: held.length,
    ringing: held.filter(({ answered }) => !answered).length,
    held: held.filter((each) => each.held).length,
  }
}
