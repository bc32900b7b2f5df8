import { guessableSecrets } from '../model/checks-lines.js'
import { completeFilters, forwardTarget, subscriberNumber } from '../model/complete.js'
import { FILTER_DIRECTIONS } from '../model/filter.js'
import { type Finding, finding, type Path } from '../model/finding.js'
import { type Estate, targetFindings } from '../model/forward-rules.js'
import {
  type ForwardKind,
  type ForwardTargetEntry,
  forwardKinds,
} from '../model/forwarding.js'
import type { Line } from '../model/line.js'
import { mayShow } from '../model/presentation.js'
import { defaultLockPin } from '../model/secret.js'
import {
  keptForward,
  lockPinOf,
  type SettingDifference,
  settingDifferences,
  withFilter,
  withForward,
  withLock,
  withShownNumber,
} from '../model/setting-keys.js'
import type { SettingsChange } from '../model/settings.js'
import { changeVoicemail } from './change-voicemail.js'
import { type Directory, holdersIn } from './directory.js'
import { chainFindings } from './forward-chain.js'

/** What a change makes of a line; without `differences` it was so already. */
export type ChangedLine =
  | {
      readonly kind: 'changed'
      readonly line: Line
      readonly differences: readonly SettingDifference[]
    }
  | { readonly kind: 'refused'; readonly findings: readonly Finding[] }

interface Step {
  readonly line: Line
  readonly findings: readonly Finding[]
}

/**
 * A change of the settings of a line, by whichever door it comes: all of it, or
 * nothing and every reason. Paths are those of the change: `forwarding.busy.to`.
 */
export function changeSettings(
  line: Line,
  change: SettingsChange,
  directory: Directory,
): ChangedLine {
  const forwards = forwardKinds.reduce<Step>(
    (step, kind) => {
      const next = changeForward(step.line, kind, change, directory.country)
      return { line: next.line, findings: [...step.findings, ...next.findings] }
    },
    { line, findings: [] },
  )
  const shown = changeShown(forwards.line, change, directory)
  const boxes = changeVoicemail(shown.line, change, directory)
  const lists = changeFilters(boxes.line, change, directory.country)
  const next = changeLock(changeRest(lists.line, change), change)
  const findings = [
    ...forwards.findings,
    ...shown.findings,
    ...boxes.findings,
    ...lists.findings,
    ...forwardFindings(line, next, change, directory),
    ...pinFindings(line, next),
  ]
  if (findings.length > 0) return { kind: 'refused', findings }
  return { kind: 'changed', line: next, differences: settingDifferences(line, next) }
}

/**
 * One forward: cleared, set, or switched off and on again with the target that was
 * kept (spec B1.4). A delay that is not given stays what it was.
 */
function changeForward(
  line: Line,
  kind: ForwardKind,
  { forwarding, rememberedForwards }: SettingsChange,
  country: string,
): Step {
  const wanted = forwarding?.[kind]
  const remembered = rememberedForwards?.[kind]
  const cleared = wanted === null ? withForward(line, kind, undefined) : line
  if (wanted) return setForward(line, kind, wanted, ['forwarding', kind], country)
  if (remembered === undefined || keptForward(cleared, kind)?.active) {
    return { line: cleared, findings: [] }
  }
  if (remembered === null) {
    return { line: withForward(cleared, kind, undefined), findings: [] }
  }
  const off = { ...remembered, active: false }
  return setForward(cleared, kind, off, ['rememberedForwards', kind], country)
}

interface WantedForward {
  readonly to?: ForwardTargetEntry
  readonly after?: number
  readonly active?: boolean
}

function setForward(
  line: Line,
  kind: ForwardKind,
  wanted: WantedForward,
  path: Path,
  country: string,
): Step {
  if (Object.keys(wanted).length === 0) return { line, findings: [] }
  const kept = keptForward(line, kind)
  const to =
    wanted.to === undefined
      ? kept?.to
      : forwardTarget(wanted.to, [...path, 'to'], country)
  // A forward that is off already and has no target is off.
  if (!to && wanted.active === false) return { line, findings: [] }
  if (!to) {
    const message = `line ${line.number} has no target kept for this forward`
    return { line, findings: [finding('forward.unknown', path, message)] }
  }
  if ('code' in to) return { line, findings: [to] }
  const after = wanted.after ?? kept?.after
  // A delay alone changes the delay; a target alone switches the forward on.
  const active = wanted.active ?? (wanted.to !== undefined || kept?.active === true)
  const forward = { to, active, ...(after !== undefined && { after }) }
  return { line: withForward(line, kind, forward), findings: [] }
}

function changeRest(line: Line, change: SettingsChange): Line {
  const { doNotDisturb, absent, rejectAnonymous, hideNumber, intercom, callWaiting } =
    change
  return {
    ...line,
    ...(doNotDisturb !== undefined && { doNotDisturb: doNotDisturb ?? false }),
    ...(absent !== undefined && { absent: absent ?? false }),
    ...(rejectAnonymous !== undefined && { rejectAnonymous: rejectAnonymous ?? false }),
    ...(hideNumber !== undefined && { hideNumber: hideNumber ?? false }),
    ...(intercom !== undefined && { intercom: intercom ?? false }),
    ...(callWaiting === null && { callWaiting: { beep: 'server' } }),
    ...(callWaiting && { callWaiting: { ...line.callWaiting, ...callWaiting } }),
  }
}

/** Nobody shows a number that is not his own account's (spec C3, T15). */
function changeShown(
  line: Line,
  { shownNumber }: SettingsChange,
  around: Directory,
): Step {
  if (shownNumber === undefined) return { line, findings: [] }
  if (shownNumber === null) return { line: withShownNumber(line, null), findings: [] }
  const path = ['shownNumber']
  const read = subscriberNumber(shownNumber, path, around.country)
  if (!('number' in read)) return { line, findings: [read] }
  if (mayShow(line, read.number, holdersIn(around))) {
    return { line: withShownNumber(line, read.number), findings: [] }
  }
  const message = `line ${line.number} may not show ${read.number}: not of its group`
  return { line, findings: [finding('shown.foreign', path, message)] }
}

function changeFilters(line: Line, { filters }: SettingsChange, country: string): Step {
  const findings: Finding[] = []
  let changed = line
  for (const direction of FILTER_DIRECTIONS) {
    const wanted = filters?.[direction]
    if (wanted === undefined) continue
    const read = completeFilters(
      { ...(wanted && { [direction]: wanted }) },
      ['filters'],
      country,
    )
    findings.push(...read.findings)
    changed = withFilter(changed, direction, read.value?.[direction] ?? null)
  }
  return { line: changed, findings }
}

function changeLock(line: Line, { lock }: SettingsChange): Line {
  if (lock === undefined) return line
  if (lock === null) return withLock(line, { pin: defaultLockPin, active: false })
  const pin = lock.pin ?? lockPinOf(line)
  return withLock(line, { pin, active: lock.active ?? line.lock?.active ?? false })
}

/**
 * The rules of the site file, for what is another forward than before. One that is
 * switched off is not judged: it may be off because it is allowed no longer.
 */
function forwardFindings(
  before: Line,
  after: Line,
  change: SettingsChange,
  directory: Directory,
): Finding[] {
  const estate = estateOf(after, directory)
  const changed = forwardKinds.filter((kind) => {
    const [old, now] = [keptForward(before, kind), keptForward(after, kind)]
    if (now && !now.active) return JSON.stringify(old?.to) !== JSON.stringify(now.to)
    return now && JSON.stringify(old) !== JSON.stringify(now)
  })
  const targets = changed.flatMap((kind) => {
    const kept = keptForward(after, kind)
    const key = change.forwarding?.[kind] ? 'forwarding' : 'rememberedForwards'
    return kept ? targetFindings(kept.to, after, estate, [key, kind, 'to']) : []
  })
  const active = changed.filter((kind) => after.forwarding[kind])
  return [...targets, ...chainFindings(after, active, directory)]
}

function estateOf(line: Line, directory: Directory): Estate {
  const { country, emergencyNumbers, plans, lines, aliases } = directory
  const kindOf = (number: string) => {
    if (lines.has(number)) return { kind: 'line' } as const
    return aliases.has(number) ? ({ kind: 'alias' } as const) : undefined
  }
  return {
    country,
    emergencyNumbers,
    owners: { get: kindOf },
    plan: (name) => plans.get(name),
    hasBox: (number) => {
      const other = number === line.number ? line : lines.get(number)
      return other && other.voicemail !== undefined
    },
  }
}

/** The form is the schema's business; that it is not the line's own number is ours. */
function pinFindings(before: Line, after: Line): Finding[] {
  const found = guessableSecrets({ lines: [{ path: [], value: after }] })
  return found.filter(({ path }) => {
    if (path[0] === 'lock') {
      return lockPinOf(before).reveal() !== lockPinOf(after).reveal()
    }
    const [old, now] = [before, after].map((each) =>
      each.voicemail?.remotePassword?.reveal(),
    )
    return path[1] === 'remotePassword' && old !== now
  })
}
