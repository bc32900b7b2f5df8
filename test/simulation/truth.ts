import { isDeepStrictEqual } from 'node:util'
import type { Directory } from '../../src/call/directory.js'
import type { State } from '../../src/call/state.js'
import type { Asterisk } from './asterisk.js'
import { slotsOf, Violation } from './invariants.js'

/*
 * The ledger against the channels of the virtual Asterisk, at an instant when
 * nothing is on its way between the two.
 */

function mustAgree(name: string, ours: unknown, theirs: unknown): void {
  if (isDeepStrictEqual(ours, theirs)) return
  throw new Violation(
    `${name}: ${JSON.stringify(ours)} instead of ${JSON.stringify(theirs)}`,
  )
}

/** I-C1: each leg of a line holds one slot of it, and nothing else does. */
export function checkLegs(state: State, { channels }: Asterisk): void {
  const held = [...state.ledger.holdings.values()].filter(({ kind }) => kind === 'leg')
  mustAgree(
    'I-C1 legs',
    held.map(({ leg, line, answered }) => `${leg} ${line} ${answered}`).sort(),
    [...channels.values()]
      .flatMap(({ id, line, up }) => (line === undefined ? [] : [`${id} ${line} ${up}`]))
      .sort(),
  )
}

/** What no list tells: who is on hold, who was answered, whose phone came or went. */
export function checkDetails(
  state: State,
  asterisk: Asterisk,
  directory: Directory,
): void {
  const { channels, reachable } = asterisk
  for (const { leg, kind, held } of state.ledger.holdings.values()) {
    if (kind === 'leg') mustAgree(`hold of ${leg}`, held, channels.get(leg)?.held)
  }
  for (const { leg, answeredAt } of state.calls.values()) {
    const talks = channels.get(leg)?.peer !== undefined
    mustAgree(`answer of ${leg}`, talks && answeredAt === undefined, false)
  }
  mustAgree(
    'calls',
    [...state.calls.keys()].filter((leg) => !channels.has(leg)),
    [],
  )
  const lost = [...directory.lines.keys()].filter((line) => !reachable.has(line))
  mustAgree('unplugged', [...state.unreachable].sort(), lost.sort())
}

/** With nothing on its way, whoever is to ring rings. */
export function checkReservations(state: State): void {
  const held = [...state.ledger.holdings.values()].filter(
    ({ kind }) => kind === 'reservation',
  )
  mustAgree('I-C1 reservations', held, [])
}

/** I-S6: a transfer takes a slot of its line as long as it rings. */
export function checkTransfers(state: State, { channels }: Asterisk): void {
  const held = [...state.ledger.holdings.values()].filter(
    ({ kind }) => kind === 'transfer',
  )
  mustAgree(
    'I-S6 transfers',
    held.map(({ leg, line }) => `${leg} ${line}`).sort(),
    [...channels.values()]
      .filter(({ dialling }) => dialling !== undefined)
      .flatMap(({ id, transferor }) =>
        transferor === undefined ? [] : [`${id} ${transferor}`],
      )
      .sort(),
  )
}

/** What the phones can do is what the ledger allows. */
export function checkGates(
  state: State,
  { channels }: Asterisk,
  { lines }: Directory,
): void {
  for (const { id, line, gate } of channels.values()) {
    const limit = lines.get(line ?? '')?.calls
    if (line === undefined || limit === undefined) continue
    mustAgree(`gate of ${id}`, gate, slotsOf(state, line).length < limit)
  }
}

/** No ear in which it beeps without end; where no command was lost, none in which it does not. */
export function checkBeeps(state: State, { channels }: Asterisk, exactly: boolean): void {
  const beeping = [...channels.values()].filter((channel) => channel.beeping)
  const heard = beeping.map(({ id }) => id).sort()
  const wanted = [...state.beeps].sort()
  mustAgree(
    'beeps',
    exactly ? wanted : wanted.filter((leg) => heard.includes(leg)),
    heard,
  )
}

/** I-C3, I-C4: everybody has hung up, and nothing at all is left. */
export function checkEmpty(state: State, { channels }: Asterisk): void {
  mustAgree('I-C4 channels', [...channels.keys()], [])
  mustAgree('I-C4 holdings', [...state.ledger.holdings.keys()], [])
  mustAgree('I-C4 calls', [...state.calls.keys()], [])
  mustAgree('I-C4 beeps', [...state.beeps], [])
  mustAgree('I-C4 gates', [...state.gates.keys()], [])
}
