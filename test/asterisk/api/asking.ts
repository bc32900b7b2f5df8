import type { System } from '../../rig/system.js'

export function bearerOf(system: System): { authorization: string } {
  return { authorization: `Bearer ${system.token()}` }
}

/** A request to the API of a system, with its token unless headers are given. */
export async function ask(system: System, path: string, init: RequestInit = {}) {
  const response = await fetch(`http://${system.network.system}:8080${path}`, {
    headers: bearerOf(system),
    ...init,
  })
  const text = await response.text()
  const type = response.headers.get('content-type') ?? ''
  return { status: response.status, type, text, headers: response.headers }
}

/** The value of one metric, with its labels as written; undefined when it is not there. */
export async function metric(system: System, name: string): Promise<number | undefined> {
  const { text } = await ask(system, '/metrics', { headers: {} })
  const line = text.split('\n').find((each) => each.startsWith(`${name} `))
  return line === undefined ? undefined : Number(line.slice(name.length + 1))
}
