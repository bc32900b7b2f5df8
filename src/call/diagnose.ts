import {
  type ForwardTargetEntry,
  forwardKinds,
  writtenTarget,
} from '../model/forwarding.js'
import type { Line } from '../model/line.js'

/*
 * "My phone does not ring": the checks of the guides in their order, and the first one
 * that explains it (spec A14). Pure: what is known of the phone comes in as data.
 */

/** What is known of a line and its phone at one instant. */
export interface Symptoms {
  readonly line: Line
  /** Undefined: Asterisk does not answer, so nobody knows. */
  readonly registered: boolean | undefined
  /** The phone's contact, while it is registered. */
  readonly contact: ContactFacts | undefined
  /** What the phone has registered, where it is not called for that (T06); safe to show. */
  readonly misregistered?: string
  /** The last time that the phone proved its password, if it is remembered. */
  readonly lastSeen: Seen | undefined
  /** Tries with a wrong password, the last one first. */
  readonly failures: readonly Seen[]
  readonly inUse: number
  /** What the line dialled and how that was answered; undefined: it was not asked. */
  readonly dialled: { readonly number: string; readonly step: string } | undefined
}

export interface ContactFacts {
  readonly address: string
  readonly userAgent: string
  readonly expiresAtMs?: number
  readonly roundTripMs?: number
}

export interface Seen {
  /** Address and port, as Asterisk saw it. */
  readonly address: string
  readonly atMs: number
}

/** `stopped`: no call rings for this. `warned`: some calls do not. */
export type CheckState = 'reminder' | 'passed' | 'warned' | 'stopped' | 'unknown'

export interface Check {
  readonly check: CheckName
  readonly state: CheckState
  readonly facts: Facts
}

export type CheckName =
  | 'powerCycle'
  | 'dialled'
  | 'misregistered'
  | 'registered'
  | 'unconditional'
  | 'absent'
  | 'doNotDisturb'
  | 'rejectAnonymous'
  | 'filters'
  | 'otherForwards'
  | 'lock'
  | 'callSlots'
  | 'authentication'

/** What a check found; only those that it has. */
export interface Facts {
  readonly contact?: ContactFacts
  readonly lastSeen?: Seen
  readonly misregistered?: string
  readonly to?: ForwardTargetEntry
  readonly forwards?: readonly {
    readonly forward: string
    readonly to: ForwardTargetEntry
  }[]
  readonly inUse?: number
  readonly limit?: number
  readonly failures?: readonly Seen[]
  readonly number?: string
  readonly step?: string
}

export interface Diagnosis {
  readonly line: string
  readonly checks: readonly Check[]
  /** The first check that explains why the phone does not ring; null: it would ring. */
  readonly verdict: CheckName | null
}

type Look = (symptoms: Symptoms) => Check

/** Looked at in this order (spec A14); the first one that stops calls is the verdict. */
const LOOKS: readonly Look[] = [
  powerCycle,
  dialled,
  misregistered,
  registered,
  unconditional,
  ({ line }) => switched('absent', line.absent, 'stopped'),
  ({ line }) => switched('doNotDisturb', line.doNotDisturb, 'stopped'),
  ({ line }) => switched('rejectAnonymous', line.rejectAnonymous, 'warned'),
  ({ line }) =>
    switched('filters', (line.filters?.incoming?.mode ?? 'none') !== 'none', 'warned'),
  otherForwards,
  ({ line }) => switched('lock', line.lock?.active, 'warned'),
  callSlots,
  authentication,
]

export function diagnose(symptoms: Symptoms): Diagnosis {
  const { dialled: asked, contact } = symptoms
  const checks = LOOKS.map((look) => look(symptoms)).filter(
    ({ check }) =>
      (check !== 'dialled' || asked !== undefined) &&
      (check !== 'misregistered' || contact !== undefined),
  )
  const first = checks.find(({ state }) => state === 'stopped')
  return { line: symptoms.line.number, checks, verdict: first?.check ?? null }
}

/** Nobody can tell from here whether it was done: so it is the first advice. */
function powerCycle(): Check {
  return { check: 'powerCycle', state: 'reminder', facts: {} }
}

/** "A short number does not work": it may be missing in the group's table (A12). */
function dialled({ dialled: asked }: Symptoms): Check {
  if (!asked) return { check: 'dialled', state: 'passed', facts: {} }
  const { number, step } = asked
  const isMissing = step === 'notInService' || step === 'shortNumberUnknown'
  return {
    check: 'dialled',
    state: isMissing ? 'stopped' : 'passed',
    facts: { number, step: isMissing && isShort(number) ? 'shortNumberMissing' : step },
  }
}

/** 2… of the line, 7… of the group (spec C2). */
function isShort(number: string): boolean {
  return /^[27]\d{2,3}$/.test(number)
}

function registered({ registered: is, contact, lastSeen }: Symptoms): Check {
  const facts = { ...(contact && { contact }), ...(lastSeen && { lastSeen }) }
  if (is === undefined) return { check: 'registered', state: 'unknown', facts }
  return { check: 'registered', state: is ? 'passed' : 'stopped', facts }
}

/** The dialplan does not call what may be a carrier's, or anybody's (T06, row S33). */
function misregistered({ misregistered: uri }: Symptoms): Check {
  if (uri === undefined) return { check: 'misregistered', state: 'passed', facts: {} }
  return { check: 'misregistered', state: 'stopped', facts: { misregistered: uri } }
}

function unconditional({ line }: Symptoms): Check {
  const { unconditional: forward } = line.forwarding
  if (!forward) return { check: 'unconditional', state: 'passed', facts: {} }
  const facts = { to: writtenTarget(forward.to) }
  return { check: 'unconditional', state: 'stopped', facts }
}

/** Calls that are not answered, or not at once, go elsewhere: many a riddle is that. */
function otherForwards({ line }: Symptoms): Check {
  const forwards = forwardKinds.flatMap((forward) => {
    const set = line.forwarding[forward]
    if (!set || forward === 'unconditional') return []
    return [{ forward, to: writtenTarget(set.to) }]
  })
  const state = forwards.length > 0 ? 'warned' : 'passed'
  return { check: 'otherForwards', state, facts: { forwards } }
}

function callSlots({ line, inUse }: Symptoms): Check {
  const state = inUse >= line.calls ? 'stopped' : 'passed'
  return { check: 'callSlots', state, facts: { inUse, limit: line.calls } }
}

/** A wrong password in the phone: it cannot register, whatever else is right. */
function authentication({ failures }: Symptoms): Check {
  const state = failures.length > 0 ? 'warned' : 'passed'
  return { check: 'authentication', state, facts: { failures: failures.slice(0, 5) } }
}

function switched(check: CheckName, isOn: boolean | undefined, state: CheckState): Check {
  return { check, state: isOn ? state : 'passed', facts: {} }
}
