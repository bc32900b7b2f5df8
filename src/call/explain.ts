import { toCarrier } from '../model/phone-number.js'
import type { Answer, Attempt } from './answer.js'
import { arrive } from './arrival.js'
import { CAUSES, type Cause, SIP_CODES } from './cause.js'
import type { Decided, Taken } from './decided.js'
import { depart } from './departure.js'
import type { Directory } from './directory.js'
import type { ForwardedLeg } from './effect.js'
import type { DialStatus } from './event.js'
import { conclude } from './outcome.js'
import { arrivingOf, departingOf, serviceAt } from './questions.js'
import type { Routing } from './routing.js'
import { holding, ledgerOf } from './slots.js'
import { initialState, type State } from './state.js'

/*
 * What would become of a call, and why: the lists of steps that decide at run
 * time, asked about a call that nobody makes.
 */

/** Who calls: a line, or somebody outside, whose call comes through the trunk. */
export type Caller =
  | { readonly kind: 'line'; readonly line: string }
  /** Empty: he hides his number. */
  | { readonly kind: 'outside'; readonly number: string }

/** What is assumed of the lines; of the others, that they are free and can be reached. */
export interface Assumed {
  /** Call slots in use, by line. */
  readonly inUse: ReadonlyMap<string, number>
  readonly unreachable: ReadonlySet<string>
}

export interface Explanation {
  readonly question: 'departure' | 'arrival' | 'outcome'
  /** One pass through a list of steps for each line the call comes to. */
  readonly steps: readonly Taken[]
  readonly forwards: readonly ForwardedLeg[]
  readonly answer: Answer
  readonly heard: Heard
  /** When a phone rings: what follows when it is not answered. */
  readonly unanswered: readonly Unanswered[]
}

export interface Unanswered {
  readonly when: 'noAnswer' | 'busy' | 'notReachable'
  readonly next: Explanation
}

/** What the caller gets. */
export type Heard =
  | {
      readonly kind:
        | 'ringing'
        | 'carrier'
        | 'voicemail'
        | 'fax'
        | 'answered'
        | 'pin'
        | 'code'
    }
  /** `sip` is what a phone is told, `q850` what a carrier is. */
  | {
      readonly kind: 'refusal' | 'announcement'
      readonly cause: Cause
      readonly q850: number
      readonly sip: number
    }

/** The core tells legs apart by name; this one is in no ledger. */
const ASKING = 'asking'

/** Undefined when the calling line is none of the site. */
export function explain(
  directory: Directory,
  { from, to, assumed }: { from: Caller; to: string; assumed: Assumed },
): Explanation | undefined {
  const state = stateOf(assumed)
  if (from.kind === 'line') {
    const question = {
      kind: 'departure',
      leg: ASKING,
      line: from.line,
      dialled: to,
      waited: true,
    } as const
    const departing = departingOf(state, question, 0, directory)
    return departing && explained('departure', depart(departing), departing.routing)
  }
  const [trunk] = directory.trunks
  const caller = from.number === '' ? '' : toCarrier(from.number, trunk?.format ?? 'e164')
  const arrival = { kind: 'arrival', leg: ASKING, dialled: to } as const
  const question = { ...arrival, trunk: trunk?.name ?? '', caller }
  const service = serviceAt(to, directory)
  if (service) return explanationOf('arrival', service, [])
  const arriving = arrivingOf(state, question, 0, directory)
  if (!arriving) return explanationOf('arrival', NUMBER_UNKNOWN, [])
  return explained('arrival', arrive(arriving.line, arriving.routing), arriving.routing)
}

/** What a line would do now with a call of somebody outside who shows his number. */
export function explainArrival(
  state: State,
  line: string,
  at: number,
  directory: Directory,
): Explanation | undefined {
  const caller = 'somebody'
  const question = {
    kind: 'arrival',
    leg: ASKING,
    trunk: '',
    dialled: line,
    caller,
  } as const
  const arriving = arrivingOf(state, question, at, directory)
  if (!arriving) return undefined
  return explanationOf('arrival', arrive(arriving.line, arriving.routing), [])
}

/** As the core answers a number that nobody has. */
const NUMBER_UNKNOWN: Decided = {
  answer: { kind: 'refuse', cause: 'unallocatedNumber' },
  steps: [{ at: '', passed: [], step: 'numberUnknown' }],
  forwards: [],
}

function stateOf({ inUse, unreachable }: Assumed): State {
  const held = [...inUse].flatMap(([line, count]) =>
    Array.from({ length: count }, (_, at) => {
      const leg = `${line} ${at}`
      return holding('leg', { leg, line, direction: 'in', answered: true }, 0)
    }),
  )
  return { ...initialState, unreachable, ledger: ledgerOf(held) }
}

/** How a dial may end, as Asterisk reports it for a phone. */
const ENDINGS: readonly (readonly [Unanswered['when'], DialStatus, number])[] = [
  ['noAnswer', 'NOANSWER', 19],
  ['busy', 'BUSY', 17],
  ['notReachable', 'CHANUNAVAIL', 18],
]

function explained(
  question: Explanation['question'],
  decided: Decided,
  routing: Routing,
): Explanation {
  const attempt = rung(decided.answer)
  if (!attempt) return explanationOf(question, decided, [])
  const forwardedBy = decided.forwards.map(({ by }) => by)
  const unanswered = ENDINGS.map(([when, status, cause]) => {
    const ended = { attempt, status, cause, routing: { ...routing, forwardedBy } }
    return { when, next: explanationOf('outcome', conclude(ended), []) }
  })
  return explanationOf(question, decided, unanswered)
}

function explanationOf(
  question: Explanation['question'],
  { answer, steps, forwards }: Decided,
  unanswered: readonly Unanswered[],
): Explanation {
  return { question, steps, forwards, answer, heard: heardOf(answer), unanswered }
}

function rung(answer: Answer): Attempt | undefined {
  return answer.kind === 'ring' || answer.kind === 'intercom' ? answer : undefined
}

function heardOf(answer: Answer): Heard {
  switch (answer.kind) {
    case 'ring':
    case 'recall':
      return { kind: 'ringing' }
    case 'intercom':
      return { kind: 'answered' }
    case 'trunk':
      return { kind: 'carrier' }
    case 'voicemail':
    case 'consult':
    case 'voicemail-access':
      return { kind: 'voicemail' }
    case 'pin':
      return { kind: 'pin' }
    case 'pickup':
      return { kind: 'answered' }
    case 'wait':
      return { kind: 'ringing' }
    case 'fax':
      return { kind: 'fax' }
    case 'code':
      return { kind: 'code' }
    case 'announce':
      return { kind: 'announcement', ...codesOf(answer.cause) }
    case 'refuse':
      return { kind: 'refusal', ...codesOf(answer.cause) }
  }
}

function codesOf(cause: Cause) {
  return { cause, q850: CAUSES[cause], sip: SIP_CODES[cause] }
}
