import type { Line } from '../model/line.js'
import type { Answer } from './answer.js'
import type { Coding } from './code-command.js'
import type { CodeTarget } from './codes.js'
import { destinationFrom } from './destination.js'
import type { Directory } from './directory.js'
import type { Routing } from './routing.js'

/**
 * `*11#` takes over the call that has rung longest in the line's billing group, `*11*N`
 * the one that rings line N of the same group (spec B1.6, row F21). Undefined for any
 * other code, and for a locked phone, to which codes answer that it is.
 */
export function pickUp(
  { parsed, directory }: Coding,
  line: Line,
  routing: Routing,
): Answer | undefined {
  if (parsed.kind !== 'command' || parsed.command.service !== 'pickup') return undefined
  if (line.lock?.active) return undefined
  const { to } = parsed.command
  const named = to && lineNamed(to, line, directory)
  if (to && (!named || named.group !== line.group)) return refusal('pickup-refused')
  const found = routing.ringing().find((ringing) => {
    if (ringing.line === line.number) return false
    if (named) return ringing.line === named.number
    return directory.lines.get(ringing.line)?.group === line.group
  })
  return found ? { kind: 'pickup', ringing: found.leg } : refusal('nothing-to-pick-up')
}

function lineNamed(to: CodeTarget, line: Line, directory: Directory): Line | undefined {
  if (to.kind === 'voicemail') return undefined
  const leads = destinationFrom(line, to.number, directory)
  return leads.kind === 'line' ? leads.line : undefined
}

function refusal(says: 'pickup-refused' | 'nothing-to-pick-up'): Answer {
  return { kind: 'code', refused: true, says }
}
