/** Of each source in a minute, and of each account that proved itself. */
const KEPT_OF_EACH = 20
/** Whoever forges his address is many sources. */
const KEPT_IN_ALL = 3_000
const NAMED_SOURCES = 100
const COUNTED_ACCOUNTS = 1_000

interface LeftOut {
  events: number
  last: string
  readonly accounts: Set<string>
}

/**
 * What is worth keeping of Asterisk's security events while somebody scans us (T04, F35):
 * of each source the first ones of every minute, as Asterisk wrote them, so that whatever
 * reads them still finds who fails and how often, and then one line that counts the rest.
 * That a challenge was sent says nothing: each phone is sent one.
 */
export class SecurityDigest {
  #minute = ''
  #all = 0
  readonly #kept = new Map<string, number>()
  readonly #leftOut = new Map<string, LeftOut>()

  /** The lines to keep of those given, which are in the order in which they were written. */
  of(lines: readonly string[]): string[] {
    return lines.flatMap((line) => {
      const event = fieldOf(line, 'SecurityEvent')
      if (event === '' || event === 'ChallengeSent') return []
      const counts = this.upTo(minuteOf(fieldOf(line, 'EventTV')))
      return [...counts, ...(this.#isKept(event, line) ? [line] : [])]
    })
  }

  /** The lines that count what was left out in the minutes before this one, as in ISO 8601. */
  upTo(minute: string): string[] {
    if (minute <= this.#minute) return []
    const counts = countsOf(this.#leftOut)
    this.#minute = minute
    this.#all = 0
    this.#kept.clear()
    this.#leftOut.clear()
    return counts
  }

  #isKept(event: string, line: string): boolean {
    const source = sourceOf(line)
    const account = fieldOf(line, 'AccountID')
    const whose = event === 'SuccessfulAuth' ? `account ${account}` : source
    const kept = this.#kept.get(whose) ?? 0
    if (kept < KEPT_OF_EACH && this.#all < KEPT_IN_ALL) {
      this.#kept.set(whose, kept + 1)
      this.#all += 1
      return true
    }
    const left = this.#leftOut.get(source) ?? { events: 0, last: '', accounts: new Set() }
    left.events += 1
    left.last = fieldOf(line, 'EventTV')
    if (left.accounts.size < COUNTED_ACCOUNTS) left.accounts.add(account)
    this.#leftOut.set(source, left)
    return false
  }
}

/** `2026-11-21T10:07`, of an instant as Asterisk or ISO 8601 writes it. */
export function minuteOf(instant: string): string {
  return instant.slice(0, 16)
}

/** The worst sources first; what all others did is one line. */
function countsOf(leftOut: ReadonlyMap<string, LeftOut>): string[] {
  const sources = [...leftOut].sort(([, a], [, b]) => b.events - a.events)
  const others = sources.slice(NAMED_SOURCES)
  const named = sources.slice(0, NAMED_SOURCES).map(([source, left]) => {
    const { events, last, accounts } = left
    return `SecurityEvent="LeftOut",EventTV="${last}",Count="${events}",Accounts="${accounts.size}",RemoteAddress="${source}"`
  })
  if (others.length === 0) return named
  const events = others.reduce((sum, [, left]) => sum + left.events, 0)
  return [
    ...named,
    `SecurityEvent="LeftOut",Count="${events}",Sources="${others.length}"`,
  ]
}

/** `IPV4/UDP/192.0.2.7`, without the port, which a scanner changes as it likes. */
function sourceOf(line: string): string {
  return fieldOf(line, 'RemoteAddress').replace(/\/\d+$/, '')
}

function fieldOf(line: string, name: string): string {
  const begin = line.indexOf(`${name}="`)
  if (begin === -1) return ''
  const from = begin + name.length + 2
  return line.slice(from, line.indexOf('"', from))
}
