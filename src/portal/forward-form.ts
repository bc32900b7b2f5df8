import {
  type ForwardKind,
  type ForwardTarget,
  forwardKinds,
} from '../model/forwarding.js'
import type { Line } from '../model/line.js'
import { keptForward } from '../model/setting-keys.js'
import type { Format } from './format.js'
import type { Texts } from './texts.js'

/** What a form of ours sends: text, or a list of it. */
export type Fields = Readonly<Record<string, string | readonly string[]>>

/** The first value of a field, without the spaces around it. */
export function field(fields: Fields, name: string): string {
  return [fields[name] ?? ''].flat()[0]?.trim() ?? ''
}

/**
 * The change that the form of the four forwards asks for. One that is not ticked is
 * off and keeps its target, so that it can be ticked again.
 */
export function forwardsWanted(fields: Fields): object {
  const forwarding = forwardKinds.map((kind) => [kind, wanted(fields, kind)] as const)
  return { forwarding: Object.fromEntries(forwarding) }
}

function wanted(fields: Fields, kind: ForwardKind): object {
  if (field(fields, `${kind}.on`) === '') return { active: false }
  const after = field(fields, `${kind}.after`)
  return {
    to: targetWanted(field(fields, `${kind}.kind`), field(fields, `${kind}.number`)),
    active: true,
    ...(kind === 'noAnswer' && {
      after: /^\d{1,3}$/.test(after) ? Number(after) : after,
    }),
  }
}

function targetWanted(kind: string, number: string): unknown {
  switch (kind) {
    case 'voicemail':
    case 'fax':
      return kind
    case 'otherVoicemail':
      return { voicemail: number }
    case 'otherFax':
      return { fax: number }
    default:
      return number
  }
}

/** The fields as they are for a line that nobody is changing. */
export function forwardFields(line: Line, format: Format): Fields {
  const entries = forwardKinds.flatMap((kind) => {
    const kept = keptForward(line, kind)
    const target = kept?.to
    return [
      [`${kind}.on`, kept?.active ? 'on' : ''],
      [`${kind}.kind`, target ? kindOf(target) : 'number'],
      [`${kind}.number`, target ? numberOf(target, format) : ''],
      [`${kind}.after`, String(kept?.after ?? 20)],
    ]
  })
  return Object.fromEntries(entries)
}

function kindOf(target: ForwardTarget): string {
  if (target.kind === 'number') return 'number'
  if (target.kind === 'voicemail') {
    return target.line === undefined ? 'voicemail' : 'otherVoicemail'
  }
  return target.line === undefined ? 'fax' : 'otherFax'
}

function numberOf(target: ForwardTarget, format: Format): string {
  if (target.kind === 'number') return format.number(target.number)
  return target.line === undefined ? '' : format.number(target.line)
}

/** What the form shows: as the line is, or as somebody sent it and was refused. */
export function forwardFormView(fields: Fields, t: Texts, hasFax: boolean) {
  const labels: Readonly<Record<ForwardKind, string>> = {
    unconditional: t.unconditional,
    noAnswer: t.noAnswer,
    busy: t.busy,
    unreachable: t.unreachable,
  }
  const isMasked = field(fields, 'unconditional.on') !== ''
  return {
    isMasked,
    forwards: forwardKinds.map((kind) => ({
      kind,
      label: labels[kind],
      isOn: field(fields, `${kind}.on`) !== '',
      isNoAnswer: kind === 'noAnswer',
      isBusy: kind === 'busy',
      isMasked: isMasked && kind !== 'unconditional',
      masks: kind === 'unconditional',
      after: field(fields, `${kind}.after`),
      number: field(fields, `${kind}.number`),
      targets: targetChoices(field(fields, `${kind}.kind`), t, hasFax),
    })),
  }
}

function targetChoices(chosen: string, t: Texts, hasFax: boolean) {
  const all: readonly (readonly [string, string])[] = [
    ['number', t.toNumber],
    ['voicemail', t.toVoicemail],
    ['otherVoicemail', t.toOtherVoicemail],
    ...(hasFax ? [['fax', t.toFax] as const, ['otherFax', t.toOtherFax] as const] : []),
  ]
  return all.map(([value, label]) => ({ value, label, isChosen: value === chosen }))
}
