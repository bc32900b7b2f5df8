import type { Answer, Attempt } from '../call/answer.js'
import { CAUSES } from '../call/cause.js'

/** A place in the generated dialplan (templates/extensions). */
export interface Place {
  readonly context: string
  readonly extension: string
}

/**
 * An answer as the context and extension of one `continue`. The parts of an
 * extension are joined by `*`, which no number to be dialled contains.
 */
export function placeOf(answer: Answer): Place {
  switch (answer.kind) {
    case 'ring': {
      const waiting = answer.waiting ? '1' : '0'
      return {
        context: 'ring',
        extension: `${answer.line}*${answer.seconds}*${waiting}`,
      }
    }
    case 'trunk': {
      const { number, trunk, presented = '' } = answer
      return { context: 'trunk', extension: `${number}*${trunk}*${presented}` }
    }
    case 'refuse':
      return { context: 'refuse', extension: String(CAUSES[answer.cause]) }
  }
}

/** The answer that an `outcome` comes from; undefined for what we never said. */
export function attemptOf(extension: string): Attempt | undefined {
  const [first = '', second = '', third = '', ...more] = extension.split('*')
  if (more.length > 0 || first === '') return undefined
  if (/^\d+$/.test(second)) {
    return {
      kind: 'ring',
      line: first,
      seconds: Number(second),
      waiting: third === '1',
    }
  }
  if (!/^[a-z][a-z0-9_-]*$/.test(second)) return undefined
  return {
    kind: 'trunk',
    number: first,
    trunk: second,
    presented: third === '' ? undefined : third,
  }
}
