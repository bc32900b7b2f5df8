import { expect, it } from 'vitest'
import { decide } from '../../../src/call/decide.js'
import { directoryOf } from '../../../src/call/directory.js'
import { initialState, type State } from '../../../src/call/state.js'
import { PhoneBook } from '../../scenario/phone-book.js'
import { ALICE, BOB, CAROL } from './told.js'

const book = new PhoneBook()
for (const name of ['alice', 'bob', 'carol']) book.declare('line', name, { calls: 9 })
book.declare('trunk', 'carrier', {})
const directory = directoryOf(book.site())
const SECOND_MS = 1_000
const nobody = '7999'

/** A telephone system, and the calls that are begun there at one moment after the other. */
class Calls {
  #state: State = initialState
  #legs = 0

  /** How many pass of those that the line begins at once, and how often that is told of. */
  begin(
    count: number,
    seconds: number,
    { line = ALICE, dialled = nobody } = {},
  ): { readonly passed: number; readonly told: number } {
    const at = seconds * SECOND_MS
    let passed = 0
    let told = 0
    for (let call = 0; call < count; call++) {
      this.#legs += 1
      const leg = `leg${this.#legs}`
      const asked = { kind: 'departure', leg, line, dialled } as const
      const { state, effects } = decide(this.#state, asked, at, directory)
      for (const effect of effects) {
        if (effect.kind === 'note' && effect.note.kind === 'tooFast') told += 1
        if (effect.kind !== 'continue') continue
        const { answer } = effect
        if (answer.kind !== 'refuse' || answer.cause !== 'noCircuit') passed += 1
      }
      this.#state = decide(state, { kind: 'gone', leg, cause: 16 }, at, directory).state
    }
    return { passed, told }
  }
}

it('a line that has been quiet begins thirty calls at once', () => {
  expect(new Calls().begin(30, 0)).toEqual({ passed: 30, told: 0 })
  expect(new Calls().begin(31, 0)).toEqual({ passed: 30, told: 1 })
})

it('then five a second, and thirty again after six quiet seconds', () => {
  const calls = new Calls()
  calls.begin(30, 0)
  expect(calls.begin(10, 0.1)).toMatchObject({ passed: 0 })
  expect(calls.begin(10, 0.2)).toMatchObject({ passed: 1 })
  expect(calls.begin(10, 1.2)).toMatchObject({ passed: 5 })
  expect(calls.begin(50, 7.2)).toMatchObject({ passed: 30 })
  expect(calls.begin(50, 60)).toMatchObject({ passed: 30 })
})

it('who floods all the time is told of once a minute', () => {
  const calls = new Calls()
  expect(calls.begin(40, 0)).toMatchObject({ told: 1 })
  expect(calls.begin(40, 59)).toMatchObject({ told: 0 })
  expect(calls.begin(40, 60)).toMatchObject({ told: 1 })
})

it('codes are calls like others', () => {
  const calls = new Calls()
  calls.begin(30, 0)
  expect(calls.begin(1, 0, { dialled: '*#21#' })).toMatchObject({ passed: 0 })
})

it('emergency calls pass, and do not count', () => {
  const calls = new Calls()
  calls.begin(40, 0)
  expect(calls.begin(40, 0, { dialled: '112' })).toEqual({ passed: 40, told: 0 })
  const helped = new Calls()
  helped.begin(40, 0, { dialled: '112' })
  expect(helped.begin(31, 0)).toMatchObject({ passed: 30 })
})

it('another line does not notice', () => {
  const calls = new Calls()
  calls.begin(40, 0)
  expect(calls.begin(1, 0, { line: BOB, dialled: CAROL })).toMatchObject({ passed: 1 })
})
