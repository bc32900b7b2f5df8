import type { Line } from '../model/line.js'
import { type NumberClass, toCarrier } from '../model/phone-number.js'
import type { Answer } from './answer.js'
import { arrive, type Decided } from './arrival.js'
import type { Destination } from './destination.js'
import type { Directory } from './directory.js'

/** What is known when a line dials. */
export interface Departing {
  readonly line: Line
  /** Slots of the dialling line in use, this call not counted. */
  readonly inUse: number
  readonly destination: Destination
  /** Slots of the called line in use; 0 when the destination is no line. */
  readonly inUseThere: number
  readonly directory: Directory
}

type Step = readonly [name: string, (departing: Departing) => Decided | Answer | undefined]

/** Asked in this order; the first step that answers decides (spec D5). */
const STEPS: readonly Step[] = [
  ['emergency', onEmergency],
  ['ownLimit', onOwnLimit],
  ['malformed', onMalformed],
  ['notInService', onNotInService],
  ['classNotAllowed', onClassNotAllowed],
  ['line', onLine],
  ['outside', onOutside],
]

/** A line dials: what becomes of the call, and which step said so. */
export function depart(departing: Departing): Decided {
  for (const [step, decide] of STEPS) {
    const decided = decide(departing)
    if (decided && 'answer' in decided) return decided
    if (decided) return { step, answer: decided }
  }
  throw new Error(`depart: no step decided for line ${departing.line.number}`)
}

/** The dialplan sends these on before asking; a question that comes all the same passes. */
function onEmergency({ destination, line, directory }: Departing): Answer | undefined {
  if (destination.kind !== 'emergency') return undefined
  const [trunk] = directory.trunks
  if (!trunk) return { kind: 'refuse', cause: 'noCircuit' }
  return {
    kind: 'trunk',
    trunk: trunk.name,
    number: destination.number,
    presented: toCarrier(line.number, trunk.format),
  }
}

/** No circuit rather than busy: it is the caller's own limit (spec D1). */
function onOwnLimit({ line, inUse }: Departing): Answer | undefined {
  return inUse >= line.calls ? { kind: 'refuse', cause: 'noCircuit' } : undefined
}

function onMalformed({ destination }: Departing): Answer | undefined {
  if (destination.kind !== 'malformed') return undefined
  return { kind: 'refuse', cause: 'unallocatedNumber' }
}

function onNotInService({ destination }: Departing): Answer | undefined {
  if (destination.kind !== 'notInService') return undefined
  return { kind: 'refuse', cause: 'unallocatedNumber' }
}

/** Closed for money unless the site opens it (reliability §3.8). */
function onClassNotAllowed({ line, destination }: Departing): Answer | undefined {
  if (destination.kind !== 'outside' || mayDial(line, destination.class)) return undefined
  return { kind: 'refuse', cause: 'callRejected' }
}

function onLine({ destination, inUseThere }: Departing): Decided | undefined {
  if (destination.kind !== 'line') return undefined
  return arrive(destination.line, { inUse: inUseThere })
}

function onOutside({ destination, line, directory }: Departing): Answer | undefined {
  if (destination.kind !== 'outside') return undefined
  const [trunk] = directory.trunks
  if (!trunk) return { kind: 'refuse', cause: 'noCircuit' }
  return {
    kind: 'trunk',
    trunk: trunk.name,
    number: toCarrier(destination.number, trunk.format),
    presented: toCarrier(
      directory.presentedBy.get(line.number) ?? line.number,
      trunk.format,
    ),
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
      return line.outgoing.special
    case 'international':
      return line.outgoing.international
    case 'closed':
      return false
  }
}
