import type { ForwardTarget } from '../model/forwarding.js'
import type { Line } from '../model/line.js'
import { asDialled } from '../model/phone-number.js'
import { keptForward } from '../model/setting-keys.js'
import type { CodeService } from './code-table.js'

/** Services by the name that their prompts have (asterisk/sounds/prompts.yaml). */
export const PROMPTS_OF = {
  unconditional: 'cfu',
  busy: 'cfb',
  noAnswer: 'cfnr',
  absent: 'absent',
  doNotDisturb: 'do-not-disturb',
  rejectAnonymous: 'reject-anonymous',
  hideNumber: 'hide-number',
  lock: 'lock',
} as const satisfies Partial<Record<CodeService, string>>

/** A service that is on or off. */
export type Switched = keyof typeof PROMPTS_OF

/** `-on` after a change, `-is-on` for who asks. */
export const STATES = ['on', 'off', 'is-on', 'is-off'] as const

export const REFUSALS = [
  'code-unknown',
  'delay-refused',
  'forward-loop',
  'not-changed',
  'not-in-plan',
  'nothing-stored',
  'nothing-to-pick-up',
  'number-invalid',
  'number-refused',
  'outgoing-locked',
  'pin-locked-for-long',
  'pin-locked-out',
  'pin-wrong',
  'pickup-refused',
  'refused',
  'too-many-changes',
  'voicemail-none',
] as const
export type Refusal = (typeof REFUSALS)[number]

export const SECOND_PROMPTS = [
  'to-number',
  'to-voicemail',
  'to-voicemail-of',
  'to-fax',
  'to-fax-of',
  'pin-must-change',
] as const

/** What the user of a code hears, prompt by prompt. */
export interface Saying {
  readonly says:
    | Refusal
    | 'forwards-cancelled'
    | `${(typeof PROMPTS_OF)[Switched]}-${(typeof STATES)[number]}`
  readonly andThen?: (typeof SECOND_PROMPTS)[number]
  /** Read digit by digit, as it is dialled in the country. */
  readonly digits?: string
  readonly seconds?: number
}

/** What a service of a line is, or has become by a change. */
export function stateOf(
  service: Switched,
  line: Line,
  { changed, country }: { changed: boolean; country: string },
): Saying {
  const on = isOn(service, line)
  const state = `${changed ? '' : 'is-'}${on ? 'on' : 'off'}` as const
  const says = `${PROMPTS_OF[service]}-${state}` as const
  return on ? { says, ...detailOf(service, line, country) } : { says }
}

export function isOn(service: Switched, line: Line): boolean {
  switch (service) {
    case 'unconditional':
    case 'noAnswer':
    case 'busy':
      return keptForward(line, service)?.active === true
    case 'lock':
      return line.lock?.active === true
    case 'absent':
    case 'doNotDisturb':
    case 'rejectAnonymous':
    case 'hideNumber':
      return line[service] === true
  }
}

function detailOf(
  service: Switched,
  line: Line,
  country: string,
): Pick<Saying, 'andThen' | 'digits' | 'seconds'> {
  if (service !== 'unconditional' && service !== 'noAnswer' && service !== 'busy')
    return {}
  const forward = keptForward(line, service)
  if (!forward) return {}
  const { to, after } = forward
  return { ...targetOf(to, country), ...(after !== undefined && { seconds: after }) }
}

function targetOf(
  to: ForwardTarget,
  country: string,
): Pick<Saying, 'andThen' | 'digits'> {
  if (to.kind === 'number') {
    return { andThen: 'to-number', digits: asDialled(to.number, country) }
  }
  if (to.line === undefined) return { andThen: `to-${to.kind}` }
  return { andThen: `to-${to.kind}-of`, digits: asDialled(to.line, country) }
}
