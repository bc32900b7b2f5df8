import { expect, it } from 'vitest'
import { changeSettings } from '../../../src/call/change-settings.js'
import { decide } from '../../../src/call/decide.js'
import { withLine } from '../../../src/call/directory.js'
import type { Effect } from '../../../src/call/effect.js'
import type { Event } from '../../../src/call/event.js'
import { initialState } from '../../../src/call/state.js'
import { ALICE, CAROL, directoryWith, lineOf, said } from '../../unit/call/told.js'

const BOTH = ['c1', 'c2'] as const
type Change = Extract<Effect, { kind: 'change' }>

/** Two phones of the line dial a code in the same moment; the store tells of each as it likes. */
it.each([
  ['the first', BOTH],
  ['the second', BOTH.toReversed()],
])('F16 two codes at once, %s told first: both prompts are true', (_what, toldIn) => {
  let state = initialState
  let directory = directoryWith({ calls: 2 })
  const changes = new Map<string, Change>()
  const heard = new Map<string, string>()

  const tell = (event: Event, at: number): void => {
    const decision = decide(state, event, at, directory)
    state = decision.state
    for (const effect of decision.effects) {
      if (effect.kind === 'continue') heard.set(effect.leg, said(effect.answer))
      if (effect.kind !== 'change') continue
      changes.set(effect.leg, effect)
      // It is in force when the store returns: in the order in which it was asked.
      const made = changeSettings(lineOf(directory, ALICE), effect.change, directory)
      expect(made.kind).not.toBe('refused')
      if (made.kind !== 'refused') directory = withLine(directory, made.line)
    }
  }
  const dials = { kind: 'departure', line: ALICE } as const
  tell({ ...dials, leg: 'c1', dialled: '*21*0612345678#' }, 1_000)
  tell({ ...dials, leg: 'c2', dialled: '*21*0972100003#' }, 1_001)
  expect(heard.size, 'nothing is confirmed before it is stored').toBe(0)

  for (const leg of toldIn) {
    const change = changes.get(leg)
    if (change)
      tell({ kind: 'coded', leg, answer: change.answer, stored: 'stored' }, 1_002)
  }
  expect(heard.get('c1')).toContain('cfu-on to-number 0612345678')
  expect(heard.get('c2')).toContain('cfu-on to-number 0972100003')
  expect(lineOf(directory, ALICE).forwarding.unconditional?.to).toEqual({
    ...{ kind: 'number', number: CAROL },
  })
})
