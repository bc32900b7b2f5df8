import type { Event } from '../../src/call/event.js'
import { Agenda } from './agenda.js'
import { Asterisk } from './asterisk.js'
import { Controller, type Core, type Step } from './controller.js'
import { Estate } from './estate.js'
import { type Faults, faultsOf, NO_FAULTS } from './faults.js'
import { checkPurity, checkStep, Violation } from './invariants.js'
import { notice } from './notice.js'
import { Random } from './random.js'
import { Seen } from './seen.js'
import * as truth from './truth.js'
import { Users } from './users.js'
import { Wire } from './wire.js'

/** What a seed and a number of events make of a core. */
export interface Outcome {
  readonly seed: number
  /** Events that the core was told. */
  readonly told: number
  readonly seen: Seen
  /** The promise that was broken, if one was. */
  readonly violation: string | undefined
  /** The last lines of what happened, when asked for. */
  readonly trace: readonly string[]
}

/** The whole history of one seed: first with faults, then healed and emptied. */
export function simulate(
  core: Core,
  { seed, events, traced = false }: { seed: number; events: number; traced?: boolean },
): Outcome {
  const history = new History(core, seed, traced)
  let violation: string | undefined
  try {
    history.safety(events)
    history.liveness()
  } catch (error) {
    // A bug of the core may also be one that it finds by itself.
    violation = error instanceof Violation ? error.message : String(error)
  }
  const { told, seen, trace } = history
  return { seed, told, seen, violation, trace }
}

/** One step in so many is decided twice, to see that it is decided alike. */
const PURITY_EVERY = 97

/** A list that was asked for has come by then. */
const LIST_MS = 310

class History {
  told = 0
  readonly seen = new Seen()
  readonly trace: string[] = []
  readonly #traced: boolean
  readonly #agenda = new Agenda()
  readonly #random: Random
  readonly #estate: Estate
  readonly #asterisk: Asterisk
  readonly #controller: Controller
  readonly #users: Users
  readonly #wire: Wire
  readonly #core: Core
  #healed = false
  /** Milliseconds between two things that people do, at most. */
  readonly #pace: number
  readonly #listEverySeconds: number

  constructor(core: Core, seed: number, traced: boolean) {
    const random = new Random(seed)
    this.#random = random
    this.#core = core
    this.#traced = traced
    this.#pace = random.pick([300, 1_000, 5_000] as const)
    this.#listEverySeconds = random.between(2, 20)
    this.#estate = new Estate(random)
    const agenda = this.#agenda
    this.#wire = new Wire(agenda, random, {
      faults: faultsOf(random),
      deliver: (event) => this.#controller.deliver(event),
    })
    this.#asterisk = new Asterisk({
      agenda,
      seen: this.seen,
      directory: () => this.#estate.directory,
      emit: (event, key) => this.#wire.send(event, key),
      letIn: (line, calls) => this.#checkLimit(line, calls),
      rung: (leg, carrier) => this.#users.rung(leg, carrier),
    })
    for (const line of this.#estate.numbers) this.#asterisk.reachable.add(line)
    this.#controller = new Controller({
      agenda,
      random,
      core,
      asterisk: this.#asterisk,
      seen: this.seen,
      faults: () => this.#faults,
      directory: () => this.#estate.directory,
      watch: (step) => this.#watch(step),
    })
    this.#users = new Users({
      agenda,
      random,
      asterisk: this.#asterisk,
      estate: this.#estate,
      reachable: (line, reachable) => {
        this.#wire.send({ kind: 'reachable', line, reachable }, line)
      },
    })
  }

  /** Anything goes, until the core has been told so many events. */
  safety(events: number): void {
    this.#controller.connect()
    this.#everySecond()
    this.#keepActing()
    while (this.told < events && this.#agenda.step()) this.#checkTruth()
  }

  /** No more faults and no more calls: the ledger agrees again, and then is empty. */
  liveness(): void {
    this.#healed = true
    if (this.#wire.faults.crash > 0) {
      // The last misfortune: what ends meanwhile, the new controller never hears of.
      this.#controller.crash()
      this.#agenda.after(3_000, () => this.#controller.connect())
    }
    this.#wire.heal()
    this.#controller.thaw()
    this.#say('healed')
    this.#for(16_000)
    this.#listed()
    truth.checkLegs(this.#controller.state, this.#asterisk)
    this.#checkAgain()
    // A reservation is given up after five seconds, a transfer when no dial can last.
    this.#for(6_000)
    this.#listed()
    truth.checkReservations(this.#controller.state)
    truth.checkGates(this.#controller.state, this.#asterisk, this.#estate.directory)
    truth.checkBeeps(this.#controller.state, this.#asterisk, false)
    this.#for(205_000)
    this.#listed()
    truth.checkTransfers(this.#controller.state, this.#asterisk)
    for (const leg of this.#asterisk.channels.keys()) this.#asterisk.hangup(leg)
    this.#for(120_000)
    truth.checkEmpty(this.#controller.state, this.#asterisk)
  }

  get #faults(): Faults {
    return this.#healed ? NO_FAULTS : this.#wire.faults
  }

  /** The list that was asked for has come, and nothing else is on its way. */
  #listed(): void {
    this.#controller.ask()
    this.#for(LIST_MS)
    this.#untilQuiet()
  }

  /** I-C2 and I-C3: another list changes nothing, and a new controller sees the same. */
  #checkAgain(): void {
    const before = this.seen.counts.get('the list finds nothing') ?? 0
    this.#controller.ask()
    this.#for(LIST_MS)
    const found = this.seen.counts.get('the list finds nothing') ?? 0
    if (found === before && this.#controller.state.ledger.holdings.size > 0) {
      throw new Violation('I-C2: the second list healed something again')
    }
    truth.checkLegs(this.#controller.seenAfresh(), this.#asterisk)
  }

  #untilQuiet(): void {
    const quiet = (): boolean => this.#wire.inFlight + this.#controller.inFlight === 0
    for (let tries = 0; !quiet() && tries < 10_000; tries += 1) this.#agenda.step()
  }

  #for(milliseconds: number): void {
    this.#agenda.runUntil(this.#agenda.now + milliseconds)
  }

  /** In a history without faults the two agree whenever nothing is on its way. */
  #checkTruth(): void {
    if (this.#wire.faults !== NO_FAULTS) return
    if (this.#wire.inFlight + this.#controller.inFlight > 0) return
    const { state } = this.#controller
    truth.checkLegs(state, this.#asterisk)
    truth.checkReservations(state)
    truth.checkTransfers(state, this.#asterisk)
    truth.checkDetails(state, this.#asterisk, this.#estate.directory)
    truth.checkGates(state, this.#asterisk, this.#estate.directory)
    truth.checkBeeps(state, this.#asterisk, true)
  }

  /** I-S1 of both sides together, where we are told of all that happens, and in time. */
  #checkLimit(line: string, calls: number): void {
    const { lost, lateMs, slowMs } = this.#wire.faults
    const limit = this.#estate.directory.lines.get(line)?.calls ?? 0
    if (lost > 0 || lateMs > 200 || slowMs > 50 || calls <= limit) return
    throw new Violation(`I-S1: ${calls} calls of ${limit} let in to ${line}`)
  }

  #keepActing(): void {
    if (this.#healed) return
    this.#users.act()
    this.#agenda.after(this.#random.between(1, this.#pace), () => this.#keepActing())
  }

  #everySecond(): void {
    const second = Math.floor(this.#agenda.now / 1000)
    this.#controller.beat()
    if (second % this.#listEverySeconds === 0) this.#controller.ask()
    if (!this.#healed) this.#misfortune()
    this.#agenda.after(1_000, () => this.#everySecond())
  }

  #misfortune(): void {
    const { crash, cut, freeze } = this.#faults
    const random = this.#random
    const back = random.between(300, 6_000)
    if (random.chance(0.05)) this.#changeSite()
    if (crash > 0 && random.chance(crash)) {
      this.#say('crash')
      this.#controller.crash()
      this.#agenda.after(back, () => this.#controller.connect())
    } else if (cut > 0 && random.chance(cut)) {
      this.#say('cut')
      this.#controller.cut()
      this.#agenda.after(back, () => this.#controller.connect())
    } else if (freeze > 0 && random.chance(freeze)) {
      this.#say('freeze')
      this.#controller.freeze()
      this.#agenda.after(back, () => this.#controller.thaw())
    }
  }

  #changeSite(): void {
    // A leg that is told of after the change is taken for one that began after it.
    if (this.#wire.inFlight + this.#controller.inFlight > 0) return
    const changed = this.#estate.change()
    if (!changed) return
    this.#say(`site ${JSON.stringify(changed.after)}`)
    const { number, calls } = changed.after
    const used = [...this.#asterisk.channels.values()].filter(
      ({ line }) => line === number,
    )
    if (used.length > calls) this.seen.add('limit lowered below use')
    this.#controller.siteChanged()
  }

  #watch(step: Step): void {
    this.told += 1
    this.#say(`${JSON.stringify(shown(step.event))}`)
    for (const effect of step.decision.effects) this.#say(`  ${JSON.stringify(effect)}`)
    const { directory } = this.#estate
    notice(step, directory, this.seen)
    checkStep(step, directory)
    if (this.told % PURITY_EVERY === 0) checkPurity(this.#core, step, directory)
  }

  #say(text: string): void {
    if (this.#traced) this.trace.push(`${this.#agenda.now} ${text}`)
  }
}

function shown(event: Event): object {
  return event.kind === 'snapshot'
    ? { ...event, reachable: event.reachable?.length }
    : event
}
