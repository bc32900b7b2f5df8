import type { Answer } from '../../../src/call/answer.js'
import { arrive } from '../../../src/call/arrival.js'
import type { Decided } from '../../../src/call/decided.js'
import { type Directory, directoryOf } from '../../../src/call/directory.js'
import type { Routing } from '../../../src/call/routing.js'
import type { ForwardTarget } from '../../../src/model/forwarding.js'
import type { Line } from '../../../src/model/line.js'
import { Secret } from '../../../src/model/secret.js'
import { PhoneBook } from '../../scenario/phone-book.js'

/*
 * The small world of the tables: alice, whom the row is about; bob, who is free; carol,
 * who has a box; and two carriers.
 */

export const ALICE = '0033972100001'
export const BOB = '0033972100002'
export const CAROL = '0033972100003'
export const MOBILE = '0033612345678'

export const box = { voicemail: { pin: new Secret('204060') } }
export const toBob: { to: ForwardTarget } = { to: { kind: 'number', number: 'bob' } }

export interface Around {
  readonly inUse?: number
  readonly tooFast?: true
  readonly unplugged?: readonly string[]
  readonly caller?: string
  readonly forwardedBy?: readonly string[]
  readonly sentOutside?: number
  readonly trunks?: readonly string[]
}

export function directoryWith(
  alice: Partial<Line>,
  trunks: readonly string[] = ['first', 'second'],
): Directory {
  const book = new PhoneBook()
  book.declare('line', 'alice', { calls: 1, ...alice })
  book.declare('line', 'bob', {})
  book.declare('line', 'carol', box)
  book.declare('alias', 'main', { to: 'bob' })
  book.declare('alias', 'unused', {})
  book.declare('plan', 'fax', { fax: true })
  book.declare('plan', 'hours', { mobile: { hours: 2 } })
  book.declare('plan', 'unlimited', { mobile: 'unlimited' })
  for (const trunk of trunks) book.declare('trunk', trunk, {})
  return directoryOf(book.site())
}

export function routingWith(directory: Directory, around: Around = {}): Routing {
  const { inUse = 0, unplugged = [], caller = '+33687654321', forwardedBy = [] } = around
  const { sentOutside = 0 } = around
  return {
    directory,
    inUse: (line) => (line === ALICE ? inUse : 0),
    ringing: () => [],
    sentOutside: () => sentOutside,
    calledEmergency: () => false,
    tooMuch: () => undefined,
    reachable: (line) => !unplugged.includes(line),
    arrive,
    caller,
    forwardedBy,
  }
}

export function lineOf(directory: Directory, number: string): Line {
  const line = directory.lines.get(number)
  if (!line) throw new Error(`no line ${number}`)
  return line
}

const NAMES = new Map([
  [ALICE, 'alice'],
  [BOB, 'bob'],
  [CAROL, 'carol'],
])

/** An answer in a few words: `ring bob 60`, `refuse userBusy`. */
export function said(answer: Answer): string {
  switch (answer.kind) {
    case 'ring':
      return `ring ${named(answer.line)} ${answer.seconds}${answer.waiting ? ' waiting' : ''}`
    case 'trunk':
      return `trunk ${answer.trunk} ${answer.number}`
    case 'intercom':
    case 'recall':
    case 'consult':
    case 'fax':
      return `${answer.kind} ${named(answer.line)}`
    case 'voicemail':
      return `voicemail ${named(answer.line)} ${answer.greeting}`
    case 'pickup':
      return `pickup ${answer.ringing}`
    case 'wait':
      return `wait ${answer.milliseconds}`
    case 'voicemail-access':
      return answer.kind
    case 'pin':
      return `pin ${answer.nthTry}`
    case 'announce':
      return `announce ${answer.announcement} ${answer.cause}`
    case 'refuse':
      return `refuse ${answer.cause}`
    case 'code': {
      const { says, andThen, digits, seconds } = answer
      const words = [answer.refused ? 'no' : 'says', says, andThen, digits, seconds]
      return words.filter((word) => word !== undefined).join(' ')
    }
  }
}

/** The steps that decided, and the answer: `cfu ring: ring bob 60`. */
export function told({ steps, answer }: Decided): string {
  return `${steps.map(({ step }) => step).join(' ')}: ${said(answer)}`
}

function named(number: string): string {
  return NAMES.get(number) ?? number
}
