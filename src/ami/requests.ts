import type { Fields, Message } from './message.js'

/** What every operation needs of a connection. Each request ends in limited time. */
export interface Requests {
  /** One action, one answer; an `AmiError` when Asterisk says no or nothing. */
  send(fields: Fields, timeoutMs?: number): Promise<Message>
  /** One action, answered by a list of events. */
  list(fields: Fields, timeoutMs?: number): Promise<readonly Message[]>
}
