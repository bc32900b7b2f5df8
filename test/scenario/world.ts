import type { Answer } from '../../src/call/answer.js'
import { changeSettings } from '../../src/call/change-settings.js'
import { decide } from '../../src/call/decide.js'
import { type Directory, directoryOf } from '../../src/call/directory.js'
import type { Effect } from '../../src/call/effect.js'
import { DIAL_STATUSES, type DialStatus, type Event } from '../../src/call/event.js'
import { inUse } from '../../src/call/slots.js'
import { initialState, type State } from '../../src/call/state.js'
import { Secret } from '../../src/model/secret.js'
import { PhoneBook } from './phone-book.js'
import { wordsOf } from './words.js'

/** The two things of the core that a world needs: the real ones, or a mutant's. */
export interface Core {
  readonly decide: typeof decide
  readonly initialState: State
}

const ours: Core = { decide, initialState }

/**
 * The small world of one scenario file: people, carriers, and the calls between
 * them, told to the core one event at a time.
 *
 * Unindented lines are what happens, indented ones what we do. `-u` rewrites
 * the indented ones: read the difference aloud before you commit it.
 */
export class World {
  readonly #core: Core
  readonly #book = new PhoneBook()
  readonly #attempts = new Map<string, Answer>()
  /** Legs that a line has transferred, as the dialplan remembers it. */
  readonly #transferors = new Map<string, string>()
  readonly #answered = new Set<string>()
  readonly #unplugged = new Set<string>()
  #diskFull = false
  #state: State
  #at = 0
  /** When the next snapshot was asked for, and who was unplugged then. */
  #asked: { readonly at: number; readonly unplugged: ReadonlySet<string> } | undefined

  constructor(core: Core = ours) {
    this.#core = core
    this.#state = core.initialState
  }

  /** One line of the file: what we do because of it, one text per effect. */
  tell(text: string): string[] {
    const [verb = '', ...words] = text.split(' ')
    const [name = '', ...rest] = words
    if (this.#book.declare(verb, name, optionsIn(rest.join(' ')))) return []
    if (verb === 'slots') return [`${this.#inUse(name)} in use`]
    const event = this.#happens(verb, name, rest) ?? this.#event(verb, words)
    if (event === 'nothing') return []
    this.#at += 10
    return this.#decide(event)
  }

  #decide(event: Event): string[] {
    const decision = this.#core.decide(this.#state, event, this.#at, this.#directory())
    this.#state = decision.state
    return decision.effects.flatMap((effect) => {
      if (effect.kind === 'continue') this.#attempts.set(effect.leg, effect.answer)
      const words = wordsOf(effect, (number) => this.#book.name(number))
      return effect.kind === 'change' ? [words, ...this.#store(effect)] : [words]
    })
  }

  /** The store keeps the change of a code, and says so to the core. */
  #store({ leg, line, change, answer }: Extract<Effect, { kind: 'change' }>): string[] {
    const before = this.#directory().lines.get(line)
    const coded = { kind: 'coded', leg, answer } as const
    if (!before || this.#diskFull) return this.#decide({ ...coded, stored: 'failed' })
    const made = changeSettings(before, change, this.#directory())
    if (made.kind === 'refused') return this.#decide({ ...coded, stored: 'refused' })
    this.#book.change(this.#book.name(line), made.line)
    return this.#decide({ ...coded, stored: 'stored' })
  }

  /** What happens outside the calls. */
  #happens(
    verb: string,
    name: string,
    rest: readonly string[],
  ): Event | 'nothing' | undefined {
    switch (verb) {
      case 'set':
        this.#book.change(name, optionsIn(rest.join(' ')))
        return { kind: 'siteChanged' }
      case 'remove':
        this.#book.remove(name)
        return { kind: 'siteChanged' }
      case 'seconds':
        this.#at += Number(name) * 1000
        return 'nothing'
      case 'diskFull':
        this.#diskFull = true
        return 'nothing'
      // The controller is killed and started again.
      case 'restart':
        this.#state = this.#core.initialState
        return 'nothing'
      // The list is asked for now, and comes with the next `snapshot`.
      case 'asks':
        this.#at += 10
        this.#asked = { at: this.#at, unplugged: new Set(this.#unplugged) }
        return 'nothing'
      case 'unplugged':
        this.#unplugged.add(this.#number(name))
        return { kind: 'reachable', line: this.#number(name), reachable: false }
      case 'reopened':
        return { kind: 'reopened', line: this.#number(name) }
      // `emergency alice 60`: she called one that many seconds ago, as Asterisk has kept.
      case 'emergency': {
        const agoMs = Number(rest[0]) * 1000
        return { kind: 'calledEmergency', line: this.#number(name), agoMs }
      }
      case 'plugged':
        this.#unplugged.delete(this.#number(name))
        return { kind: 'reachable', line: this.#number(name), reachable: true }
      default:
        return undefined
    }
  }

  #event(verb: string, words: readonly string[]): Event {
    const [leg = '', second = '', third = ''] = words
    const line = this.#number(second)
    const dialled = this.#number(third)
    switch (verb) {
      case 'departure':
        return { kind: 'departure', leg, line, dialled }
      // The time for a fourth digit is over: the dialplan asks again.
      case 'waited':
        return { kind: 'departure', leg, line, dialled, waited: true }
      // `keys a1 alice 4728`: what was keyed in when the PIN was asked for.
      case 'keys':
        return this.#keyed(leg, line, third)
      case 'arrival': {
        const caller = second === 'anonymous' ? '' : second
        return { kind: 'arrival', leg, trunk: 'carrier', caller, dialled }
      }
      case 'rings':
        return { kind: 'created', leg, line, direction: 'in', dialled: '' }
      case 'dials':
        return { kind: 'created', leg, line, direction: 'out', dialled }
      // `answers b1 alice`: the channel is Alice's by now, she has picked it up.
      case 'answers':
        this.#answered.add(leg)
        return second === '' ? { kind: 'answered', leg } : { kind: 'answered', leg, line }
      case 'holds':
        return { kind: 'held', leg }
      case 'resumes':
        return { kind: 'resumed', leg }
      case 'transfer':
        this.#transferors.set(leg, line)
        return { kind: 'transfer', leg, transferor: line, dialled }
      case 'transferred':
        this.#transferors.delete(leg)
        return { kind: 'transferred', leg }
      case 'gone':
        return { kind: 'gone', leg, cause: Number(second) || 16 }
      case 'missed':
        return { kind: 'missed', leg }
      case 'outcome':
        return this.#outcome(leg, second, Number(third))
      case 'snapshot':
        return this.#snapshot(words)
      default:
        throw new Error(`scenario: nothing is called ${JSON.stringify(verb)}`)
    }
  }

  /**
   * `a1=alice=out`, a leg of a line; `x1`, another channel; `beep:a1`, a beep of ours;
   * `first`: of this connection; `degraded`: the dialplan lets in calls by itself.
   */
  #snapshot(words: readonly string[]): Event {
    const legs = words.filter((word) => word.includes('='))
    const { at, unplugged } = this.#asked ?? {
      at: this.#at + 10,
      unplugged: this.#unplugged,
    }
    this.#asked = undefined
    return {
      kind: 'snapshot',
      askedAt: at,
      ...(words.includes('first') && { first: true }),
      ...(words.includes('degraded') && { degraded: true }),
      channels: words.map((word) => word.split('=')[0] ?? ''),
      beeps: words.flatMap((word) => (word.startsWith('beep:') ? [word.slice(5)] : [])),
      reachable: this.#book.lineNumbers.filter((line) => !unplugged.has(line)),
      legs: legs.map((word) => {
        const [leg = '', line = '', direction] = word.split('=')
        return {
          leg,
          line: this.#number(line),
          direction: direction === 'out' ? 'out' : 'in',
          answered: this.#answered.has(leg),
        }
      }),
    }
  }

  #outcome(leg: string, status: string, cause: number): Event {
    const attempt = this.#attempts.get(leg)
    switch (attempt?.kind) {
      case 'ring':
      case 'trunk':
      case 'intercom':
      case 'recall': {
        const transferor = this.#transferors.get(leg)
        return {
          kind: 'outcome',
          leg,
          attempt,
          status: dialStatus(status),
          cause,
          transferor: attempt.kind === 'recall' ? undefined : transferor,
        }
      }
      default:
        throw new Error(`scenario: leg ${leg} rings nowhere`)
    }
  }

  #keyed(leg: string, line: string, digits: string): Event {
    const asked = this.#attempts.get(leg)
    if (asked?.kind !== 'pin') throw new Error(`scenario: ${leg} is asked for no PIN`)
    const { dialled, nthTry } = asked
    return { kind: 'pin', leg, line, dialled, nthTry, digits: new Secret(digits) }
  }

  #number(name: string): string {
    return this.#book.number(name)
  }

  #inUse(name: string): number {
    return inUse(this.#state.ledger, this.#number(name))
  }

  #directory(): Directory {
    return directoryOf(this.#book.site())
  }
}

function optionsIn(json: string): object {
  if (!json.startsWith('{')) return {}
  const options: unknown = JSON.parse(json)
  if (typeof options === 'object' && options !== null) return options
  throw new Error(`scenario: ${json} is no object`)
}

function dialStatus(word: string): DialStatus {
  const status = DIAL_STATUSES.find((known) => known === word)
  if (status) return status
  throw new Error(`scenario: ${word} is no DIALSTATUS`)
}
