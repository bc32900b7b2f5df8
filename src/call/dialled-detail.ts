import type {
  CallDetail,
  DetailDestination,
  DetailForward,
} from '../model/call-detail.js'
import { type Destination, destinationOf, dialledBy } from './destination.js'
import type { Directory } from './directory.js'
import type { Question } from './event.js'
import { planTypeOfCall, planTypeOfForward } from './tariff.js'

/** What follows from who dialled what. */
export type DialledDetail = Pick<
  CallDetail,
  'line' | 'called' | 'direction' | 'destination' | 'planType'
>

/** `from` is a line, or whatever a carrier shows. */
export function dialledDetail(
  question: Question['kind'],
  from: string,
  to: string,
  directory: Directory,
): DialledDetail {
  const line = question === 'arrival' ? undefined : directory.lines.get(from)
  const destination = line
    ? dialledBy(line, to, directory).destination
    : destinationOf(to, directory)
  const plan = line && directory.plans.get(line.plan)
  return {
    line: line?.number ?? null,
    called: lineIn(destination),
    direction: directionOf(question, destination),
    destination: wordOf(destination),
    planType:
      line && destination.kind === 'outside'
        ? planTypeOfCall(plan, destination.class)
        : null,
  }
}

/** A call that only Asterisk saw, with all that the directory says of its numbers. */
export function seenByAsterisk(detail: CallDetail, directory: Directory): CallDetail {
  const { line, from, to } = detail
  if (detail.source !== 'asterisk') return detail
  const question = line === null ? 'arrival' : 'departure'
  return {
    ...detail,
    ...dialledDetail(question, from ?? '', to, directory),
    line,
    forwards: detail.forwards.map((forward) => charged(forward, directory)),
  }
}

function charged(forward: DetailForward, directory: Directory): DetailForward {
  const destination = destinationOf(forward.to, directory)
  const plan = directory.plans.get(directory.lines.get(forward.by)?.plan ?? '')
  const target = destination.kind === 'outside' ? destination.class : 'line'
  const planType = planTypeOfForward(plan, target)
  return { ...forward, destination: wordOf(destination), planType }
}

export function wordOf(destination: Destination): DetailDestination {
  switch (destination.kind) {
    case 'line':
    case 'emergency':
      return destination.kind
    case 'outside':
      return destination.class
    default:
      return 'service'
  }
}

function lineIn(destination: Destination): string | null {
  const isOfLine = destination.kind === 'line' || destination.kind === 'intercom'
  return (isOfLine && destination.line?.number) || null
}

function directionOf(
  question: Question['kind'],
  { kind }: Destination,
): CallDetail['direction'] {
  if (question === 'arrival') return 'incoming'
  if (question === 'transfer') return 'transfer'
  return kind === 'outside' || kind === 'emergency' ? 'outgoing' : 'internal'
}
