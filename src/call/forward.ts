import { isCostly, isOpenTo } from '../model/costly.js'
import type { ForwardTarget } from '../model/forwarding.js'
import type { Line } from '../model/line.js'
import { type NumberClass, parseNumber, toCarrier } from '../model/phone-number.js'
import type { Trunk } from '../model/site.js'
import type { Answer, Diversion, ForwardKind } from './answer.js'
import type { Decided } from './decided.js'
import { type Destination, destinationOf } from './destination.js'
import type { ForwardedLeg } from './effect.js'
import { mayForwardTo } from './lists.js'
import { shownNumber } from './presentation.js'
import { hiddenIn, MAX_HOPS, MAX_SENT_OUTSIDE, type Routing } from './routing.js'
import { planTypeOfForward } from './tariff.js'

/**
 * Where a line's forward leads. A target that is a line is asked for its own
 * services (spec D4), so the way may go on; it ends at a repetition or after
 * five hops, with 480 for the caller.
 */
export function forward(
  line: Line,
  kind: ForwardKind,
  target: ForwardTarget,
  routing: Routing,
): Decided {
  const onward: Routing = {
    ...routing,
    forwardedBy: [...routing.forwardedBy, line.number],
    forwarded: { by: line.number, kind },
  }
  if (onward.forwardedBy.length > MAX_HOPS) return stopped('tooManyForwards', line)
  const { directory } = routing
  const leads =
    target.kind === 'number' ? destinationOf(target.number, directory) : target.kind
  if (!mayForwardTo(line, leads, directory.country)) return stopped('forwardList', line)
  switch (target.kind) {
    case 'voicemail': {
      const box = target.line ?? line.number
      const greeting = kind === 'cfb' ? 'busy' : 'unavailable'
      const deposit = {
        kind: 'voicemail',
        line: box,
        greeting,
        ...hiddenIn(routing),
      } as const
      return ending(toBox(box, routing, deposit), kind)
    }
    case 'fax': {
      // The plan may be another than when the target was set (spec A7.2).
      if (!routing.directory.plans.get(line.plan)?.fax)
        return stopped('forwardTarget', line)
      const receiver = target.line ?? line.number
      return ending({ kind: 'fax', line: receiver }, kind)
    }
    case 'number':
      return toNumber(line, kind, destinationOf(target.number, routing.directory), onward)
  }
}

/** The last forward, for the party that is called because of it. */
export function diversionOf({ forwarded, forwardedBy }: Routing): {
  diversion?: Diversion
} {
  if (!forwarded) return {}
  return { diversion: { ...forwarded, hops: forwardedBy.length } }
}

function toNumber(
  line: Line,
  kind: ForwardKind,
  destination: Destination,
  onward: Routing,
): Decided {
  switch (destination.kind) {
    case 'line': {
      const next = destination.line
      if (onward.forwardedBy.includes(next.number)) return stopped('forwardLoop', line)
      const decided = onward.arrive(next, onward)
      const leg = {
        by: line.number,
        kind,
        to: next.number,
        planType: planType(line, 'line', onward),
      }
      return { ...decided, forwards: [leg, ...decided.forwards] }
    }
    case 'outside':
      return outside(line, kind, destination, onward)
    default:
      // The target was good when it was set; what it names has changed since.
      return stopped('forwardTarget', line)
  }
}

/** The class is asked again at each call: the numbering plan may have changed (T30). */
function outside(
  line: Line,
  kind: ForwardKind,
  { number, class: numberClass }: Extract<Destination, { kind: 'outside' }>,
  onward: Routing,
): Decided {
  const [trunk] = onward.directory.trunks
  if (!mayBeForwardedTo(line, numberClass)) return stopped('forwardClass', line)
  if (!trunk) return stopped('forwardNoTrunk', line)
  if (onward.sentOutside(line.number) >= MAX_SENT_OUTSIDE)
    return stopped('forwardComesBack', line)
  const cost = isCostly(numberClass)
    ? { line: line.number, class: numberClass, number }
    : undefined
  // Counted all the same: it is one more try, which closes the class.
  if (cost && onward.tooMuch(cost)) return { ...stopped('forwardTooMuch', line), cost }
  const leg: ForwardedLeg = {
    by: line.number,
    kind,
    to: number,
    planType: planType(line, numberClass, onward),
    ...(cost && { costs: cost.class }),
  }
  const answer: Answer = {
    kind: 'trunk',
    trunk: trunk.name,
    number: toCarrier(number, trunk.format),
    presented: presentedCaller(line, trunk, onward),
    ...hiddenIn(onward),
    diversion: {
      by: toCarrier(line.number, trunk.format),
      kind,
      hops: onward.forwardedBy.length,
    },
  }
  return { ...ending(answer, kind), forwards: [leg] }
}

/**
 * The original caller, with the forwarding line in the Diversion (spec D4); a
 * caller who hides is not shown, and the line answers for the call.
 */
function presentedCaller(
  line: Line,
  trunk: Trunk,
  { caller, directory }: Routing,
): string {
  const parsed = parseNumber(caller, directory.country)
  if (parsed.kind !== 'number') return toCarrier(line.number, trunk.format)
  const calling = directory.lines.get(parsed.number)
  const shown = calling ? shownNumber(calling, directory) : parsed.number
  return toCarrier(shown, trunk.format)
}

function mayBeForwardedTo(line: Line, numberClass: NumberClass): boolean {
  switch (numberClass) {
    case 'national':
    case 'mobile':
    case 'freephone':
      return true
    case 'international':
      return isOpenTo(line, 'international')
    // Redirecting to premium numbers is forbidden by law (spec B2).
    case 'special':
    case 'emergency':
    case 'closed':
      return false
  }
}

function toBox(box: string, { directory }: Routing, answer: Answer): Answer {
  if (directory.lines.get(box)?.voicemail) return answer
  return { kind: 'refuse', cause: 'subscriberAbsent' }
}

function planType(line: Line, destination: 'line' | NumberClass, { directory }: Routing) {
  return planTypeOfForward(directory.plans.get(line.plan), destination)
}

function ending(answer: Answer, kind: ForwardKind): Decided {
  return { answer, steps: [{ at: kind, passed: [], step: answer.kind }], forwards: [] }
}

function stopped(step: string, line: Line): Decided {
  return {
    answer: { kind: 'refuse', cause: 'subscriberAbsent' },
    steps: [{ at: line.number, passed: [], step }],
    forwards: [],
  }
}
