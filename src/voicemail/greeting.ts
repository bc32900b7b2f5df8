import { finding } from '../model/finding.js'
import { readWav, type WavRead } from './wav.js'

/**
 * What callers hear of a box before the tone: when nobody answers, when the line is busy,
 * and, while it is there, the temporary one instead of both (spec B8).
 */
export const greetingKinds = ['unavailable', 'busy', 'temporary'] as const
export type GreetingKind = (typeof greetingKinds)[number]

/** A greeting that its user has made; where there is none, ours is played. */
export interface Greeting {
  readonly kind: GreetingKind
  readonly seconds: number
  /** Wall clock, milliseconds. */
  readonly at: number
}

/** Of a file (spec C4): room for two minutes of 16 bits and 43,000 samples a second. */
export const MAX_BYTES = 10 * 1024 * 1024
const MIN_SECONDS = 0.5
const MAX_SECONDS = 120

/** The sound of a greeting that somebody sends; refused with every reason. */
export function readGreeting(bytes: Buffer): WavRead {
  const read = readWav(bytes)
  if (read.kind === 'refused') return read
  const seconds = read.wav.frames / read.wav.rate
  if (seconds >= MIN_SECONDS && seconds <= MAX_SECONDS) return read
  const lasts = ` lasts ${seconds.toFixed(1)} s`
  return { kind: 'refused', findings: [finding('sound.length', [], lasts)] }
}
