import type { System } from '../../rig/system.js'
import { ask, bearerOf } from '../api/asking.js'

export interface Answer {
  readonly status: number
  readonly body: {
    readonly type?: string
    readonly applied?: boolean
    readonly changed?: readonly string[]
    readonly settings?: Settings
    readonly errors?: readonly { readonly pointer: string; readonly code: string }[]
  }
}

export interface Settings {
  readonly forwarding: Readonly<Record<string, { readonly to: unknown } | null>>
  readonly [key: string]: unknown
}

/** Changes settings of a line over the API. */
export function patch(system: System, number: string, change: object): Promise<Answer> {
  return send(system, 'PATCH', `/api/v1/lines/${number}/settings`, change)
}

export async function send(
  system: System,
  method: string,
  path: string,
  body: object,
): Promise<Answer> {
  const headers = { ...bearerOf(system), 'content-type': 'application/json' }
  const { status, text } = await ask(system, path, {
    ...{ method, headers },
    body: JSON.stringify(body),
  })
  return { status, body: JSON.parse(text) as Answer['body'] }
}

export async function settingsOf(system: System, number: string): Promise<Settings> {
  const { body } = await system.get(`/api/v1/lines/${number}/settings`)
  return (body as { settings: Settings }).settings
}
