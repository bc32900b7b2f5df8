import { isCostly, isOpenTo } from '../model/costly.js'
import type { Line } from '../model/line.js'
import { type NumberClass, toCarrier } from '../model/phone-number.js'
import { MAX_RING_SECONDS } from '../model/ring.js'
import { boxOf, mayOpen } from '../model/voicemail-access.js'
import type { Answer } from './answer.js'
import { arrive } from './arrival.js'
import { type Coding, obey } from './code-command.js'
import { isFree } from './coding.js'
import { type Decided, firstOf, lastStep, type Step } from './decided.js'
import type { Destination } from './destination.js'
import type { HarmLimit } from './harm.js'
import { mayCall, mayCallIn } from './lists.js'
import { pickUp } from './pickup.js'
import { shownNumber } from './presentation.js'
import { hiddenIn, hides, type Routing } from './routing.js'

/** What is known when a line dials, or transfers somebody to what it dialled. */
export interface Departing {
  readonly line: Line
  /** Slots of the dialling line in use, this call not counted. */
  readonly inUse: number
  readonly destination: Destination
  readonly routing: Routing
  /** What its own phone dials is a feature code; a transfer cannot be one (row F13). */
  readonly coding?: Coding
  readonly dialled: string
  /** It has begun more calls of late than it may. */
  readonly tooFast?: true
  /** The limit on harm that this call would go over. */
  readonly tooMuch?: HarmLimit
  /** Three digits of a short number, and a fourth may follow (spec A12). */
  readonly mayGoOn?: boolean
  /** The PIN of its lock has just been keyed in. */
  readonly unlocked?: true
}

/** Asked in this order; the first step that answers decides (spec D5). */
const STEPS: readonly Step<Departing>[] = [
  ['emergency', onEmergency],
  ['tooFast', onTooFast],
  ['ownLimit', onOwnLimit],
  ['pickup', onPickup],
  ['code', onCode],
  ['malformed', onMalformed],
  ['prefixAlone', onPrefixAlone],
  ['shortNumberUnknown', onShortNumberUnknown],
  ['fourthDigit', onFourthDigit],
  ['notInService', onNotInService],
  ['voicemail', onVoicemail],
  ['lock', onLock],
  ['outgoingList', onOutgoingList],
  ['intercom', onIntercom],
  ['classNotAllowed', onClassNotAllowed],
  ['tooMuch', onTooMuch],
  ['line', onLine],
  ['outside', onOutside],
]

/** A line dials: what becomes of the call, and which step said so. */
export function depart(departing: Departing): Decided {
  const decided = firstOf(STEPS, departing, departing.line.number)
  const cost = costOf(departing)
  const spends = decided.answer.kind === 'trunk' || lastStep(decided) === 'tooMuch'
  return cost && spends ? { ...decided, cost } : decided
}

/** What the call would cost its line beyond the plan, if it would. */
export function costOf({ line, destination }: Pick<Departing, 'line' | 'destination'>) {
  if (destination.kind !== 'outside' || !isCostly(destination.class)) return undefined
  return { line: line.number, class: destination.class, number: destination.number }
}

/** The dialplan sends these on before asking; a question that comes all the same passes. */
function onEmergency({ destination, line, routing }: Departing): Answer | undefined {
  if (destination.kind !== 'emergency') return undefined
  const [trunk] = routing.directory.trunks
  if (!trunk) return { kind: 'refuse', cause: 'noCircuit' }
  return {
    kind: 'trunk',
    trunk: trunk.name,
    number: destination.number,
    presented: toCarrier(line.number, trunk.format),
  }
}

/** Codes too: what a flood is of does not matter (row S13). */
function onTooFast({ tooFast }: Departing): Answer | undefined {
  return tooFast && { kind: 'refuse', cause: 'noCircuit' }
}

/** No circuit rather than busy: it is the caller's own limit (spec D1). */
function onOwnLimit({ line, inUse, coding }: Departing): Answer | undefined {
  if (coding && isFree(coding)) return undefined
  return inUse >= line.calls ? { kind: 'refuse', cause: 'noCircuit' } : undefined
}

function onPickup({ coding, line, routing }: Departing): Answer | undefined {
  return coding && pickUp(coding, line, routing)
}

/** Answered, and never forwarded: the phone hears what became of it (spec B1). */
function onCode({ coding }: Departing): Decided | undefined {
  if (!coding) return undefined
  const obeyed = obey(coding)
  const { saying, refused, service, step } = obeyed
  const taken = [...(service ? [service] : []), step]
  return {
    answer: { kind: 'code', refused, ...saying },
    steps: taken.map((name) => ({ at: '', passed: [], step: name })),
    forwards: [],
    obeyed,
  }
}

function onMalformed({ destination }: Departing): Answer | undefined {
  if (destination.kind !== 'malformed') return undefined
  return { kind: 'refuse', cause: 'unallocatedNumber' }
}

/** `3651` with nothing behind it, or no number: a code, a service, a prefix (row F22). */
function onPrefixAlone({ destination }: Departing): Answer | undefined {
  if (destination.kind !== 'prefixAlone') return undefined
  const { behind } = destination
  return { kind: 'refuse', cause: behind ? 'callRejected' : 'invalidNumberFormat' }
}

/** Neither in the table of the line nor in that of its group (spec A12). */
function onShortNumberUnknown({ destination }: Departing): Answer | undefined {
  if (destination.kind !== 'shortUnknown') return undefined
  return { kind: 'refuse', cause: 'unallocatedNumber' }
}

/** Three digits wait for a fourth, four are called at once (spec A12). */
function onFourthDigit({ mayGoOn, dialled, routing }: Departing): Answer | undefined {
  const milliseconds = routing.directory.interdigitMs
  if (!mayGoOn || milliseconds === 0) return undefined
  return { kind: 'wait', milliseconds, dialled }
}

function onNotInService({ destination }: Departing): Answer | undefined {
  if (destination.kind !== 'notInService') return undefined
  return { kind: 'refuse', cause: 'unallocatedNumber' }
}

/** `123` opens the line's own box, or the one it has chosen (spec A9, B8). */
function onVoicemail({ destination, line, routing }: Departing): Answer | undefined {
  if (destination.kind === 'voicemailAccess') return { kind: 'voicemail-access' }
  if (destination.kind !== 'voicemail') return undefined
  const box = boxOf(line)
  if (!mayOpen(line, routing.directory.lines.get(box))) {
    return { kind: 'refuse', cause: 'unallocatedNumber' }
  }
  return { kind: 'consult', line: box }
}

/**
 * Only incoming calls are possible; the PIN lets this one call out. Emergency calls and
 * the voicemail pass, and codes know the lock themselves (spec B1.6, row F11).
 */
function onLock({ line, dialled, unlocked }: Departing): Answer | undefined {
  if (!line.lock?.active || unlocked) return undefined
  return { kind: 'pin', dialled, nthTry: 1 }
}

/** Services pass: 123, codes and emergency calls were asked about before (spec D5). */
function onOutgoingList({ line, destination, routing }: Departing): Answer | undefined {
  if (mayCall(line, destination, routing.directory.country)) return undefined
  return { kind: 'announce', announcement: 'numberNotAllowed', cause: 'callRejected' }
}

/**
 * `3691` and a line (spec A8). It opens a microphone: only towards lines that
 * want it and from the same billing group, never forwarded, never queued, and DND
 * and absent hold.
 */
function onIntercom({
  destination,
  line: caller,
  routing,
}: Departing): Answer | undefined {
  if (destination.kind !== 'intercom') return undefined
  const { line } = destination
  if (!line?.intercom || line.group !== caller.group) {
    return { kind: 'refuse', cause: 'unallocatedNumber' }
  }
  if (!mayCallIn(line, routing) || (line.rejectAnonymous && hides(routing)))
    return { kind: 'refuse', cause: 'callRejected' }
  if (line.absent || line.doNotDisturb)
    return { kind: 'refuse', cause: 'subscriberAbsent' }
  if (!routing.reachable(line.number))
    return { kind: 'refuse', cause: 'subscriberAbsent' }
  if (routing.inUse(line.number) >= line.calls)
    return { kind: 'refuse', cause: 'userBusy' }
  const seconds = MAX_RING_SECONDS
  return { kind: 'intercom', line: line.number, seconds, ...hiddenIn(routing) }
}

/** Closed for money unless the site opens it (reliability §3.8). */
function onClassNotAllowed({ line, destination }: Departing): Answer | undefined {
  if (destination.kind !== 'outside' || mayDial(line, destination.class)) return undefined
  return { kind: 'refuse', cause: 'callRejected' }
}

/** More of what costs than a person calls (reliability §3.8). */
function onTooMuch({ tooMuch }: Departing): Answer | undefined {
  if (!tooMuch) return undefined
  return { kind: 'announce', announcement: 'ceilingReached', cause: 'callRejected' }
}

function onLine({ destination, routing }: Departing): Decided | undefined {
  return destination.kind === 'line' ? arrive(destination.line, routing) : undefined
}

function onOutside({ destination, line, routing }: Departing): Answer | undefined {
  if (destination.kind !== 'outside') return undefined
  const [trunk] = routing.directory.trunks
  if (!trunk) return { kind: 'refuse', cause: 'noCircuit' }
  const shown = shownNumber(line, routing.directory)
  return {
    kind: 'trunk',
    trunk: trunk.name,
    number: toCarrier(destination.number, trunk.format),
    presented: toCarrier(shown, trunk.format),
    ...hiddenIn(routing),
  }
}

function mayDial(line: Line, numberClass: NumberClass): boolean {
  switch (numberClass) {
    case 'emergency':
    case 'national':
    case 'mobile':
    case 'freephone':
      return true
    case 'special':
    case 'international':
      return isOpenTo(line, numberClass)
    case 'closed':
      return false
  }
}
