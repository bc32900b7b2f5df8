import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Address } from '../model/address.js'
import { codeOf } from './durable-file.js'

/** What became of telling the controller; none of it undoes an apply. */
export type Told =
  | { readonly kind: 'told' }
  | { readonly kind: 'notRunning' }
  | { readonly kind: 'failed'; readonly reason: string }

/** A reload mirrors every changed setting into Asterisk before it is confirmed. */
const TIMEOUT_MS = 20_000

/** Tells the running controller of a folder to take the site that is now current. */
export async function reloadController(dir: string, http: Address): Promise<Told> {
  const token = await tokenOf(dir)
  if (token === undefined) return { kind: 'notRunning' }
  const url = `http://${http.host}:${http.port}/api/v1/reload`
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    const body = await answer.text()
    if (answer.ok) return { kind: 'told' }
    return { kind: 'failed', reason: `${url} answered ${answer.status}: ${body}` }
  } catch (error) {
    if (!(error instanceof Error)) throw error
    // fetch wraps the system's error, which says that nobody listens.
    if (codeOf(error.cause) === 'ECONNREFUSED') return { kind: 'notRunning' }
    return { kind: 'failed', reason: `${url}: ${error.message}` }
  }
}

/** Made by the first controller that starts on the folder. */
async function tokenOf(dir: string): Promise<string | undefined> {
  try {
    return (await readFile(join(dir, 'api-token'), 'utf8')).trim()
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}
