import type { decide } from '../../src/call/decide.js'
import type { Directory } from '../../src/call/directory.js'
import type { Effect } from '../../src/call/effect.js'
import type { Event, LiveLeg, Question } from '../../src/call/event.js'
import type { Decision, State } from '../../src/call/state.js'
import type { Agenda } from './agenda.js'
import type { Asterisk } from './asterisk.js'
import type { Channel } from './channel.js'
import type { Faults } from './faults.js'
import type { Random } from './random.js'
import type { Seen } from './seen.js'

/** The core under test: ours, or a mutant of it. */
export interface Core {
  readonly decide: typeof decide
  readonly initialState: State
}

/** One event that the core was told, for those who check. */
export interface Step {
  readonly event: Event
  readonly at: number
  readonly before: State
  readonly decision: Decision
}

export interface Parts {
  readonly agenda: Agenda
  readonly random: Random
  readonly asterisk: Asterisk
  readonly core: Core
  readonly seen: Seen
  readonly faults: () => Faults
  readonly directory: () => Directory
  readonly watch: (step: Step) => void
}

/** The shell around the core, as src/ari is: one event at a time, effects in their order. */
export class Controller {
  state: State
  /** Answers and lists on their way. */
  inFlight = 0
  readonly #parts: Parts
  /** Changes when the connection does: what was on its way then is lost. */
  #connection = 0
  #connected = false
  /** Events that came before the first list of this connection. */
  #held: Event[] | undefined
  /** Events that came while the process was frozen. */
  #backlog: Event[] | undefined

  constructor(parts: Parts) {
    this.#parts = parts
    this.state = parts.core.initialState
  }

  /** What the wire brings. */
  deliver(event: Event): void {
    if (!this.#connected) return
    if (this.#held) this.#held.push(event)
    else if (this.#backlog) this.#backlog.push(event)
    else this.#tell(event)
  }

  connect(): void {
    this.#connection += 1
    this.#connected = true
    this.#held = []
    this.ask(true)
  }

  cut(): void {
    this.#connected = false
    this.#held = undefined
    this.#backlog = undefined
    this.#connection += 1
  }

  /** `kill -9`: nothing of the state is kept. */
  crash(): void {
    const reserved = [...this.state.ledger.holdings.values()].some(
      ({ kind }) => kind === 'reservation',
    )
    if (reserved) this.#parts.seen.add('crash between reservation and dial')
    this.cut()
    this.state = this.#parts.core.initialState
  }

  freeze(): void {
    if (this.#connected && !this.#held) this.#backlog ??= []
  }

  thaw(): void {
    const backlog = this.#backlog ?? []
    this.#backlog = undefined
    for (const event of backlog) this.deliver(event)
  }

  beat(): void {
    const { agenda, asterisk } = this.#parts
    if (this.#connected && !this.#held && !this.#backlog)
      asterisk.heartbeatAt = agenda.now
  }

  /** `GET /channels`; the first of a connection also brings the questions still waiting. */
  ask(first = false): void {
    const { agenda, random } = this.#parts
    if (!this.#connected || this.#backlog) return
    const askedAt = agenda.now
    let list: List | undefined
    this.#later(random.between(1, 100), () => {
      list = this.#list()
    })
    this.#later(random.between(101, 300), () => {
      if (!list) return
      const { waiting, ...seen } = list
      const snapshot = { kind: 'snapshot', askedAt, ...seen } as const
      if (first) this.#begin({ ...snapshot, first }, waiting)
      else this.deliver(snapshot)
    })
  }

  /** What a new controller would make of the channels now. */
  seenAfresh(): State {
    const { core, agenda, directory } = this.#parts
    const { waiting: _, ...list } = this.#list()
    const snapshot = { kind: 'snapshot', askedAt: agenda.now, ...list } as const
    return core.decide(core.initialState, snapshot, agenda.now, directory()).state
  }

  /** The site was reloaded. */
  siteChanged(): void {
    this.#tell({ kind: 'siteChanged' })
  }

  #begin(snapshot: Event, waiting: readonly Question[]): void {
    const held = this.#held ?? []
    this.#held = undefined
    this.#tell(snapshot)
    this.beat()
    const alsoHeard = new Set(
      held.flatMap((event) => ('leg' in event ? [event.leg] : [])),
    )
    for (const question of waiting) {
      if (alsoHeard.has(question.leg)) continue
      this.#parts.seen.add('a question asked again after a crash')
      this.#tell(question)
    }
    for (const event of held) this.#tell(event)
  }

  #tell(event: Event): void {
    const { core, agenda, directory, watch } = this.#parts
    const before = this.state
    const decision = core.decide(before, event, agenda.now, directory())
    this.state = decision.state
    watch({ event, at: agenda.now, before, decision })
    for (const effect of decision.effects) this.#perform(effect)
  }

  #perform(effect: Effect): void {
    const { asterisk, random, seen } = this.#parts
    const channel = 'leg' in effect ? asterisk.channels.get(effect.leg) : undefined
    switch (effect.kind) {
      case 'continue':
        this.#answer(effect)
        return
      case 'beep':
      case 'stopBeep': {
        const beeping = effect.kind === 'beep'
        seen.add(beeping ? 'a beep begun' : 'a beep ended')
        if (this.#connected) this.#soon(channel, { beeping })
        return
      }
      case 'setTransferGate':
        seen.add(effect.open ? 'a gate reopened' : 'a gate closed')
        // By AMI, which has a connection of its own.
        this.#soon(channel, { gate: effect.open })
        return
      case 'change': {
        // The store of the simulation keeps nothing: what is asked is how long it takes.
        const { leg, answer } = effect
        this.#later(random.between(1, 50), () =>
          this.deliver({ kind: 'coded', leg, answer, stored: 'stored' }),
        )
        return
      }
      case 'note':
    }
  }

  #soon(
    channel: Channel | undefined,
    set: Partial<Pick<Channel, 'beeping' | 'gate'>>,
  ): void {
    if (!channel) return
    this.inFlight += 1
    this.#parts.agenda.after(1, () => {
      this.inFlight -= 1
      Object.assign(channel, set)
    })
  }

  #answer({ leg, answer, contested }: Extract<Effect, { kind: 'continue' }>): void {
    const { agenda, asterisk, random, faults, seen } = this.#parts
    if (!this.#connected) return
    const { slowMs } = faults()
    const slow = slowMs > 0 && random.chance(0.3) ? random.between(0, slowMs) : 0
    const connection = this.#connection
    this.inFlight += 1
    agenda.after(1 + slow, () => {
      this.inFlight -= 1
      const status = asterisk.continue(leg, answer, contested)
      if (status === 204) return
      seen.add('an answer that came too late')
      if (connection !== this.#connection) seen.add('an answer whose result was lost')
      else if (this.#backlog) this.#backlog.push({ kind: 'missed', leg })
      else this.#tell({ kind: 'missed', leg })
    })
  }

  /** Happens unless the connection is lost meanwhile. */
  #later(milliseconds: number, happen: () => void): void {
    const connection = this.#connection
    this.inFlight += 1
    this.#parts.agenda.after(milliseconds, () => {
      this.inFlight -= 1
      if (connection === this.#connection) happen()
    })
  }

  #list(): List {
    const { asterisk } = this.#parts
    const channels = [...asterisk.channels.values()]
    return {
      legs: channels.flatMap(({ id: leg, line, direction, up: answered }) =>
        line === undefined ? [] : [{ leg, line, direction, answered }],
      ),
      channels: channels.map(({ id }) => id),
      beeps: channels.filter(({ beeping }) => beeping).map(({ id }) => id),
      reachable: [...asterisk.reachable],
      waiting: channels.flatMap(({ asking }) => asking ?? []),
      ...(channels.some(({ degraded, up }) => degraded && !up) && { degraded: true }),
    }
  }
}

interface List {
  readonly legs: readonly LiveLeg[]
  readonly channels: readonly string[]
  readonly beeps: readonly string[]
  readonly reachable: readonly string[]
  readonly waiting: readonly Question[]
  readonly degraded?: true
}
