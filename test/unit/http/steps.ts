import { decide } from '../../../src/call/decide.js'
import type { Event } from '../../../src/call/event.js'
import { initialState } from '../../../src/call/state.js'
import type { Recorder } from './recorder.js'

export const alice = '0033972100001'
export const bob = '0033972100002'

/** The controller's part: steps of the core, shown to whoever listens. */
export class Steps {
  #state = initialState
  #at = 1_000
  readonly #recorder: Recorder

  constructor(recorder: Recorder) {
    this.#recorder = recorder
  }

  tell(event: Event): void {
    this.#at += 10
    const before = this.#state
    const decision = decide(before, event, this.#at, this.#recorder.directory)
    this.#state = decision.state
    const notes = decision.effects.flatMap((effect) =>
      effect.kind === 'note' ? [effect.note] : [],
    )
    this.#recorder.streams.stepped({ event, before, after: this.#state, notes })
  }

  /** Alice calls Bob, who answers, and one of them hangs up. */
  call(leg: string): void {
    const called = `${leg}-b`
    const from = { leg, line: alice, dialled: bob }
    this.tell({ kind: 'created', direction: 'out', ...from })
    this.tell({ kind: 'departure', ...from })
    this.tell({ kind: 'created', leg: called, line: bob, direction: 'in', dialled: '' })
    this.tell({ kind: 'answered', leg: called })
    this.tell({ kind: 'answered', leg })
    this.tell({ kind: 'gone', leg: called, cause: 16 })
    this.tell({ kind: 'gone', leg, cause: 16 })
  }
}
