import type { Directory } from '../../src/call/directory.js'
import type { Event } from '../../src/call/event.js'
import type { Agenda } from './agenda.js'
import type { Seen } from './seen.js'

/** What surrounds the virtual Asterisk. */
export interface Surroundings {
  readonly agenda: Agenda
  readonly seen: Seen
  directory(): Directory
  /** An event on its way to the controller; those of one key keep their order. */
  emit(event: Event, key: string): void
  /** A call was let in to a line, which has so many now. */
  letIn(line: string, calls: number): void
  /** A phone or a carrier was dialled: what it does about it is for chance. */
  rung(leg: string, carrier: boolean): void
}
