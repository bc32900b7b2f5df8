import type { Line } from '../model/line.js'
import { parseNumber } from '../model/phone-number.js'
import type { Answer } from './answer.js'
import type { CodeUse, Coding, Obeyed } from './code-command.js'
import { parseCode } from './codes.js'
import type { Directory } from './directory.js'
import type { Effect } from './effect.js'
import type { Event, Question } from './event.js'
import type { Decision, State } from './state.js'

/*
 * A feature code in the course of a call: asked as a departure, obeyed (code-command),
 * its change stored by the shell, and only then answered.
 */

/** A dialled string that is a feature code, for the rules; nothing for any other. */
export function codingOf(
  line: Line,
  dialled: string,
  use: CodeUse,
  { at, directory }: { readonly at: number; readonly directory: Directory },
): { readonly coding?: Coding } {
  const { country } = directory
  if (parseNumber(dialled, country).kind !== 'code') return {}
  return { coding: { line, parsed: parseCode(dialled, country), use, at, directory } }
}

/** Whether something dialled can be a feature code: nothing else begins so. */
export function isLikeCode(dialled: string): boolean {
  return dialled.startsWith('*') || dialled.startsWith('#')
}

/** Whether what is dialled uses no call slot by the setting of the site (spec D1). */
export function isFree({ parsed, directory }: Coding): boolean {
  const picksUp = parsed.kind === 'command' && parsed.command.service === 'pickup'
  return !directory.codesCount && !picksUp
}

/** A change is on the disk before its code is answered: no false confirmation (row F14). */
export function storedFirst(
  { state, effects }: Decision,
  { leg, line }: Extract<Question, { kind: 'departure' }>,
  obeyed: Obeyed | undefined,
): Decision {
  if (!obeyed) return { state, effects }
  const { change, pinLocked, use } = obeyed
  const stored = effects.map((effect): Effect => {
    if (!change || effect.kind !== 'continue') return effect
    return { kind: 'change', leg, line, change, answer: effect.answer }
  })
  const alarm: Effect[] = pinLocked
    ? [{ kind: 'note', note: { kind: 'pinLocked', line, lock: pinLocked } }]
    : []
  return { state: { ...state, codeUse: use }, effects: [...stored, ...alarm] }
}

/** The shell has stored the change, or could not. */
export function onCoded(
  state: State,
  { leg, answer, stored }: Extract<Event, { kind: 'coded' }>,
): Decision {
  if (stored === 'stored') return { state, effects: [{ kind: 'continue', leg, answer }] }
  const call = state.calls.get(leg)
  const steps = [...(call?.steps ?? []), 'codeNotStored']
  const calls = call ? state.calls.with(leg, { ...call, steps }) : state.calls
  return {
    state: { ...state, calls },
    effects: [{ kind: 'continue', leg, answer: FAILED[stored] }],
  }
}

const FAILED: Readonly<Record<'refused' | 'failed', Answer>> = {
  refused: { kind: 'code', refused: true, says: 'refused' },
  failed: { kind: 'code', refused: true, says: 'not-changed' },
}
