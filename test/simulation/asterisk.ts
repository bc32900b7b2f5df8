import { attemptOf, placeOf } from '../../src/ari/dialplan.js'
import type { Answer } from '../../src/call/answer.js'
import { CAUSES } from '../../src/call/cause.js'
import type { Directory } from '../../src/call/directory.js'
import type { DialStatus, Event, Question } from '../../src/call/event.js'
import { emergencyDialled } from '../../src/model/emergency.js'
import { startsOpen } from '../../src/model/transfer-gate.js'
import { type Channel, isAttempt, newChannel } from './channel.js'
import { isFree, letIn, lineWithoutUs } from './degraded.js'
import * as hands from './hands.js'
import type { Surroundings } from './surroundings.js'

/** A stale heartbeat, and the longest anybody waits in Stasis (M1, M2). */
const LEASE_MS = 3_000
const LIMBO_MS = 2_000
const CARRIER_SECONDS = 180
/** From a slot in the groups to its leg, on a busy machine. */
const DIALS_AFTER_MS = 500

const CALLED = { direction: 'in', dialled: '' } as const

/**
 * Asterisk and our dialplan, as far as calls go: channels, Stasis, dialling,
 * bridging, transfers, and the refusal of answers that come too late.
 */
export class Asterisk {
  readonly channels = new Map<string, Channel>()
  /** Phones that have a contact. */
  readonly reachable = new Set<string>()
  heartbeatAt = Number.NEGATIVE_INFINITY
  readonly #around: Surroundings
  #created = 0

  constructor(around: Surroundings) {
    this.#around = around
  }

  // What phones and carriers do.

  lineDials(line: string, dialled: string, statically: boolean): void {
    const channel = this.#create({ line, direction: 'out', caller: line, dialled })
    this.#emit({ kind: 'created', leg: channel.id, line, direction: 'out', dialled })
    const emergency = emergencyDialled(dialled, this.#directory.emergencyNumbers)
    if (emergency !== undefined && statically) {
      const [trunk] = this.#directory.trunks
      if (trunk) this.#dialCarrier(channel)
      else this.hangup(channel.id, CAUSES.noCircuit)
      return
    }
    this.#ask(channel, { kind: 'departure', leg: channel.id, line, dialled })
  }

  carrierCalls(caller: string, dialled: string): void {
    const channel = this.#create({ line: undefined, direction: 'out', caller, dialled })
    const trunk = this.#directory.trunks[0]?.name ?? ''
    this.#ask(channel, { kind: 'arrival', leg: channel.id, trunk, caller, dialled })
  }

  answer(leg: string): void {
    const called = this.channels.get(leg)
    const caller = this.channels.get(called?.dialledBy ?? '')
    if (!called || !caller || called.up) return
    called.up = true
    this.#emit({ kind: 'answered', leg })
    // The gosub of the Dial runs on the called leg, before anybody is bridged.
    if (caller.transferor !== undefined && caller.answer?.kind !== 'recall') {
      this.#around.emit({ kind: 'transferred', leg: caller.id }, leg)
    }
    hands.bridge(caller, called)
    this.#goUp(caller)
  }

  /** The dial of this leg comes to nothing: the dialplan asks what now. */
  fails(leg: string, status: DialStatus, cause: number): void {
    const called = this.channels.get(leg)
    const caller = this.channels.get(called?.dialledBy ?? '')
    if (!called || called.up) return
    this.#destroy(called, cause)
    if (caller) this.#dialEnded(caller, status, cause)
  }

  hangup(leg: string, cause = 16): void {
    const channel = this.channels.get(leg)
    if (!channel) return
    const caller = this.channels.get(channel.dialledBy ?? '')
    if (caller && !channel.up) this.fails(leg, 'BUSY', 17)
    else this.#destroy(channel, cause)
  }

  hold(leg: string, held: boolean): void {
    const channel = this.channels.get(leg)
    if (!channel?.up || channel.held === held) return
    channel.held = held
    this.#emit({ kind: held ? 'held' : 'resumed', leg })
  }

  transferBlindly(leg: string, dialled: string): void {
    hands.transferBlindly(this.#hands, leg, dialled)
  }

  transferAttended(one: string, two: string): void {
    hands.transferAttended(this.#hands, one, two)
  }

  // What the controller does.

  /** `POST /channels/{id}/continue`: 404 for a dead leg, 409 for one that does not ask. */
  continue(leg: string, answer: Answer, contested = false): 204 | 404 | 409 {
    const channel = this.channels.get(leg)
    if (!channel) return 404
    if (!channel.asking) return 409
    const { context, extension } = placeOf(answer)
    // Only what the extension carries is known when the dial has ended.
    this.#leaveStasis(channel, attemptOf(context, extension) ?? answer)
    const { channels } = this
    const line = contested && 'line' in answer ? answer.line : undefined
    if (line === undefined || isFree(channels, line, this.#directory)) {
      this.#carryOut(channel, answer)
    } else {
      this.#around.seen.add('a slot that the degraded path has')
      this.#dialEnded(channel, 'BUSY', CAUSES.userBusy)
    }
    return 204
  }

  #leaveStasis(channel: Channel, answer: Answer | undefined): void {
    channel.asking = undefined
    channel.answer = answer
    channel.turn += 1
  }

  #carryOut(channel: Channel, answer: Answer): void {
    switch (answer.kind) {
      case 'recall':
        channel.transferor = undefined
        this.#dialLine(channel, answer.line, answer.seconds)
        return
      case 'ring':
      case 'intercom':
        this.#take(channel, answer.line)
        this.#dialLine(channel, answer.line, answer.seconds)
        return
      case 'trunk':
        this.#dialCarrier(channel)
        return
      case 'voicemail':
      case 'consult':
      case 'voicemail-access':
      case 'fax':
      case 'pin':
      case 'code':
        this.#goUp(channel)
        return
      case 'pickup':
        hands.pickUp(this.#hands, channel, answer.ringing)
        return
      case 'wait':
        this.#in(answer.milliseconds, channel, () => {
          hands.askAgain(this.#hands, channel, answer.dialled)
        })
        return
      case 'announce':
        this.#in(4_000, channel, () => this.hangup(channel.id, CAUSES[answer.cause]))
        return
      case 'refuse':
        this.hangup(channel.id, CAUSES[answer.cause])
    }
  }

  #ask(channel: Channel, question: Question): void {
    channel.turn += 1
    channel.answer = undefined
    channel.degraded = false
    if (this.#around.agenda.now - this.heartbeatAt > LEASE_MS) {
      this.#degraded(channel, question)
      return
    }
    channel.asking = question
    this.#emit(question)
    this.#in(LIMBO_MS, channel, () => {
      channel.asking = undefined
      this.#degraded(channel, question)
    })
  }

  /** Nobody answers questions: the dialplan goes on by itself, within the same limits. */
  #degraded(channel: Channel, question: Question): void {
    this.#around.seen.add('degraded path')
    channel.turn += 1
    channel.degraded = true
    const line = lineWithoutUs(this.channels, channel, question, this.#directory)
    if (line === undefined) {
      this.hangup(channel.id, CAUSES.noCircuit)
      return
    }
    this.#take(channel, line)
    this.#in(DIALS_AFTER_MS, channel, () => this.#dialLine(channel, line, 20))
  }

  #take(channel: Channel, line: string): void {
    channel.takes = line
    this.#around.letIn(line, letIn(this.channels, line))
  }

  #dialEnded(caller: Channel, status: DialStatus, cause: number): void {
    caller.dialling = undefined
    caller.takes = undefined
    const { answer: attempt, transferor } = caller
    if (!isAttempt(attempt)) {
      this.hangup(caller.id, CAUSES.subscriberAbsent)
      return
    }
    const ended = { attempt, status, cause, transferor }
    this.#ask(caller, { kind: 'outcome', leg: caller.id, ...ended })
    // What was tried is still in the dialplan's variables, whoever answers.
    caller.answer = attempt
  }

  #dialLine(caller: Channel, line: string, seconds: number): void {
    if (!this.reachable.has(line)) {
      this.#dialEnded(caller, 'CHANUNAVAIL', 3)
      return
    }
    const called = this.#create({ ...CALLED, line, caller: caller.caller })
    called.letIn = caller.takes === line
    caller.takes = undefined
    this.#dial(caller, called, seconds)
    this.#emit({ kind: 'created', leg: called.id, line, direction: 'in', dialled: '' })
    this.#around.rung(called.id, false)
  }

  #dialCarrier(caller: Channel): void {
    const called = this.#create({ ...CALLED, line: undefined, caller: caller.caller })
    this.#dial(caller, called, CARRIER_SECONDS)
    this.#around.rung(called.id, true)
  }

  #dial(caller: Channel, called: Channel, seconds: number): void {
    caller.dialling = called.id
    called.dialledBy = caller.id
    this.#in(seconds * 1000, called, () => this.fails(called.id, 'NOANSWER', 0))
  }

  #create(of: Pick<Channel, 'line' | 'direction' | 'caller' | 'dialled'>): Channel {
    this.#created += 1
    const line = this.#directory.lines.get(of.line ?? '')
    const id = `${of.line === undefined ? 'x' : 'p'}${this.#created}`
    const channel = newChannel({
      ...of,
      id,
      gate: line !== undefined && startsOpen(line),
    })
    this.channels.set(channel.id, channel)
    return channel
  }

  #goUp(channel: Channel): void {
    if (channel.up) return
    channel.up = true
    this.#emit({ kind: 'answered', leg: channel.id })
  }

  #destroy(channel: Channel, cause: number): void {
    this.channels.delete(channel.id)
    channel.turn += 1
    this.#emit({ kind: 'gone', leg: channel.id, cause })
    const called = this.channels.get(channel.dialling ?? '')
    if (called) this.#destroy(called, 16)
    const { peer } = channel
    hands.unbridge(this.channels, channel)
    if (peer !== undefined) this.#around.agenda.after(5, () => this.hangup(peer))
  }

  #in(milliseconds: number, channel: Channel, happen: () => void): void {
    const { turn } = channel
    this.#around.agenda.after(milliseconds, () => {
      if (channel.turn === turn) happen()
    })
  }

  #emit(event: Extract<Event, { readonly leg: string }>): void {
    this.#around.emit(event, event.leg)
  }

  get #hands(): hands.Hands {
    return {
      around: this.#around,
      ask: (channel, question) => this.#ask(channel, question),
      channels: this.channels,
      goUp: (channel) => this.#goUp(channel),
      end: (channel, cause) => this.#destroy(channel, cause),
    }
  }

  get #directory(): Directory {
    return this.#around.directory()
  }
}
