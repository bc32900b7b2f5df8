import {
  ANONYMOUS,
  FAX,
  type Filter,
  type Party,
  partyOf,
  passes,
  VOICEMAIL,
} from '../model/filter.js'
import type { Line } from '../model/line.js'
import { parseNumber } from '../model/phone-number.js'
import type { Destination } from './destination.js'
import { hides, type Routing } from './routing.js'

const NO_LIST: Filter = { mode: 'none', entries: [] }

/** Whether a line's incoming list lets the caller through (spec D3, step 3). */
export function mayCallIn(line: Line, routing: Routing): boolean {
  return passes(line.filters?.incoming ?? NO_LIST, callerOf(routing))
}

/** Whether a line's outgoing list lets it call there (spec D5, step 6). */
export function mayCall(line: Line, destination: Destination, country: string): boolean {
  const party = calledParty(destination, country)
  return party === undefined || passes(line.filters?.outgoing ?? NO_LIST, party)
}

/**
 * Whether a line's lists let it forward there. The voicemail and the fax are services:
 * a list that allows neither breaks such a forward, whichever direction it is for, and
 * naming `services` mends it (spec C5).
 */
export function mayForwardTo(
  line: Line,
  target: 'voicemail' | 'fax' | Destination,
  country: string,
): boolean {
  if (typeof target === 'object') return mayCall(line, target, country)
  const { incoming = NO_LIST, outgoing = NO_LIST } = line.filters ?? {}
  const service = target === 'voicemail' ? VOICEMAIL : FAX
  return passes(incoming, service) && passes(outgoing, service)
}

function callerOf(routing: Routing): Party {
  if (hides(routing)) return ANONYMOUS
  const { country } = routing.directory
  const parsed = parseNumber(routing.caller, country)
  return parsed.kind === 'number' ? partyOf(parsed.number, country) : NOBODY_KNOWN
}

const NOBODY_KNOWN: Party = { number: '', kinds: [] }

/** Undefined for what is no call to anybody. */
function calledParty(destination: Destination, country: string): Party | undefined {
  switch (destination.kind) {
    case 'line':
      return partyOf(destination.line.number, country)
    case 'intercom':
      return destination.line && partyOf(destination.line.number, country)
    case 'outside':
      return partyOf(destination.number, country)
    default:
      return undefined
  }
}
