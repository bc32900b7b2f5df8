import type { Answer } from './answer.js'
import type { Obeyed } from './code-command.js'
import type { ForwardedLeg } from './effect.js'
import type { Cost } from './harm.js'

/** A decision: what is answered, and how it came to it. */
export interface Decided {
  readonly answer: Answer
  /** The steps that decided, in order: one, and one more after each forward. */
  readonly steps: readonly Taken[]
  readonly forwards: readonly ForwardedLeg[]
  /** What the line calls, or may not call any more, for which it is counted. */
  readonly cost?: Cost
  /** What a feature code came to. */
  readonly obeyed?: Obeyed
}

/** One pass through an ordered list. */
export interface Taken {
  /** Whose list was asked: a line, or what the list is for. */
  readonly at: string
  /** The steps asked in vain. */
  readonly passed: readonly string[]
  readonly step: string
}

/** A rule: undefined when it does not apply. */
export type Step<Asked> = readonly [
  name: string,
  decide: (asked: Asked) => Answer | Decided | undefined,
]

/** Asks in order; the first step that applies decides. Throws when none does: a bug. */
export function firstOf<Asked>(
  steps: readonly Step<Asked>[],
  asked: Asked,
  at: string,
): Decided {
  const passed: string[] = []
  for (const [step, decide] of steps) {
    const said = decide(asked)
    if (!said) {
      passed.push(step)
      continue
    }
    const taken = { at, passed, step }
    if ('kind' in said) return { answer: said, steps: [taken], forwards: [] }
    return { ...said, steps: [taken, ...said.steps] }
  }
  throw new Error(`firstOf: no step decided for ${at}`)
}

/** The name of the step that decided in the end. */
export function lastStep({ steps }: Decided): string {
  return steps.at(-1)?.step ?? 'none'
}
