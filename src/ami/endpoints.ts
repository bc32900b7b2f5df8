import { AmiError } from './ami-error.js'
import { type Message, textOf } from './message.js'
import type { Requests } from './requests.js'

/** An endpoint as PJSIP has it now. */
export interface EndpointState {
  readonly name: string
  /** Asterisk's words: `Unavailable`, `Not in use`, `In use`, `Busy`, … */
  readonly deviceState: string
  readonly activeChannels: number
}

/** Every PJSIP endpoint. Class `system`. */
export async function endpoints(ami: Requests): Promise<readonly EndpointState[]> {
  const rows = await listOrNone(ami, 'PJSIPShowEndpoints')
  return rows.map((row) => ({
    name: textOf(row, 'objectname'),
    deviceState: textOf(row, 'devicestate'),
    activeChannels: Number(textOf(row, 'activechannels') || '0'),
  }))
}

/** Whether an endpoint is known by the address a call comes from. Class `system`. */
export async function isIdentified(ami: Requests, endpoint: string): Promise<boolean> {
  const details = await ami.list({ Action: 'PJSIPShowEndpoint', Endpoint: endpoint })
  return details.some((detail) => textOf(detail, 'event') === 'IdentifyDetail')
}

/** The address at which a phone can be reached. */
export interface Contact {
  readonly endpoint: string
  readonly uri: string
  /** Asterisk's words: `Reachable`, `Unreachable`, `NonQualified`, `Unknown`. */
  readonly status: string
  readonly userAgent: string
  /** When the registration ends, milliseconds of the wall clock. */
  readonly expiresAtMs?: number
  /** How long the phone takes to answer an OPTIONS. */
  readonly roundTripMs?: number
}

/** Every registered contact. Class `system`. */
export async function contacts(ami: Requests): Promise<readonly Contact[]> {
  const rows = await listOrNone(ami, 'PJSIPShowContacts')
  return rows.map((row) => ({
    endpoint: textOf(row, 'endpoint'),
    uri: textOf(row, 'uri'),
    status: textOf(row, 'status'),
    userAgent: textOf(row, 'useragent'),
    ...positive('expiresAtMs', Number(textOf(row, 'expirationtime')) * 1_000),
    ...positive('roundTripMs', Number(textOf(row, 'roundtripusec')) / 1_000),
  }))
}

/** Asterisk writes 0, or `N/A`, for what it does not know. */
function positive<Name extends string>(
  name: Name,
  value: number,
): Partial<Record<Name, number>> {
  const known: Partial<Record<Name, number>> = {}
  if (value > 0) known[name] = value
  return known
}

/** PJSIP answers an empty list with an error: "No Contacts found". */
async function listOrNone(ami: Requests, action: string): Promise<readonly Message[]> {
  try {
    return await ami.list({ Action: action })
  } catch (error) {
    if (error instanceof AmiError && / No \w+ found$/.test(error.message)) return []
    throw error
  }
}
