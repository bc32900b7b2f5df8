import { z } from 'zod'
import { COSTLY_CLASSES, type CostlyClass } from './costly.js'
import { FILTER_DIRECTIONS, type Filter, type FilterDirection } from './filter.js'
import {
  Delay,
  type ForwardKind,
  type ForwardTarget,
  ForwardTargetEntry,
  forwardKinds,
  writtenTarget,
} from './forwarding.js'
import type { Line } from './line.js'
import { defaultLockPin, Secret } from './secret.js'
import { voicemailSettings } from './voicemail-settings.js'

/**
 * One setting of a line as the store keeps it: a row of its own, so that what the
 * subscriber never changed goes on following the site file.
 */
export interface Setting {
  /** In the store, the journal and the events; never renamed. */
  readonly key: string
  /** Shown as `***` wherever it is told that it changed. */
  readonly secret: boolean
  /** What the line has, as JSON. */
  readonly written: (line: Line) => unknown
  /** The line with a kept value; undefined when the value is none that we know. */
  readonly restored: (line: Line, value: unknown) => Line | undefined
}

/** A forward in the store: with its target while it is off, so that it can come back. */
const Kept = z
  .strictObject({
    to: ForwardTargetEntry,
    after: Delay.exactOptional(),
    active: z.boolean(),
  })
  .nullable()

/** Canonical entries only: nothing else was ever written, and the dialplan reads it. */
const StoredFilter = z
  .strictObject({
    mode: z.enum(['none', 'black', 'white']),
    entries: z.array(z.string().regex(/^(?:\d{1,20}\*?|[a-z]{1,20})$/)),
  })
  .nullable()

/** Every setting a subscriber may change. A line is what the site file says, and these. */
export const settings: readonly Setting[] = [
  ...forwardKinds.map(forwardSetting),
  flag('doNotDisturb'),
  flag('absent'),
  flag('rejectAnonymous'),
  flag('hideNumber'),
  setting(
    'shownNumber',
    z
      .string()
      .regex(/^00\d{2,18}$/)
      .nullable(),
    {
      written: ({ shownNumber }) => shownNumber ?? null,
      restored: withShownNumber,
    },
  ),
  ...FILTER_DIRECTIONS.map((direction) =>
    setting(`filters.${direction}`, StoredFilter, {
      written: ({ filters }) => filters?.[direction] ?? null,
      restored: (line, filter) => withFilter(line, direction, filter),
    }),
  ),
  ...voicemailSettings,
  // Not the subscriber's to change: the limits on harm close, an administrator reopens.
  setting('outgoing.closed', z.array(z.enum(COSTLY_CLASSES)), {
    written: ({ closedClasses = [] }) => [...closedClasses],
    restored: withClosedClasses,
  }),
  setting('intercom', z.boolean(), {
    written: ({ intercom }) => intercom,
    restored: (line, intercom) => ({ ...line, intercom }),
  }),
  setting('callWaiting.beep', z.enum(['server', 'phone', 'off']), {
    written: ({ callWaiting }) => callWaiting.beep,
    restored: (line, beep) => ({ ...line, callWaiting: { ...line.callWaiting, beep } }),
  }),
  setting('lock.active', z.boolean(), {
    written: ({ lock }) => lock?.active ?? false,
    restored: (line, active) => withLock(line, { pin: lockPinOf(line), active }),
  }),
  {
    // null: nobody has chosen one, the default PIN serves.
    ...setting(
      'lock.pin',
      z
        .string()
        .regex(/^\d{4}$/)
        .nullable(),
      {
        written: (line) => (hasOwnPin(line) ? lockPinOf(line).reveal() : null),
        restored: (line, pin) => {
          const active = line.lock?.active ?? false
          return withLock(line, {
            pin: pin === null ? defaultLockPin : new Secret(pin),
            active,
          })
        },
      },
    ),
    secret: true,
  },
]

/** The site file's line with what its subscriber changed; unknown rows are left out. */
export function withStored(line: Line, stored: ReadonlyMap<string, unknown>): Line {
  let effective = line
  for (const { key, restored } of settings) {
    if (!stored.has(key)) continue
    effective = restored(effective, stored.get(key)) ?? effective
  }
  return effective
}

/** A setting that two lines have differently: its values as JSON. */
export interface SettingDifference {
  readonly setting: Setting
  readonly before: unknown
  readonly after: unknown
}

export function settingDifferences(before: Line, after: Line): SettingDifference[] {
  return settings.flatMap((each) => {
    const [old, now] = [each.written(before), each.written(after)]
    if (JSON.stringify(old) === JSON.stringify(now)) return []
    return [{ setting: each, before: old, after: now }]
  })
}

/** The PIN that locks and unlocks the line, its own or the default one (spec B1.1). */
export function lockPinOf({ lock }: Line): Secret {
  return lock?.pin ?? defaultLockPin
}

/** Whether somebody chose the PIN; the default one must be changed (T32). */
export function hasOwnPin(line: Line): boolean {
  return lockPinOf(line).reveal() !== defaultLockPin.reveal()
}

/** A line that is not locked and has no PIN of its own has no lock at all. */
export function withLock(line: Line, lock: NonNullable<Line['lock']>): Line {
  const { lock: _, ...rest } = line
  if (!lock.active && lock.pin.reveal() === defaultLockPin.reveal()) return rest
  return { ...rest, lock }
}

export function withClosedClasses(line: Line, closed: readonly CostlyClass[]): Line {
  const { closedClasses: _, ...rest } = line
  return closed.length === 0 ? rest : { ...rest, closedClasses: closed }
}

/** null: what the site says of its aliases, or its own number. */
export function withShownNumber(line: Line, shown: string | null): Line {
  const { shownNumber: _, ...rest } = line
  return shown === null ? rest : { ...rest, shownNumber: shown }
}

export function withFilter(
  line: Line,
  direction: FilterDirection,
  filter: Filter | null,
): Line {
  const { filters, ...rest } = line
  const { [direction]: _, ...others } = filters ?? {}
  const all = { ...others, ...(filter && { [direction]: filter }) }
  return Object.keys(all).length === 0 ? rest : { ...rest, filters: all }
}

/** A forward, and whether it is active: off, it is kept to be switched on again. */
export interface KeptForward {
  readonly to: ForwardTarget
  /** Seconds of ringing, of `noAnswer` only. */
  readonly after?: number
  readonly active: boolean
}

export function keptForward(line: Line, kind: ForwardKind): KeptForward | undefined {
  const forward = line.forwarding[kind]
  if (forward) return { ...forward, active: true }
  const remembered = line.rememberedForwards?.[kind]
  return remembered && { ...remembered, active: false }
}

/** Seconds of ringing where nobody said how many (spec B1.4). */
const DEFAULT_DELAY = 20

export function withForward(
  line: Line,
  kind: ForwardKind,
  kept: KeptForward | undefined,
): Line {
  const { [kind]: _, ...forwarding } = line.forwarding
  const { [kind]: __, ...remembered } = line.rememberedForwards ?? {}
  const { rememberedForwards: ___, ...rest } = line
  const forward = kept && {
    [kind]: {
      ...(kind === 'noAnswer' && { after: kept.after ?? DEFAULT_DELAY }),
      to: kept.to,
    },
  }
  const off = { ...remembered, ...(!kept?.active && forward) }
  return {
    ...rest,
    forwarding: { ...forwarding, ...(kept?.active && forward) },
    ...(Object.keys(off).length > 0 && { rememberedForwards: off }),
  }
}

function forwardSetting(kind: ForwardKind): Setting {
  return setting(`forwarding.${kind}`, Kept, {
    written: (line) => {
      const kept = keptForward(line, kind)
      if (!kept) return null
      const { to, after, active } = kept
      return { to: writtenTarget(to), ...(after !== undefined && { after }), active }
    },
    restored: (line, value) => {
      if (value === null) return withForward(line, kind, undefined)
      const to = readTarget(value.to)
      return to && withForward(line, kind, { ...value, to })
    },
  })
}

/** Canonical numbers only: nothing else was ever written, and the dialplan reads it. */
function readTarget(entry: ForwardTargetEntry): ForwardTarget | undefined {
  if (entry === 'voicemail' || entry === 'fax') return { kind: entry }
  if (typeof entry === 'string') {
    return isCanonical(entry) ? { kind: 'number', number: entry } : undefined
  }
  const [kind, line] =
    'voicemail' in entry
      ? (['voicemail', entry.voicemail] as const)
      : (['fax', entry.fax] as const)
  return isCanonical(line) ? { kind, line } : undefined
}

function isCanonical(number: string): boolean {
  return /^\d{2,20}$/.test(number)
}

function flag(
  key: 'doNotDisturb' | 'absent' | 'rejectAnonymous' | 'hideNumber',
): Setting {
  return setting(key, z.boolean(), {
    written: (line) => line[key] ?? false,
    restored: (line, value) => ({ ...line, [key]: value }),
  })
}

function setting<T>(
  key: string,
  schema: z.ZodType<T>,
  {
    written,
    restored,
  }: { written: (line: Line) => T; restored: (line: Line, value: T) => Line | undefined },
): Setting {
  return {
    key,
    secret: false,
    written,
    restored: (line, value) => {
      const read = schema.safeParse(value)
      return read.success ? restored(line, read.data) : undefined
    },
  }
}
