import type { Answer } from '../../src/call/answer.js'
import { decide } from '../../src/call/decide.js'
import { type Directory, directoryOf } from '../../src/call/directory.js'
import type { Effect, Note } from '../../src/call/effect.js'
import { DIAL_STATUSES, type DialStatus, type Event } from '../../src/call/event.js'
import { inUse } from '../../src/call/slots.js'
import { initialState, type State } from '../../src/call/state.js'
import type { Line } from '../../src/model/line.js'
import { Secret } from '../../src/model/secret.js'
import type { Alias, ShortNumber, Site, Trunk } from '../../src/model/site.js'

/**
 * The small world of one scenario file: people, carriers, and the calls between
 * them, told to the core one event at a time.
 *
 * Unindented lines are what happens, indented ones what we do. `-u` rewrites
 * the indented ones: read the difference aloud before you commit it.
 */
export class World {
  readonly #lines: Line[] = []
  readonly #aliases: Alias[] = []
  readonly #shortNumbers: ShortNumber[] = []
  readonly #trunks: Trunk[] = []
  readonly #numbers = new Map<string, string>()
  readonly #attempts = new Map<string, Answer>()
  /** Legs that a line has transferred, as the dialplan remembers it. */
  readonly #transferors = new Map<string, string>()
  readonly #answered = new Set<string>()
  #state: State = initialState
  #at = 0

  /** One line of the file: what we do because of it, one text per effect. */
  tell(text: string): string[] {
    const [verb = '', ...words] = text.split(' ')
    const declared = this.#declare(verb, words)
    if (declared) return []
    if (verb === 'slots') return [this.#slots(words[0] ?? '')]
    const event = this.#event(verb, words)
    this.#at += 10
    const decision = decide(this.#state, event, this.#at, this.#directory())
    this.#state = decision.state
    return decision.effects.flatMap((effect) => this.#print(effect))
  }

  #declare(verb: string, [name = '', ...rest]: readonly string[]): boolean {
    const options = DECLARATIONS.has(verb) ? optionsIn(rest.join(' ')) : {}
    switch (verb) {
      case 'line':
        this.#lines.push({ ...this.#newLine(name), ...options })
        return true
      case 'alias': {
        const to = 'to' in options ? this.#number(String(options.to)) : undefined
        const number = this.#newNumber(name, '00339722', this.#aliases.length)
        const present = 'present' in options && options.present === true
        this.#aliases.push({ number, ...(to && { redirect: { line: to, present } }) })
        return true
      }
      case 'short':
        this.#shortNumbers.push(this.#short(name, options))
        return true
      case 'trunk':
        this.#trunks.push({
          name,
          address: { host: '127.0.0.5', port: 5080 + this.#trunks.length },
          format: 'format' in options && options.format === '00' ? '00' : 'e164',
        })
        return true
      default:
        return false
    }
  }

  #event(verb: string, words: readonly string[]): Event {
    const [leg = '', second = '', third = ''] = words
    switch (verb) {
      case 'departure':
        return { kind: 'departure', leg, line: this.#number(second), dialled: this.#number(third) }
      case 'arrival':
        return {
          kind: 'arrival',
          leg,
          trunk: this.#trunks[0]?.name ?? 'carrier',
          caller: second,
          dialled: this.#number(third),
        }
      case 'rings':
        return { kind: 'created', leg, line: this.#number(second), direction: 'in', dialled: '' }
      case 'dials':
        return {
          kind: 'created',
          leg,
          line: this.#number(second),
          direction: 'out',
          dialled: this.#number(third),
        }
      case 'answers':
        this.#answered.add(leg)
        return { kind: 'answered', leg }
      case 'holds':
        return { kind: 'held', leg }
      case 'resumes':
        return { kind: 'resumed', leg }
      case 'transfer':
        this.#transferors.set(leg, this.#number(second))
        return {
          kind: 'transfer',
          leg,
          transferor: this.#number(second),
          dialled: this.#number(third),
        }
      case 'transferred':
        return { kind: 'transferred', leg }
      case 'unplugged':
        return { kind: 'reachable', line: this.#number(leg), reachable: false }
      case 'plugged':
        return { kind: 'reachable', line: this.#number(leg), reachable: true }
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

  /** `a1=alice=out`, a leg of a line; `x1`, another channel; `beep:a1`, a beep of ours. */
  #snapshot(words: readonly string[]): Event {
    const legs = words.filter((word) => word.includes('='))
    return {
      kind: 'snapshot',
      askedAt: this.#at + 10,
      channels: words.map((word) => word.split('=')[0] ?? ''),
      beeps: words.flatMap((word) => (word.startsWith('beep:') ? [word.slice(5)] : [])),
      reachable: this.#lines.map(({ number }) => number),
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
        return { kind: 'outcome', leg, attempt, status: dialStatus(status), cause, transferor }
      }
      default:
        throw new Error(`scenario: leg ${leg} rings nowhere`)
    }
  }

  #print(effect: Effect): string[] {
    if (effect.kind === 'continue') this.#attempts.set(effect.leg, effect.answer)
    switch (effect.kind) {
      case 'continue':
        return [`continue ${effect.leg} ${this.#words(effect.answer)}`]
      case 'beep':
      case 'stopBeep':
        return [`${effect.kind} ${effect.leg}`]
      case 'setTransferGate':
        return [`setTransferGate ${effect.leg} ${effect.open ? 'open' : 'closed'}`]
      case 'note':
        return [this.#noted(effect.note)]
    }
  }

  #noted(note: Note): string {
    switch (note.kind) {
      case 'healed':
        return `healed released=${note.released} adopted=${note.adopted}`
      case 'decided':
        return `because ${note.step}`
      case 'ended': {
        const { from, to, steps } = note.call
        const [fromName, toName] = [this.#name(from), this.#name(to)]
        return `ended from=${fromName} to=${toName} steps=${steps} cause=${note.cause}`
      }
    }
  }

  #words(answer: Answer): string {
    const { kind, ...fields } = answer
    const words = Object.entries(fields).map(([key, value]) =>
      typeof value === 'object'
        ? `${value.kind} by=${this.#name(value.by)} hops=${value.hops}`
        : `${key}=${this.#name(String(value))}`,
    )
    return [kind, ...words].join(' ')
  }

  #slots(name: string): string {
    const used = inUse(this.#state.ledger, this.#number(name))
    return `${used} in use`
  }

  #newLine(name: string): Line {
    return {
      number: this.#newNumber(name, '00339721', this.#lines.length),
      name,
      password: new Secret('k7Vw2mXq9sLd4RtY'),
      plan: 'entreprise',
      calls: 2,
      language: 'fr',
      callWaiting: { beep: 'server' },
      intercom: false,
      forwarding: {},
      outgoing: { special: false, international: false },
      allowedNetworks: [],
      codecs: ['alaw'],
    }
  }

  #short(number: string, options: object): ShortNumber {
    const word = (key: string): string | undefined =>
      key in options ? String(Object.entries(options).find(([k]) => k === key)?.[1]) : undefined
    const line = word('line')
    const group = word('group')
    return {
      number,
      to: this.#number(word('to') ?? ''),
      ...(line !== undefined && { line: this.#number(line) }),
      ...(group !== undefined && { group }),
    }
  }

  #newNumber(name: string, prefix: string, count: number): string {
    const number = `${prefix}${String(count + 1).padStart(5, '0')}`
    this.#numbers.set(name, number)
    return number
  }

  #number(name: string): string {
    return this.#numbers.get(name) ?? name
  }

  #name(number: string): string {
    for (const [name, known] of this.#numbers) if (known === number) return name
    return number
  }

  #directory(): Directory {
    return directoryOf(siteOf(this.#lines, this.#aliases, this.#shortNumbers, this.#trunks))
  }
}

const DECLARATIONS = new Set(['line', 'alias', 'short', 'trunk'])

function optionsIn(json: string): object {
  const options: unknown = json === '' ? {} : JSON.parse(json)
  if (typeof options === 'object' && options !== null) return options
  throw new Error(`scenario: ${json} is no object`)
}

function dialStatus(word: string): DialStatus {
  const status = DIAL_STATUSES.find((known) => known === word)
  if (status) return status
  throw new Error(`scenario: ${word} is no DIALSTATUS`)
}

function siteOf(
  lines: readonly Line[],
  aliases: readonly Alias[],
  shortNumbers: readonly ShortNumber[],
  trunks: readonly Trunk[],
): Site {
  const loopback = (port: number) => ({ host: '127.0.0.1', port })
  return {
    site: { name: 'scenario', country: 'FR', timeZone: 'Europe/Paris', language: 'fr' },
    asterisk: {
      sip: loopback(5060),
      rtp: { from: 10000, to: 10999 },
      ari: loopback(8088),
      ami: loopback(5038),
      realm: 'linekeeper',
    },
    http: loopback(8080),
    plans: {},
    lines,
    aliases,
    shortNumbers,
    trunks,
    emergencyNumbers: ['15', '17', '18', '112'],
  }
}
