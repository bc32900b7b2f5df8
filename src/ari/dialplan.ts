import type { Answer, Attempt, Diversion, ForwardKind } from '../call/answer.js'
import { CAUSES } from '../call/cause.js'

/** A place in the generated dialplan (templates/extensions). */
export interface Place {
  readonly context: string
  readonly extension: string
}

/**
 * An answer as the context and extension of one `continue`. The parts of an
 * extension are joined by `*`, which no number to be dialled contains, and
 * Asterisk allows it 79 characters. A contested one goes there by way of the groups.
 */
export function placeOf(answer: Answer, contested?: true): Place {
  const context = contested ? `contested-${answer.kind}` : answer.kind
  const parts = partsOf(answer)
  return { context, extension: parts.join('*') }
}

function partsOf(answer: Answer): readonly (string | number)[] {
  switch (answer.kind) {
    case 'ring': {
      const { line, seconds, waiting, hidden, diversion } = answer
      return [line, seconds, `${waiting ? 1 : 0}${mark(hidden)}`, ...diverted(diversion)]
    }
    case 'trunk': {
      const { number, trunk, presented = '', hidden, diversion } = answer
      return [number, trunk, `${mark(hidden)}${presented}`, ...diverted(diversion)]
    }
    case 'intercom':
      return [answer.line, answer.seconds, ...(answer.hidden ? [HIDDEN] : [])]
    case 'recall':
      return [answer.line, answer.seconds]
    case 'voicemail': {
      const { line, greeting, hidden } = answer
      return [line, greeting === 'busy' ? 'b' : 'u', ...(hidden ? [HIDDEN] : [])]
    }
    case 'consult':
    case 'fax':
      return [answer.line]
    case 'voicemail-access':
      return ['s']
    case 'pickup':
      return [answer.ringing]
    case 'wait':
      return [answer.milliseconds / 1000, answer.dialled]
    case 'pin':
      return [`${answer.nthTry}${answer.dialled}`]
    case 'announce':
      return [
        CAUSES[answer.cause],
        answer.announcement,
        ...(answer.language ? [answer.language] : []),
      ]
    case 'refuse':
      return [CAUSES[answer.cause]]
    case 'code': {
      const { says, refused, andThen = '', digits = '', seconds = '' } = answer
      return [says, refused ? 1 : 0, andThen, digits, seconds]
    }
  }
}

/** Marks a call whose caller hides his number. */
const HIDDEN = 'h'

function mark(hidden: true | undefined): string {
  return hidden ? HIDDEN : ''
}

function hiddenIf(marked: boolean): { readonly hidden?: true } {
  return marked ? { hidden: true } : {}
}

function diverted(diversion: Diversion | undefined): readonly (string | number)[] {
  return diversion ? [diversion.hops, diversion.by, diversion.kind] : []
}

const FORWARD_KINDS: readonly ForwardKind[] = ['cfu', 'cfb', 'cfnr', 'cfnl']

/**
 * The answer that an `outcome` comes from, by the extension we gave it and the
 * context it went to; undefined for what we never said.
 */
export function attemptOf(kind: string, extension: string): Attempt | undefined {
  const [first = '', second = '', third = '', ...rest] = extension.split('*')
  if (first === '') return undefined
  switch (kind) {
    case 'ring':
      return {
        kind: 'ring',
        line: first,
        seconds: Number(second),
        waiting: third.startsWith('1'),
        ...hiddenIf(third.endsWith(HIDDEN)),
        ...diversionIn(rest),
      }
    case 'trunk':
      return {
        kind: 'trunk',
        number: first,
        trunk: second,
        presented: third.replace(HIDDEN, '') || undefined,
        ...hiddenIf(third.startsWith(HIDDEN)),
        ...diversionIn(rest),
      }
    case 'intercom':
      return { kind, line: first, seconds: Number(second), ...hiddenIf(third === HIDDEN) }
    case 'recall':
      return { kind, line: first, seconds: Number(second) }
    default:
      return undefined
  }
}

function diversionIn([hops, by, word]: readonly string[]): { diversion?: Diversion } {
  const kind = FORWARD_KINDS.find((known) => known === word)
  if (hops === undefined || by === undefined || kind === undefined) return {}
  return { diversion: { by, kind, hops: Number(hops) } }
}
