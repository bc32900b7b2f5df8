import type { ForwardTarget } from '../model/forwarding.js'
import type { Line } from '../model/line.js'
import type { Format } from './format.js'
import type { Texts } from './texts.js'

/** One branch of what becomes of a call, in the order in which it is asked (spec D3). */
export interface Branch {
  /** The step of the core that takes it. */
  readonly step: string
  readonly condition: string
  /** `après 20 s`, where there is such a thing. */
  readonly delay?: string
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
  const { incoming } = line.filters ?? {}
  return [
    ...optional(incoming !== undefined && incoming.mode !== 'none', () =>
      branch('incomingList', t.nodeFiltered, t.refusedByList),
    ),
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
    {
      ...branch('ring', t.nodeRing, noAnswer ? to(noAnswer.to) : ''),
      ...(noAnswer && { delay: `${t.afterSeconds} ${noAnswer.after} s` }),
    },
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

const ROW_HEIGHT = 60
const BOX_HEIGHT = 48
/** From a box's middle to the foot of its text, of one line and of two. */
const ONE_LINE = 5
const TWO_LINES = { first: -4, second: 14 }

/** Where each branch is drawn; the lit one is the one a call would take now. */
export function decisionView(branches: readonly Branch[], step: string | undefined) {
  const at = branches.findIndex((branch) => branch.step === step)
  return {
    height: branches.length * ROW_HEIGHT,
    isKnown: at >= 0,
    branches: branches.map(({ condition, delay, outcome }, index) => {
      const y = index * ROW_HEIGHT + 4
      const middle = y + BOX_HEIGHT / 2
      return {
        ...{ condition, y, middle, bottom: y + BOX_HEIGHT, nextY: y + ROW_HEIGHT },
        outcome,
        delay: delay === undefined ? false : { text: delay, y: middle + TWO_LINES.first },
        spoken: [delay, outcome].filter(Boolean).join(' '),
        isLit: index === at,
        isPassed: index < at,
        isLast: index === branches.length - 1,
        hasOutcome: outcome !== '',
        textY: middle + ONE_LINE,
        outcomeY: middle + (delay === undefined ? ONE_LINE : TWO_LINES.second),
      }
    }),
  }
}
