import { describe, expect, it } from 'vitest'
import { decide } from '../../../src/call/decide.js'
import type { Event, LiveLeg } from '../../../src/call/event.js'
import { inUse } from '../../../src/call/slots.js'
import { initialState } from '../../../src/call/state.js'
import { ALICE, BOB, CAROL, directoryWith } from '../../unit/call/told.js'

/* Rows E of the catalogue of bad input: what is told twice, late, never, or by nobody. */

const directory = directoryWith({ calls: 3 })

/** The core, told one event after the other. */
class Core {
  #state = initialState
  #at = 1_000

  tell(...events: readonly Event[]): this {
    for (const event of events) {
      this.#at += 10
      const { state, effects } = decide(this.#state, event, this.#at, directory)
      this.#state = state
      for (const effect of effects) if (effect.kind === 'continue') this.answered += 1
    }
    return this
  }

  /** A list of these legs, asked for so much later. */
  list(legs: readonly LiveLeg[], afterMs = 3_000): this {
    this.#at += afterMs
    const channels = legs.map(({ leg }) => leg)
    return this.tell({ kind: 'snapshot', askedAt: this.#at, legs, channels, beeps: [] })
  }

  answered = 0

  used(...lines: readonly string[]): number[] {
    return lines.map((line) => inUse(this.#state.ledger, line))
  }
}

const dials = (leg: string, line = ALICE, dialled = BOB): Event => ({
  ...{ kind: 'created', leg, line, direction: 'out', dialled },
})
const asks = (leg: string, line = ALICE, dialled = BOB): Event => ({
  ...{ kind: 'departure', leg, line, dialled },
})
const rings = (leg: string, line = BOB): Event => ({
  ...{ kind: 'created', leg, line, direction: 'in', dialled: '' },
})
const up = (leg: string): Event => ({ kind: 'answered', leg })
const gone = (leg: string): Event => ({ kind: 'gone', leg, cause: 16 })
const talks = (leg: string, line: string, direction: LiveLeg['direction']): LiveLeg => ({
  ...{ leg, line, direction, answered: true },
})

const call = [dials('a'), asks('a'), rings('b'), up('b'), up('a')]

describe('E02 what is told twice, or after the end', () => {
  it('each event twice: one slot each', () => {
    const core = new Core().tell(...call.flatMap((event) => [event, event]))
    expect(core.used(ALICE, BOB)).toEqual([1, 1])
    core.tell(gone('a'), gone('a'), gone('b'), gone('b'))
    expect(core.used(ALICE, BOB)).toEqual([0, 0])
  })

  it.each(call)('$kind of a leg after its end: none', (event) => {
    expect(new Core().tell(gone('a'), gone('b'), event).used(ALICE, BOB)).toEqual([0, 0])
  })

  it('a question after the end is not answered', () => {
    expect(new Core().tell(gone('a'), asks('a')).answered).toBe(0)
  })

  it.each<Event>([
    ...[gone('x'), up('x'), { kind: 'held', leg: 'x' } as const],
    ...[
      { kind: 'missed', leg: 'x' } as const,
      { kind: 'transferred', leg: 'x' } as const,
    ],
  ])('$kind without a beginning: nothing', (event) => {
    const core = new Core().tell(...call, event)
    expect(core.used(ALICE, BOB, CAROL)).toEqual([1, 1, 0])
  })
})

describe('E03 what is never told', () => {
  const ended: LiveLeg[] = []
  const goesOn = [talks('a', ALICE, 'out'), talks('b', BOB, 'in')]

  it.each([
    ['the end of one leg', [gone('a')]],
    ['the end of the other', [gone('b')]],
    ['both ends', []],
  ])('%s: free with the next list', (_what, told) => {
    expect(
      new Core()
        .tell(...call, ...told)
        .list(ended)
        .used(ALICE, BOB),
    ).toEqual([0, 0])
  })

  it.each(call.map((event, at) => [event.kind, at] as const))(
    '%s (%i): as if told with the next list',
    (_kind, lost) => {
      const core = new Core().tell(...call.filter((_, at) => at !== lost))
      expect(core.list(goesOn).used(ALICE, BOB)).toEqual([1, 1])
    },
  )

  it('everything for ten seconds: one call ended, another began', () => {
    const core = new Core().tell(...call)
    const other = [talks('c', ALICE, 'out'), talks('d', CAROL, 'in')]
    expect(core.list(other, 10_000).used(ALICE, BOB, CAROL)).toEqual([1, 0, 1])
  })
})

describe('E07 a channel that is another phone’s now', () => {
  it('its slot goes with it when that is told', () => {
    const core = new Core().tell(dials('a'), asks('a'), rings('b'))
    core.tell({ kind: 'answered', leg: 'b', line: CAROL })
    expect(core.used(ALICE, BOB, CAROL)).toEqual([1, 0, 1])
  })

  it('and when only the list shows it', () => {
    const core = new Core().tell(...call)
    const now = [talks('a', ALICE, 'out'), talks('b', CAROL, 'in')]
    expect(core.list(now).used(ALICE, BOB, CAROL)).toEqual([1, 0, 1])
  })
})

describe('E08 an attended transfer, in whatever order it is told', () => {
  const end = [gone('a2'), gone('a1'), up('c'), { kind: 'resumed', leg: 'a1' } as const]

  it.each(orders(end))('%#: the line is in no call, the two others are', (...told) => {
    // Alice talks with Bob, holds, consults Carol, and hands over (spec D1).
    const core = new Core().tell(...call.map((event) => withLeg(event, 'a', 'a1')))
    core.tell({ kind: 'held', leg: 'a1' })
    core.tell(dials('a2', ALICE, CAROL), asks('a2', ALICE, CAROL), rings('c', CAROL))
    expect(core.used(ALICE, BOB, CAROL)).toEqual([2, 1, 1])
    core.tell(...told)
    expect(core.used(ALICE, BOB, CAROL)).toEqual([0, 1, 1])
  })

  it.each(orders([gone('a'), { kind: 'transferred', leg: 'b' } as const, up('c')]))(
    '%#: a blind one takes a slot of the line until its end is told',
    (...told) => {
      const core = new Core().tell(...call)
      const transfer = { transferor: ALICE, dialled: CAROL }
      core.tell({ kind: 'transfer', leg: 'b', ...transfer }, rings('c', CAROL), ...told)
      expect(core.used(ALICE, BOB, CAROL)).toEqual([0, 1, 1])
    },
  )

  function withLeg(event: Event, from: string, to: string): Event {
    return 'leg' in event && event.leg === from ? { ...event, leg: to } : event
  }
})

/** All orders of a few events. */
function orders(events: readonly Event[]): Event[][] {
  if (events.length < 2) return [[...events]]
  return events.flatMap((first, at) =>
    orders(events.toSpliced(at, 1)).map((rest) => [first, ...rest]),
  )
}

describe('E12 an id that another Asterisk gives again', () => {
  it('is another leg after the list that each connection begins with', () => {
    const core = new Core().tell(...call, gone('a'), gone('b')).list([])
    expect(core.tell(...call).used(ALICE, BOB)).toEqual([1, 1])
    expect(core.answered).toBe(2)
  })

  it('is not the call of before when its end was never told', () => {
    const core = new Core().tell(...call).list([])
    expect(core.tell(rings('a', CAROL)).used(ALICE, BOB, CAROL)).toEqual([0, 0, 1])
  })
})

describe('E14 a line that was deleted meanwhile', () => {
  const nobody = '0033972199999'

  it('its leg counts for nobody else, its question is answered, and it goes', () => {
    const core = new Core().tell(dials('x', nobody), asks('x', nobody))
    expect(core.answered).toBe(1)
    expect(core.used(ALICE, BOB)).toEqual([0, 0])
    expect(core.tell(gone('x')).used(nobody)).toEqual([0])
  })
})

describe('E18 phones that come and go', () => {
  const reachable = (line: string, is: boolean): Event => ({
    ...{ kind: 'reachable', line, reachable: is },
  })

  it('a phone nobody has costs nothing', () => {
    const core = new Core().tell(reachable('0033999999999', false), ...call)
    expect(core.used(ALICE, BOB)).toEqual([1, 1])
  })

  it('ten times a second for a minute: nothing is done, and the last word counts', () => {
    const core = new Core().tell(...call)
    for (let count = 0; count < 600; count += 1) {
      core.tell(reachable(CAROL, count % 2 === 0))
    }
    expect(core.answered).toBe(1)
    expect(core.used(ALICE, BOB)).toEqual([1, 1])
    core.tell(reachable(CAROL, true), dials('c'), asks('c', ALICE, CAROL))
    expect(core.used(CAROL)).toEqual([1])
  })
})
