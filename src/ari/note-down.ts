import type { Logger } from 'pino'
import type { Directory } from '../call/directory.js'
import type { Note } from '../call/effect.js'
import { isTooFast } from '../call/floods.js'

/** Writes a note of the core to the log: one line at `info` for each call. */
export function noteDown(log: Logger, directory: Directory, note: Note): void {
  switch (note.kind) {
    case 'decided':
      log.debug(
        { leg: note.leg, question: note.question, step: note.step, answer: note.answer },
        'decided',
      )
      return
    case 'ended': {
      // A flood is told of as one (CallRecorder).
      if (isTooFast(note.call.steps)) return
      const { leg, from, to, steps, since, forwards, answeredAt, byItself } = note.call
      log.info(
        {
          leg,
          from: maskedUnlessLine(from, directory),
          to: maskedUnlessLine(to, directory),
          steps,
          cause: note.cause,
          ...(answeredAt !== undefined && { answered: true }),
          ...(byItself && { byItself }),
          ...(forwards.length > 0 && {
            forwards: forwards.map((each) => ({
              ...each,
              to: maskedUnlessLine(each.to, directory),
            })),
          }),
          seconds: Math.round((note.endedAt - since) / 100) / 10,
        },
        'call',
      )
      return
    }
    case 'pinLocked':
      log.warn(
        { line: note.line, lock: note.lock },
        'too many wrong PINs: the lock stays shut',
      )
      return
    case 'harm': {
      const { kind: _, ...harm } = note
      log.warn(harm, 'limits on harm')
      return
    }
    case 'tooFast':
      log.warn({ line: note.line }, 'calls begun too fast: those beyond the pace get 503')
      return
    case 'redirected':
      log.warn({ line: note.line }, 'the phone sends its calls elsewhere: refused')
      return
    case 'misregistered':
      log.warn({ line: note.line }, 'the phone has registered an address not its own')
      return
    case 'healed':
      log.info({ released: note.released, adopted: note.adopted }, 'ledger healed')
  }
}

/** The last four digits of outside numbers are nobody's business in a log (T42). */
function maskedUnlessLine(number: string, { lines }: Directory): string {
  if (lines.has(number) || number.length < 8) return number
  return `${number.slice(0, -4)}····`
}
