import { type Directory, directoryOf } from '../../src/call/directory.js'
import type { Forwarding, ForwardTarget } from '../../src/model/forwarding.js'
import type { Line } from '../../src/model/line.js'
import { OrderTerms } from '../../src/model/order-terms.js'
import { Plan } from '../../src/model/plan.js'
import { Secret } from '../../src/model/secret.js'
import type { Site, Trunk } from '../../src/model/site.js'
import type { Random } from './random.js'

const secret = new Secret('k7Vw2mXq9sLd4RtY')
const calls = { included: 2, maximum: 9 }
const plans = {
  hours: Plan.parse({ label: 'hours', calls, mobile: { hours: 2 } }),
  unlimited: Plan.parse({ label: 'unlimited', calls, mobile: 'unlimited', fax: true }),
}

/** The last one is the site's own addition: no numbering plan knows it. */
export const EMERGENCY = ['15', '17', '18', '112', '1990']

/** Where a forward may lead outside, one number of each class. */
const OUTSIDE = [
  '0033612345678',
  '0033123456789',
  '0033899123456',
  '0034911234567',
  '00881612345678',
  '112',
] as const

const TARGETS = ['line', 'line', 'line', 'alias', 'box', 'fax', 'outside'] as const

/** A small site full of traps: few slots, forwards everywhere, circles among them. */
export class Estate {
  readonly #random: Random
  readonly #chains: boolean
  #lines: readonly Line[]
  readonly #trunks: readonly Trunk[]
  readonly #alias: { number: string; redirect?: { line: string; present: boolean } }
  #directory: Directory

  constructor(random: Random) {
    this.#random = random
    this.#chains = random.chance(0.25)
    const count = this.#chains ? random.between(5, 8) : random.between(2, 5)
    const numbers = Array.from({ length: count }, (_, at) => `003397210000${at}`)
    this.#lines = numbers.map((number, at) => this.#newLine(number, numbers, at))
    const formats = ['e164', '00'] as const
    this.#trunks = Array.from({ length: random.between(1, 2) }, (_, at) => ({
      name: `carrier${at}`,
      address: { host: `127.0.0.${at + 5}`, port: 5060 },
      format: random.pick(formats),
    }))
    const first = numbers[0]
    this.#alias = {
      number: '0033972200000',
      ...(first !== undefined && {
        redirect: { line: first, present: random.chance(0.5) },
      }),
    }
    this.#directory = this.#indexed()
  }

  get directory(): Directory {
    return this.#directory
  }

  get numbers(): readonly string[] {
    return this.#lines.map(({ number }) => number)
  }

  get alias(): string {
    return this.#alias.number
  }

  /** The site is reloaded with one line changed: what was, and what is. */
  change(): { readonly before: Line; readonly after: Line } | undefined {
    const numbers = this.numbers
    const before = this.#random.pick(this.#lines)
    if (!before) return undefined
    const after = {
      ...this.#newLine(before.number, numbers, numbers.indexOf(before.number)),
      intercom: before.intercom,
    }
    this.#lines = this.#lines.map((line) => (line === before ? after : line))
    this.#directory = this.#indexed()
    return { before, after }
  }

  #indexed(): Directory {
    return directoryOf(siteOf(this.#lines, this.#trunks, [this.#alias]))
  }

  #newLine(number: string, numbers: readonly string[], at: number): Line {
    const random = this.#random
    return {
      number,
      name: `line ${at}`,
      password: secret,
      plan: random.pick(['hours', 'unlimited']),
      calls: random.between(1, 3),
      language: 'fr',
      callWaiting: { beep: random.pick(['server', 'server', 'server', 'phone', 'off']) },
      intercom: random.chance(0.5),
      ...(random.chance(0.6) && { voicemail: { pin: secret } }),
      ...(random.chance(0.3) && { group: random.pick(['paris', 'lyon']) }),
      forwarding: this.#forwarding(numbers, at),
      outgoing: { special: random.chance(0.3), international: random.chance(0.3) },
      allowedNetworks: [],
      codecs: ['alaw'],
      doNotDisturb: random.chance(0.04),
      absent: random.chance(0.04),
      rejectAnonymous: random.chance(0.15),
    }
  }

  #forwarding(numbers: readonly string[], at: number): Forwarding {
    const random = this.#random
    const next = numbers[(at + 1) % numbers.length]
    if (this.#chains && next !== undefined && random.chance(0.85)) {
      return { unconditional: { to: { kind: 'number', number: next } } }
    }
    const to = (): ForwardTarget => this.#target(numbers)
    return {
      ...(random.chance(0.1) && { unconditional: { to: to() } }),
      ...(random.chance(0.35) && { busy: { to: to() } }),
      ...(random.chance(0.35) && {
        noAnswer: { after: random.between(5, 20), to: to() },
      }),
      ...(random.chance(0.35) && { unreachable: { to: to() } }),
    }
  }

  #target(numbers: readonly string[]): ForwardTarget {
    const random = this.#random
    const other = random.pick(numbers) ?? ''
    switch (random.pick(TARGETS)) {
      case 'line':
        return { kind: 'number', number: other }
      case 'alias':
        return { kind: 'number', number: '0033972200000' }
      case 'box':
        return random.chance(0.5)
          ? { kind: 'voicemail' }
          : { kind: 'voicemail', line: other }
      case 'fax':
        return { kind: 'fax' }
      case 'outside':
        return { kind: 'number', number: random.pick(OUTSIDE) }
    }
  }
}

function siteOf(
  lines: readonly Line[],
  trunks: readonly Trunk[],
  aliases: Site['aliases'],
): Site {
  const loopback = (port: number) => ({ host: '127.0.0.1', port })
  return {
    site: { name: 'simulation', country: 'FR', timeZone: 'Europe/Paris', language: 'fr' },
    asterisk: {
      sip: loopback(5060),
      rtp: { from: 10000, to: 10999 },
      ari: loopback(8088),
      ami: loopback(5038),
      realm: 'linekeeper',
    },
    http: loopback(8080),
    orders: OrderTerms.parse({}),
    plans,
    lines,
    aliases,
    shortNumbers: [],
    trunks,
    emergencyNumbers: EMERGENCY,
  }
}
