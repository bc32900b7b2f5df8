import type { Forwarding, ForwardTarget } from '../../src/model/forwarding.js'
import type { Line } from '../../src/model/line.js'
import { OrderTerms } from '../../src/model/order-terms.js'
import { Plan } from '../../src/model/plan.js'
import { Secret } from '../../src/model/secret.js'
import type { Alias, ShortNumber, Site, Trunk } from '../../src/model/site.js'

/** Who exists in a scenario: names for numbers, and the site made of them. */
export class PhoneBook {
  readonly #lines = new Map<string, Line>()
  readonly #aliases: Alias[] = []
  readonly #shortNumbers: ShortNumber[] = []
  readonly #trunks: Trunk[] = []
  readonly #plans: Record<string, Plan> = {}
  readonly #numbers = new Map<string, string>()
  /** More of the site's own section. */
  #settings: object = {}

  /** `line bob {"calls":1}`; false for a word that declares nothing. */
  declare(kind: string, name: string, options: object): boolean {
    switch (kind) {
      case 'line':
        this.#lines.set(name, { ...this.#newLine(name), ...options })
        return true
      case 'alias': {
        const to = 'to' in options ? this.number(String(options.to)) : undefined
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
      case 'site':
        this.#settings = options
        return true
      case 'plan':
        this.#plans[name] = planOf(options)
        return true
      default:
        return false
    }
  }

  /** `set bob {"calls":2}`: the site is reloaded with another bob. */
  change(name: string, options: object): void {
    const line = this.#lines.get(name)
    if (!line) throw new Error(`scenario: no line is called ${name}`)
    this.#lines.set(name, { ...line, ...options })
  }

  /** `remove bob`: the site is reloaded without him. */
  remove(name: string): void {
    this.#lines.delete(name)
  }

  /** The number of a name; any other word stands for itself. */
  number(name: string): string {
    return this.#numbers.get(name) ?? name
  }

  name(number: string): string {
    for (const [name, known] of this.#numbers) if (known === number) return name
    return number
  }

  get lineNumbers(): string[] {
    return [...this.#lines.values()].map(({ number }) => number)
  }

  site(): Site {
    const loopback = (port: number) => ({ host: '127.0.0.1', port })
    return {
      site: {
        name: 'scenario',
        ...{ country: 'FR', timeZone: 'Europe/Paris', language: 'fr' },
        ...this.#settings,
      },
      asterisk: {
        sip: loopback(5060),
        rtp: { from: 10000, to: 10999 },
        ari: loopback(8088),
        ami: loopback(5038),
        realm: 'linekeeper',
      },
      http: loopback(8080),
      orders: OrderTerms.parse({}),
      plans: this.#plans,
      lines: [...this.#lines.values()].map((line) => this.#resolved(line)),
      aliases: this.#aliases,
      shortNumbers: this.#shortNumbers,
      trunks: this.#trunks,
      emergencyNumbers: ['15', '17', '18', '112', '1234'],
    }
  }

  #newLine(name: string): Line {
    return {
      number: this.#newNumber(name, '00339721', this.#lines.size),
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

  /** Forwards name people, also such as are declared further down. */
  #resolved(line: Line): Line {
    const to = <Forward extends { readonly to: ForwardTarget }>(forward: Forward) => ({
      ...forward,
      to: this.#target(forward.to),
    })
    const { unconditional, busy, noAnswer, unreachable } = line.forwarding
    const forwarding: Forwarding = {
      ...(unconditional && { unconditional: to(unconditional) }),
      ...(busy && { busy: to(busy) }),
      ...(noAnswer && { noAnswer: to(noAnswer) }),
      ...(unreachable && { unreachable: to(unreachable) }),
    }
    return { ...line, forwarding }
  }

  #target(target: ForwardTarget): ForwardTarget {
    if (target.kind === 'number') return { ...target, number: this.number(target.number) }
    return target.line === undefined
      ? target
      : { ...target, line: this.number(target.line) }
  }

  #short(number: string, options: object): ShortNumber {
    const words = new Map(
      Object.entries(options).map(([key, value]) => [key, String(value)]),
    )
    const line = words.get('line')
    const group = words.get('group')
    return {
      number,
      to: this.number(words.get('to') ?? ''),
      ...(line !== undefined && { line: this.number(line) }),
      ...(group !== undefined && { group }),
    }
  }

  #newNumber(name: string, prefix: string, count: number): string {
    const number = `${prefix}${String(count + 1).padStart(5, '0')}`
    this.#numbers.set(name, number)
    return number
  }
}

function planOf(options: object): Plan {
  const calls = { included: 2, maximum: 10 }
  return Plan.parse({ label: 'a plan', calls, ...options })
}
