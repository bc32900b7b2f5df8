import type { Answer, Attempt } from '../../src/call/answer.js'
import type { Question } from '../../src/call/event.js'

/** A channel of the virtual Asterisk, with what the real one and its dialplan know of it. */
export interface Channel {
  readonly id: string
  /** The line whose phone it is, which a pickup changes; undefined: a carrier's. */
  line: string | undefined
  direction: 'in' | 'out'
  up: boolean
  held: boolean
  /** Whom the dialplan counts as the caller; what it dialled. */
  readonly caller: string
  readonly dialled: string
  /** In Stasis with this question. */
  asking: Question | undefined
  /** The answer it was given and is carrying out. */
  answer: Answer | undefined
  /** The leg it dials, and the one that dials it. */
  dialling: string | undefined
  dialledBy: string | undefined
  /** Who it talks with. */
  peer: string | undefined
  /** The line of whose slots its group has one, and whose leg is not there yet. */
  takes: string | undefined
  /** It came to be by a slot that was free. */
  letIn: boolean
  /** Its call has taken the degraded path. */
  degraded: boolean
  /** LK_TRANSFEROR: the line that transferred this leg, until somebody answers. */
  transferor: string | undefined
  /** TRANSFER_CONTEXT: whether this leg's phone may transfer blindly. */
  gate: boolean
  beeping: boolean
  /** Changes at every step through the dialplan, so that old timers mean nothing. */
  turn: number
}

export function newChannel(
  of: Pick<Channel, 'id' | 'line' | 'direction' | 'caller' | 'dialled' | 'gate'>,
): Channel {
  return {
    up: false,
    held: false,
    asking: undefined,
    answer: undefined,
    dialling: undefined,
    dialledBy: undefined,
    peer: undefined,
    takes: undefined,
    letIn: false,
    degraded: false,
    transferor: undefined,
    beeping: false,
    turn: 0,
    ...of,
  }
}

export function isAttempt(answer: Answer | undefined): answer is Attempt {
  const { kind } = answer ?? {}
  return kind === 'ring' || kind === 'trunk' || kind === 'intercom' || kind === 'recall'
}
