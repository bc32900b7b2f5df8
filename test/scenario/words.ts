import type { Answer } from '../../src/call/answer.js'
import type { CallRecord, Effect, Note } from '../../src/call/effect.js'

/** An effect as one line of a scenario; `named` gives a number its name. */
export function wordsOf(effect: Effect, named: (number: string) => string): string {
  switch (effect.kind) {
    case 'continue':
      return `continue ${effect.leg} ${effect.contested ? 'contested ' : ''}${answerIn(effect.answer, named)}`
    case 'beep':
    case 'stopBeep':
      return `${effect.kind} ${effect.leg}`
    case 'setTransferGate':
      return `setTransferGate ${effect.leg} ${effect.open ? 'open' : 'closed'}`
    case 'change':
      return `change ${effect.leg} ${named(effect.line)} ${JSON.stringify(effect.change)}`
    case 'note':
      return noteIn(effect.note, named)
  }
}

function answerIn(answer: Answer, named: (number: string) => string): string {
  const { kind, ...fields } = answer
  const words = Object.entries(fields).map(([key, value]) =>
    typeof value === 'object'
      ? `${value.kind} by=${named(value.by)} hops=${value.hops}`
      : `${key}=${named(String(value))}`,
  )
  return [kind, ...words].join(' ')
}

function noteIn(note: Note, named: (number: string) => string): string {
  switch (note.kind) {
    case 'harm':
      return `harm ${named(note.line)} ${note.class} ${note.limit} closed=${note.closed}`
    case 'pinLocked':
      return `pinLocked ${named(note.line)} ${note.lock}`
    case 'tooFast':
    case 'redirected':
    case 'misregistered':
      return `${note.kind} ${named(note.line)}`
    case 'healed':
      return `healed released=${note.released} adopted=${note.adopted}`
    case 'decided':
      return `because ${note.step}`
    case 'ended':
      return `ended ${callIn(note.call, named)} cause=${note.cause}`
  }
}

function callIn(call: CallRecord, named: (number: string) => string): string {
  const { from, to, steps, forwards, answeredAt, byItself } = call
  const legs = forwards.map(
    (leg) => ` forward=${named(leg.by)}>${named(leg.to)}:${leg.kind}:${leg.planType}`,
  )
  const answered = answeredAt === undefined ? '' : ' answered'
  const itself = byItself === true ? ' byItself' : ''
  return `from=${named(from)} to=${named(to)} steps=${steps}${legs.join('')}${answered}${itself}`
}
