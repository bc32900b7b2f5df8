import type { Event } from '../../src/call/event.js'
import type { Agenda } from './agenda.js'
import { type Faults, NO_FAULTS } from './faults.js'
import type { Random } from './random.js'

/**
 * Between Asterisk and the controller. Events of one channel arrive in their
 * order; a doubled one arrives again whenever it likes.
 */
export class Wire {
  faults: Faults
  /** Events on their way. */
  inFlight = 0
  readonly #agenda: Agenda
  readonly #random: Random
  readonly #deliver: (event: Event) => void
  /** When the last event of each channel arrives. */
  readonly #lastAt = new Map<string, number>()

  constructor(
    agenda: Agenda,
    random: Random,
    { faults, deliver }: { faults: Faults; deliver: (event: Event) => void },
  ) {
    this.#agenda = agenda
    this.#random = random
    this.faults = faults
    this.#deliver = deliver
  }

  heal(): void {
    this.faults = NO_FAULTS
  }

  send(event: Event, key: string): void {
    const { lost, doubled, lateMs } = this.faults
    if (lost > 0 && this.#random.chance(lost)) return
    const { now } = this.#agenda
    const late =
      lateMs > 0 && this.#random.chance(0.3) ? this.#random.between(0, lateMs) : 0
    const at = Math.max(now + 1 + late, this.#lastAt.get(key) ?? 0)
    this.#lastAt.set(key, at)
    this.#arrive(event, at - now)
    if (doubled === 0 || !this.#random.chance(doubled)) return
    const again = this.#random.chance(0.5) ? 0 : this.#random.between(0, 5_000)
    this.#arrive(event, at - now + again)
  }

  #arrive(event: Event, after: number): void {
    this.inFlight += 1
    this.#agenda.after(after, () => {
      this.inFlight -= 1
      this.#deliver(event)
    })
  }
}
