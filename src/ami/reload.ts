import type { Requests } from './requests.js'

/**
 * A reload of 10,000 lines takes 1.9 s idle and several under load; known
 * deadlocks (asterisk-facts §15) never end.
 */
const RELOAD_TIMEOUT_MS = 20_000

/**
 * Makes one module read its files again. Asterisk answers when it is through, but
 * says `Module Reloaded` even when it refused what it read (L12, L13): proof is the
 * caller's business. Class `system`.
 */
export async function reload(
  ami: Requests,
  module: string,
  timeoutMs = RELOAD_TIMEOUT_MS,
): Promise<void> {
  await ami.send({ Action: 'Reload', Module: module }, timeoutMs)
}
