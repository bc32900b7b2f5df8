import type { Agenda } from './agenda.js'
import type { Asterisk } from './asterisk.js'
import type { Channel } from './channel.js'
import type { Estate } from './estate.js'
import type { Random } from './random.js'

interface Around {
  readonly agenda: Agenda
  readonly random: Random
  readonly estate: Estate
  readonly asterisk: Asterisk
  /** What Asterisk tells of a phone's registration. */
  readonly reachable: (line: string, reachable: boolean) => void
}

const OTHERS = [
  '*11#',
  '0612345678',
  '0899123456',
  '00442079460000',
  '0034911234567',
  '123',
  '0',
  '*21*0612345678#',
] as const
const EMERGENCIES = ['112', '15', '+112', '3651112', '1990', '36511990'] as const
const CALLERS = ['+33612345678', '+33687654321', '', '+33972100000'] as const

/** More channels than this, and somebody hangs up. */
const MOST_CHANNELS = 25

/** People with telephones, who do whatever they like at any time. */
export class Users {
  readonly #around: Around

  constructor(around: Around) {
    this.#around = around
  }

  /** Somebody does something. */
  act(): void {
    const { random, asterisk } = this.#around
    const crowded = asterisk.channels.size > MOST_CHANNELS
    const what = crowded ? 0 : random.next()
    if (what < 0.25) this.#hangUp()
    else if (what < 0.5) this.#dial()
    else if (what < 0.75) this.#callIn()
    else if (what < 0.81) this.#hold()
    else if (what < 0.93) this.#transfer()
    else if (what < 0.97) this.#join()
    else this.#plug()
  }

  /** A phone or a carrier is dialled: what becomes of it, and when. */
  rung(leg: string, carrier: boolean): void {
    const { agenda, random, asterisk } = this.#around
    const soon = random.between(50, 6_000)
    const chance = random.next()
    agenda.after(soon, () => {
      if (chance < 0.55) asterisk.answer(leg)
      else if (chance < 0.64) asterisk.fails(leg, 'BUSY', 17)
      else if (chance < 0.68) asterisk.fails(leg, 'CHANUNAVAIL', 21)
      else if (chance < 0.71) asterisk.fails(leg, 'BUSY', 0)
      else if (chance < 0.76) asterisk.fails(leg, 'CHANUNAVAIL', carrier ? 1 : 18)
      else if (chance < 0.8) asterisk.fails(leg, 'CONGESTION', 34)
      else if (chance < 0.9) asterisk.fails(leg, 'NOANSWER', 19)
    })
  }

  #hangUp(): void {
    const channel = this.#around.random.pick(this.#channels())
    if (channel) this.#around.asterisk.hangup(channel.id)
  }

  #dial(): void {
    const { random, asterisk, estate } = this.#around
    const line = random.pick(estate.numbers) ?? ''
    if (!asterisk.reachable.has(line)) return
    // Nearly always the dialplan sends an emergency call on without asking.
    asterisk.lineDials(line, this.#dialled(), random.chance(0.7))
  }

  #dialled(): string {
    const { random, estate } = this.#around
    const line = random.pick(estate.numbers) ?? ''
    const what = random.next()
    if (what < 0.6) return line
    if (what < 0.65) return estate.alias
    if (what < 0.75) return `3691${line}`
    if (what < 0.82) return random.pick(EMERGENCIES)
    return random.pick(OTHERS)
  }

  #callIn(): void {
    const { random, asterisk, estate } = this.#around
    const called = random.chance(0.9) ? random.pick(estate.numbers) : estate.alias
    asterisk.carrierCalls(random.pick(CALLERS), called ?? '')
  }

  #hold(): void {
    const { random, asterisk } = this.#around
    const talking = random.pick(this.#talking())
    if (talking) asterisk.hold(talking.id, !talking.held)
  }

  #transfer(): void {
    const { random, asterisk } = this.#around
    const talking = random.pick(this.#talking())
    if (talking) asterisk.transferBlindly(talking.id, this.#dialled())
  }

  /** A phone with two calls joins them. */
  #join(): void {
    const { random, asterisk } = this.#around
    const talking = this.#talking()
    const one = random.pick(talking)
    const two = talking.find(({ id, line }) => line === one?.line && id !== one?.id)
    if (one && two) asterisk.transferAttended(one.id, two.id)
  }

  #plug(): void {
    const { random, asterisk, estate, reachable } = this.#around
    const line = random.pick(estate.numbers) ?? ''
    const plugged = !asterisk.reachable.has(line)
    if (plugged) asterisk.reachable.add(line)
    else asterisk.reachable.delete(line)
    reachable(line, plugged)
  }

  #channels(): Channel[] {
    return [...this.#around.asterisk.channels.values()]
  }

  #talking(): Channel[] {
    return this.#channels().filter(
      ({ line, peer }) => line !== undefined && peer !== undefined,
    )
  }
}
