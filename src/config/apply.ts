import type { Generation } from './generation.js'
import type { Journal, JournalState } from './journal.js'
import type { PushedObject } from './line-push.js'
import { PJSIP } from './plan-modules.js'

/** What a running Asterisk must show when it really runs a generation. */
export interface Proof {
  /** The value of `LK_GEN`. */
  readonly hash: string
  /** PJSIP endpoints that must be there; an operator's own may be there besides. */
  readonly endpoints: readonly string[]
  /** Those of them that are known by the address they call from. */
  readonly trunks: readonly string[]
  /** Endpoints that must not be there any more. */
  readonly gone: readonly string[]
  readonly emergencyNumbers: readonly string[]
  /** When only these were pushed, only they are asked for among the endpoints. */
  readonly pushed?: readonly PushedObject[]
}

/** What a running Asterisk has to take over, and how. */
export interface News {
  /** The modules that read their files again, in this order. */
  readonly modules: readonly string[]
  /** Objects to push into it first; the modules that read them then keep what they have. */
  readonly pushed?: readonly PushedObject[]
  /** On the way back: what was pushed may be the very thing it refuses, and goes first. */
  readonly back?: true
}

/** The running Asterisk, as far as an apply needs it. Every step ends in limited time. */
export interface RunningAsterisk {
  /** The hash of the generation it runs; empty when it runs none of ours. */
  generation(): Promise<string>
  /** Lines with at least one channel. */
  busyLines(): Promise<ReadonlySet<string>>
  /** After a reload of PJSIP nothing is left of what was pushed before: it is in the files. */
  takeOver(news: News): Promise<void>
  /** What it has not taken over, in sentences; nothing when all is well. */
  refusals(proof: Proof): Promise<readonly string[]>
}

/** What an apply does to the world, one step each. */
export interface Hands {
  /** Writes the generation, whole and durable, and returns its folder. */
  stage(generation: Generation): Promise<string>
  pointCurrentTo(folder: string): Promise<void>
  writeJournal(journal: Journal): Promise<void>
  /** Absent: nothing runs that would have to be told. */
  readonly asterisk?: RunningAsterisk
}

/** All that is needed to change over, and to change back. */
export interface Change {
  readonly generation: Generation
  /** Folder that `current` names now; absent at the first apply. */
  readonly from?: string
  /** Those that read the changed files; a way back reloads them in any case. */
  readonly modules: readonly string[]
  /** Pushed instead of a reload of PJSIP. */
  readonly pushed?: readonly PushedObject[]
  readonly after: Proof
  /** What Asterisk runs now, to be proved again after a roll-back. */
  readonly before?: Proof
}

export type Changed =
  | { readonly kind: 'applied'; readonly folder: string }
  | {
      readonly kind: 'rolledBack'
      readonly refusals: readonly string[]
      /** What was not restored either; the next apply tries again. */
      readonly left: readonly string[]
    }
  | { readonly kind: 'interrupted' }

/**
 * Changes over to a generation and makes Asterisk prove it; otherwise changes back.
 * A wish to stop is heard until the switch; after it the change is brought to its
 * end, one way or the other, in limited time (C05).
 */
export async function applyChange(
  change: Change,
  hands: Hands,
  stop: AbortSignal,
): Promise<Changed> {
  const to = await hands.stage(change.generation)
  if (stop.aborted) return { kind: 'interrupted' }

  const entry = (state: JournalState): Journal => ({
    state,
    to,
    modules: change.modules,
    ...(change.from !== undefined && { from: change.from }),
  })
  await hands.writeJournal(entry('staged'))
  const refusals = await refusalsOf(async () => {
    await hands.pointCurrentTo(to)
    await hands.writeJournal(entry('swapped'))
    await hands.asterisk?.takeOver(newsOf(change))
    await hands.writeJournal(entry('reloaded'))
    return (await hands.asterisk?.refusals(change.after)) ?? []
  })
  if (refusals.length === 0) {
    await hands.writeJournal(entry('verified'))
    return { kind: 'applied', folder: to }
  }
  return {
    kind: 'rolledBack',
    refusals,
    left: await goBack(entry('swapped'), change, hands),
  }
}

/** What Asterisk is told of a change: PJSIP keeps its files where pushing is enough. */
export function newsOf({ modules, pushed }: Change): News {
  if (!pushed) return { modules }
  return { modules: modules.filter((module) => module !== PJSIP), pushed }
}

/**
 * Brings an apply that died to an end: back to what Asterisk is known to run well.
 * Its user was never told that it succeeded.
 */
export async function recover(
  journal: Journal,
  hands: Omit<Hands, 'stage'>,
): Promise<boolean> {
  if (journal.state === 'verified') return false
  const left = await goBack(journal, {}, hands)
  if (left.length > 0) {
    throw new Error(`an apply died half-way and cannot be undone: ${left.join('; ')}`)
  }
  return true
}

/** Returns what could not be restored; then the journal stays open for the next apply. */
async function goBack(
  journal: Journal,
  change: Pick<Change, 'before'>,
  hands: Omit<Hands, 'stage'>,
): Promise<readonly string[]> {
  const { from, to, modules } = journal
  const left = await refusalsOf(async () => {
    // Before the first apply there is nothing to return to.
    if (from === undefined) return []
    await hands.pointCurrentTo(from)
    await hands.asterisk?.takeOver({ modules, back: true })
    return change.before ? ((await hands.asterisk?.refusals(change.before)) ?? []) : []
  })
  if (left.length === 0) {
    await hands.writeJournal({ state: 'verified', to: from ?? to, modules })
  }
  return left
}

/**
 * After the switch an error of the disk or of the connection is a reason to go back
 * like any refusal of Asterisk's.
 */
async function refusalsOf(
  steps: () => Promise<readonly string[]>,
): Promise<readonly string[]> {
  try {
    return await steps()
  } catch (error) {
    if (error instanceof Error) return [error.message]
    throw error
  }
}
