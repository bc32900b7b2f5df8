import type { Question } from '../../src/call/event.js'
import type { Channel } from './channel.js'
import type { Surroundings } from './surroundings.js'

/** What moves calls from one channel to another has in its hands. */
export interface Hands {
  readonly around: Surroundings
  readonly channels: ReadonlyMap<string, Channel>
  ask(channel: Channel, question: Question): void
  goUp(channel: Channel): void
  end(channel: Channel, cause: number): void
}

/** A REFER: 404 while the gate is closed, and the call stays as it is (asterisk-facts §7). */
export function transferBlindly(hands: Hands, leg: string, dialled: string): void {
  const { channels, around } = hands
  const transferor = channels.get(leg)
  const transferred = channels.get(transferor?.peer ?? '')
  if (!transferor?.up || !transferred || transferor.line === undefined) return
  if (!transferor.gate) {
    around.seen.add('transfer refused by the gate')
    return
  }
  const { line } = transferor
  unbridge(channels, transferor)
  hands.end(transferor, 16)
  transferred.transferor = line
  transferred.direction = 'out'
  const { id } = transferred
  hands.ask(transferred, { kind: 'transfer', leg: id, transferor: line, dialled })
}

/** A REFER with Replaces: the two others talk, both of this phone's legs end. */
export function transferAttended(hands: Hands, one: string, two: string): void {
  const { channels, around } = hands
  const [a, b] = [channels.get(one), channels.get(two)]
  const [x, y] = [channels.get(a?.peer ?? ''), channels.get(b?.peer ?? '')]
  if (!a || !b || !x || !y || x === b || x === y) return
  unbridge(channels, a)
  unbridge(channels, b)
  hands.end(a, 16)
  hands.end(b, 16)
  bridge(x, y)
  around.seen.add('attended transfer')
}

/** The ringing channel goes on with another phone; that phone's own channel ends. */
export function pickUp(hands: Hands, channel: Channel, ringing: string): void {
  const { channels, around } = hands
  const taken = channels.get(ringing)
  const caller = channels.get(taken?.dialledBy ?? '')
  if (!taken || !caller || taken.up || channel.line === undefined) {
    // It is said that there is nothing to pick up.
    hands.goUp(channel)
    const { turn } = channel
    around.agenda.after(4_000, () => {
      if (channel.turn === turn) hands.end(channel, 16)
    })
    return
  }
  taken.line = channel.line
  taken.gate = channel.gate
  taken.up = true
  around.seen.add('a call picked up')
  around.emit({ kind: 'answered', leg: taken.id, line: channel.line }, taken.id)
  if (caller.transferor !== undefined && caller.answer?.kind !== 'recall') {
    around.emit({ kind: 'transferred', leg: caller.id }, taken.id)
  }
  bridge(caller, taken)
  hands.goUp(caller)
  hands.end(channel, 16)
}

/** Three digits have waited for a fourth (spec A12). */
export function askAgain(hands: Hands, channel: Channel, dialled: string): void {
  const { id: leg, line } = channel
  if (line === undefined) return
  hands.ask(channel, { kind: 'departure', leg, line, dialled, waited: true })
}

/** Two talk with each other. */
export function bridge(a: Channel, b: Channel): void {
  for (const channel of [a, b]) {
    channel.dialling = undefined
    channel.dialledBy = undefined
    channel.transferor = undefined
    channel.turn += 1
  }
  a.peer = b.id
  b.peer = a.id
}

export function unbridge(channels: Hands['channels'], channel: Channel): void {
  const peer = channels.get(channel.peer ?? '')
  if (peer) peer.peer = undefined
  channel.peer = undefined
}
