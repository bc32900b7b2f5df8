import type { Explanation } from '../call/explain.js'
import { findingOf, type Heard, heardOf } from './call-words.js'

/** The part of an explanation that is read aloud: of `explain`, or of the API's `why`. */
export interface Told {
  readonly steps: readonly {
    readonly at: string
    readonly passed: readonly string[]
    readonly step: string
  }[]
  readonly forwards: readonly {
    readonly by: string
    readonly kind: string
    readonly to: string
    readonly planType: string
  }[]
  readonly answer: { readonly kind: string }
  readonly heard: Heard
}

/** Writes a number with the name of its line, where it has one. */
export type NameOf = (number: string) => string

/** An explanation as lines of text, and below it what follows when nobody answers. */
export function explanationText(explanation: Explanation, nameOf: NameOf): string[] {
  const lines = toldText(explanation, nameOf)
  for (const { when, next } of explanation.unanswered) {
    lines.push('', `${CONDITIONS[when](explanation)}:`)
    lines.push(...toldText(next, nameOf).map((line) => `  ${line}`))
  }
  return lines
}

const CONDITIONS: Readonly<
  Record<Explanation['unanswered'][number]['when'], (told: Explanation) => string>
> = {
  noAnswer: ({ answer }) =>
    `If nobody answers${'seconds' in answer ? ` in ${answer.seconds} s` : ''}`,
  busy: () => 'If the phone says that it is busy',
  notReachable: () => 'If the phone does not answer at all',
}

/** Every step asked, one line each; then the forwards, the answer, and what is heard. */
export function toldText(
  { steps, forwards, answer, heard }: Told,
  nameOf: NameOf,
): string[] {
  const width = Math.max(
    ...steps.flatMap(({ passed, step }) => [step, ...passed]).map(lengthOf),
  )
  const lines: string[] = []
  for (const { at, passed, step } of steps) {
    if (at !== '') lines.push(FORWARD_NAMES[at] ?? nameOf(at))
    for (const name of passed) lines.push(`  no   ${name}`)
    lines.push(`  yes  ${step.padEnd(width)}  ${findingOf(step)}`)
  }
  for (const { by, kind, to, planType } of forwards) {
    const name = FORWARD_NAMES[kind] ?? kind
    lines.push(
      `forward  ${nameOf(by)} → ${nameOf(to)}, ${name}, ${PLAN_TYPES[planType] ?? planType}`,
    )
  }
  lines.push(`answer   ${answerText(answer, nameOf)}`)
  lines.push(`caller   gets ${heardOf(heard)}`)
  return lines
}

const FORWARD_NAMES: Readonly<Record<string, string>> = {
  cfu: 'forward of every call (CFU)',
  cfb: 'forward when busy (CFB)',
  cfnr: 'forward on no reply (CFNR)',
  cfnl: 'forward when not registered (CFNL)',
}

const PLAN_TYPES: Readonly<Record<string, string>> = {
  priceplan: 'covered by the plan',
  outplan: 'out of plan',
}

/** `ring 0033972100002 Atelier seconds=60 waiting=false`. */
function answerText(answer: { readonly kind: string }, nameOf: NameOf): string {
  const { kind, ...rest } = answer
  const words = Object.entries(rest).flatMap(([key, value]: [string, unknown]) => {
    if (value === undefined || key === 'diversion') return []
    return [key === 'line' ? nameOf(String(value)) : `${key}=${String(value)}`]
  })
  return [kind, ...words].join(' ')
}

function lengthOf(text: string): number {
  return text.length
}
