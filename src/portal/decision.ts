import type { ForwardTarget } from '../model/forwarding.js'
import type { Line } from '../model/line.js'
import type { Format } from './format.js'
import type { Texts } from './texts.js'

/** One branch of what becomes of a call, in the order in which it is asked (spec D3). */
export interface Branch {
  /** The step of the core that takes it. */
  readonly step: string
  readonly condition: string
  readonly outcome: string
}

/** The branches that a line has: those that are always there, and those it has switched on. */
export function branchesOf(line: Line, t: Texts, format: Format): Branch[] {
  const { unconditional, noAnswer, busy, unreachable } = line.forwarding
  const to = (target: ForwardTarget): string =>
    `${t.goesTo} ${targetText(target, line, t, format)}`
  const branch = (step: string, condition: string, outcome: string): Branch => ({
    ...{ step, condition, outcome },
  })
  const optional = (isOn: boolean | undefined, made: () => Branch): Branch[] =>
    isOn ? [made()] : []
  const announced = t.announces
  return [
    ...optional(line.rejectAnonymous, () =>
      branch('anonymousRejected', t.nodeAnonymous, announced),
    ),
    ...optional(line.absent, () => branch('absent', t.nodeAbsent, announced)),
    ...optional(line.doNotDisturb, () =>
      branch('doNotDisturb', t.nodeDoNotDisturb, announced),
    ),
    ...(unconditional ? [branch('cfu', t.nodeCfu, to(unconditional.to))] : []),
    branch(
      'notReachable',
      t.nodeNotReachable,
      unreachable ? to(unreachable.to) : t.refusedAbsent,
    ),
    branch('noFreeCallSlot', t.nodeBusy, busy ? to(busy.to) : t.refusedBusy),
    branch(
      'ring',
      t.nodeRing,
      noAnswer ? `${t.afterSeconds} ${noAnswer.after} s ${to(noAnswer.to)}` : '',
    ),
  ]
}

/** `répondeur`, `répondeur de 09 72 10 00 02`, `06 12 34 56 78`. */
export function targetText(
  target: ForwardTarget,
  line: Line,
  t: Texts,
  format: Format,
): string {
  if (target.kind === 'number') return format.number(target.number)
  const own = target.kind === 'voicemail' ? t.voicemailOf : t.faxOf
  return `${own} ${format.number(target.line ?? line.number)}`
}

const ROW_HEIGHT = 56
const BOX_HEIGHT = 40

/** Where each branch is drawn; the lit one is the one a call would take now. */
export function decisionView(branches: readonly Branch[], step: string | undefined) {
  const at = branches.findIndex((branch) => branch.step === step)
  return {
    height: branches.length * ROW_HEIGHT,
    isKnown: at >= 0,
    branches: branches.map(({ condition, outcome }, index) => ({
      condition,
      outcome,
      isLit: index === at,
      hasOutcome: outcome !== '',
      y: index * ROW_HEIGHT + 4,
      textY: index * ROW_HEIGHT + 4 + BOX_HEIGHT / 2 + 5,
      middle: index * ROW_HEIGHT + 4 + BOX_HEIGHT / 2,
      bottom: index * ROW_HEIGHT + 4 + BOX_HEIGHT,
      nextY: (index + 1) * ROW_HEIGHT + 4,
      isLast: index === branches.length - 1,
      isPassed: index < at,
    })),
  }
}
