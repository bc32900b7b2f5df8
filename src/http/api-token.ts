import { randomBytes, timingSafeEqual } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Secret } from '../model/secret.js'

/** The file of the administrator's token, in the state folder, mode 0600. */
export function tokenFile(dir: string): string {
  return join(dir, 'api-token')
}

/** The administrator's token of a state folder; made once, when it is first asked for. */
export function administratorToken(dir: string): Secret {
  try {
    // `wx`: two processes that start together agree on the one that came first.
    writeFileSync(tokenFile(dir), `${randomBytes(24).toString('base64url')}\n`, {
      mode: 0o600,
      flag: 'wx',
    })
  } catch (error) {
    if (!isAlreadyThere(error)) throw error
  }
  return new Secret(readFileSync(tokenFile(dir), 'utf8').trim())
}

/** Compares in constant time; anything but `Bearer <token>` is refused. */
export function bearerMatches(header: string | undefined, token: Secret): boolean {
  const given = Buffer.from(header ?? '')
  const wanted = Buffer.from(`Bearer ${token.reveal()}`)
  return given.length === wanted.length && timingSafeEqual(given, wanted)
}

function isAlreadyThere(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EEXIST'
}
