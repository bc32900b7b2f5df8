import type { Finding } from '../model/finding.js'
import { type ForwardTargetEntry, forwardKinds } from '../model/forwarding.js'
import type { Line } from '../model/line.js'
import { hasOwnPin } from '../model/setting-keys.js'
import type { SettingsChange } from '../model/settings.js'
import { changeSettings } from './change-settings.js'
import { isOn, type Refusal, type Saying, type Switched, stateOf } from './code-saying.js'
import type { CodeService } from './code-table.js'
import type { CodeCommand, CodeFault, CodeTarget, ParsedCode } from './codes.js'
import { destinationFrom } from './destination.js'
import type { Directory } from './directory.js'
import { type PinGuards, type PinLock, type PinVerdict, tryPin } from './pin-guard.js'

/** What is remembered of the codes that lines have dialled, against guessing and floods. */
export interface CodeUse {
  readonly pins: PinGuards
  /** When each line dialled codes that were read, in the last minute. */
  readonly dialledAt: ReadonlyMap<string, readonly number[]>
}

export const noCodeUse: CodeUse = { pins: new Map(), dialledAt: new Map() }

/** A line's phone dials a feature code. */
export interface Coding {
  readonly line: Line
  readonly parsed: ParsedCode
  readonly use: CodeUse
  /** Milliseconds of the monotonic clock. */
  readonly at: number
  readonly directory: Directory
}

/** What a code comes to. */
export interface Obeyed {
  readonly saying: Saying
  /** The rule that decided. */
  readonly step: string
  readonly service?: CodeService
  readonly refused: boolean
  /** To be stored before it is said. */
  readonly change?: SettingsChange
  readonly use: CodeUse
  /** By this try the lock has been shut. */
  readonly pinLocked?: PinLock
}

/** More codes in a minute than a person dials (row F19). */
const CODES_A_MINUTE = 10
const MINUTE_MS = 60_000

/**
 * A code, obeyed in this order: the flood, the form, the lock of the phone, the PIN,
 * then the question or the change. What is refused changes nothing (spec B1.4).
 */
export function obey(coding: Coding): Obeyed {
  const { line, parsed, use, at } = coding
  const dialledAt = (use.dialledAt.get(line.number) ?? []).filter(
    (instant) => at - instant < MINUTE_MS,
  )
  if (dialledAt.length >= CODES_A_MINUTE) {
    return refused('too-many-changes', 'tooManyCodes', use)
  }
  const counted = {
    ...use,
    dialledAt: new Map(use.dialledAt).set(line.number, [...dialledAt, at]),
  }
  if (parsed.kind === 'fault')
    return refused(OF_FAULT[parsed.fault], 'codeFault', counted)
  const { command } = parsed
  return {
    ...obeyCommand({ ...coding, use: counted }, command),
    service: command.service,
  }
}

const OF_FAULT: Readonly<Record<CodeFault, Refusal>> = {
  unknownCode: 'code-unknown',
  form: 'code-unknown',
  number: 'number-invalid',
  delay: 'delay-refused',
  pin: 'refused',
}

function obeyCommand(coding: Coding, command: CodeCommand): Obeyed {
  const { line, use, directory, at } = coding
  // A locked phone obeys nobody but who unlocks it (row F11).
  if (line.lock?.active && command.service !== 'lock') {
    return refused('outgoing-locked', 'phoneLocked', use)
  }
  if (!command.pin) return withoutPin(coding, command)
  const { guards, verdict, locks } = tryPin(use.pins, line, command.pin, at)
  const tried = { ...use, pins: guards }
  if (verdict !== 'right') {
    const { says, step } = OF_PIN[verdict]
    return { ...refused(says, step, tried), ...(locks && { pinLocked: locks }) }
  }
  return withoutPin({ line, use: tried, directory, at, parsed: coding.parsed }, command)
}

const OF_PIN: Readonly<
  Record<Exclude<PinVerdict, 'right'>, { readonly says: Refusal; readonly step: string }>
> = {
  wrong: { says: 'pin-wrong', step: 'pinWrong' },
  lockedOut: { says: 'pin-locked-out', step: 'pinLockedOut' },
  lockedForLong: { says: 'pin-locked-for-long', step: 'pinLockedForLong' },
}

function withoutPin(coding: Coding, command: CodeCommand): Obeyed {
  const { line, use, directory } = coding
  const { service, does } = command
  const { country } = directory
  switch (service) {
    // A departure of its own (pickup.ts); here it is only refused to a locked phone.
    case 'pickup':
      return refused('nothing-to-pick-up', 'pickup', use)
    case 'allForwards': {
      const off = forwardKinds.map((kind) => [kind, { active: false }] as const)
      return changed(coding, { forwarding: Object.fromEntries(off) }, () => ({
        says: 'forwards-cancelled',
      }))
    }
    default: {
      if (does === 'query') {
        const saying = stateOf(service, line, { changed: false, country })
        return { saying, step: 'codeQueried', refused: false, use }
      }
      const on = does === 'toggle' ? !isOn(service, line) : does === 'on'
      const change = changeOf(coding, service, { ...command, does: on ? 'on' : 'off' })
      if (typeof change === 'string') return refused(change, 'codeTarget', use)
      return changed(coding, change, (after) => ({
        ...stateOf(service, after, { changed: true, country }),
        // The default PIN is no secret (reliability T32).
        ...(service === 'lock' &&
          on &&
          !hasOwnPin(after) && { andThen: 'pin-must-change' }),
      }))
    }
  }
}

function changeOf(
  coding: Coding,
  service: Switched,
  command: CodeCommand,
): SettingsChange | Refusal {
  const active = command.does === 'on'
  switch (service) {
    case 'unconditional':
    case 'noAnswer':
    case 'busy': {
      if (!command.to) return { forwarding: { [service]: { active } } }
      const to = targetOf(coding, command.to)
      if (typeof to === 'object' && 'refused' in to) return to.refused
      const after = command.seconds === undefined ? {} : { after: command.seconds }
      return { forwarding: { [service]: { to, active, ...after } } }
    }
    case 'lock':
      return { lock: { active } }
    case 'absent':
    case 'doNotDisturb':
    case 'rejectAnonymous':
    case 'hideNumber':
      return { [service]: active }
  }
}

/** A short number is kept as what it stands for now: it may be given away later. */
function targetOf(
  { line, directory }: Coding,
  to: CodeTarget,
): ForwardTargetEntry | { readonly refused: Refusal } {
  switch (to.kind) {
    case 'number':
      return to.number
    case 'short': {
      const leads = destinationFrom(line, to.number, directory)
      if (leads.kind === 'line') return leads.line.number
      return leads.kind === 'outside' ? leads.number : { refused: 'number-invalid' }
    }
    case 'voicemail': {
      if (to.line === line.number) return 'voicemail'
      const other = directory.lines.get(to.line)
      // Nobody's messages go to the box of another account (row F12).
      if (!other || other.group !== line.group) return { refused: 'number-refused' }
      return { voicemail: to.line }
    }
  }
}

function changed(
  { line, use, directory }: Coding,
  change: SettingsChange,
  say: (after: Line) => Saying,
): Obeyed {
  const made = changeSettings(line, change, directory)
  if (made.kind === 'refused') return refused(refusalOf(made.findings), 'codeRules', use)
  const saying = say(made.line)
  const done = { saying, step: 'codeObeyed', refused: false, use }
  return made.differences.length === 0 ? done : { ...done, change }
}

/** The finding of a rule of settings, in the words of a prompt. */
const OF_FINDING: Readonly<Record<string, Refusal>> = {
  'forward.class': 'number-refused',
  'forward.loop': 'forward-loop',
  'forward.depth': 'forward-loop',
  'forward.unknown': 'nothing-stored',
  'forward.fax': 'not-in-plan',
  'ref.missing': 'voicemail-none',
  'number.format': 'number-invalid',
}

function refusalOf(findings: readonly Pick<Finding, 'code'>[]): Refusal {
  const [first] = findings
  return OF_FINDING[first?.code ?? ''] ?? 'refused'
}

function refused(says: Refusal, step: string, use: CodeUse): Obeyed {
  return { saying: { says }, step, refused: true, use }
}
