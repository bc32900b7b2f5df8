import type { Stepped } from '../call/happening.js'

/** What the loop asks of Asterisk. */
export type LoopRequest = 'answer' | 'giveBack' | 'heartbeat' | 'beep' | 'list'

/** Sees what the loop does, after it is done. It returns at once, and decides nothing. */
export interface Watcher {
  stepped(stepped: Stepped): void
  /** One event of Asterisk, by its length. */
  received(bytes: number): void
  /** A request to Asterisk was answered, or was not. */
  requested(request: LoopRequest, seconds: number, answered: boolean): void
}
