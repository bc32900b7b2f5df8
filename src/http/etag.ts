import { createHmac } from 'node:crypto'
import type { Line } from '../model/line.js'
import { lockPinOf } from '../model/setting-keys.js'
import type { Accounts } from './accounts.js'
import { settingsView } from './live-view.js'
import type { Routes } from './openapi.js'
import { Problem } from './problem.js'
import type { SettingsChanges } from './settings-changes.js'

const TAGGED = /\/lines\/:number(?:\/settings)?$/

/**
 * The line and its settings carry an ETag; a change with another `If-Match` is refused,
 * so that nobody overwrites what he has not seen (H09, H11). Others change a line too:
 * its phone by codes, a renewal.
 */
export function conditional(
  routes: Routes,
  {
    settings,
    accounts,
  }: {
    readonly settings: Pick<SettingsChanges, 'line'>
    readonly accounts: Pick<Accounts, 'keyFor'>
  },
): void {
  // A PIN is part of what an ETag stands for, and must not be found out from it.
  const key = accounts.keyFor('etag')
  // In the same turn as the change itself: nothing comes between.
  routes.addHook('preHandler', ({ method, params, headers }, _reply, next) => {
    const wanted = headers['if-match']
    const line = lineIn(params, settings)
    const writes = method !== 'GET' && method !== 'HEAD'
    const isStale =
      writes && line && wanted !== undefined && !matches(wanted, etagOf(line, key))
    const detail = 'the line was changed meanwhile: read it again'
    next(isStale ? new Problem(412, 'precondition-failed', detail) : undefined)
  })
  routes.addHook('onSend', ({ params, routeOptions }, reply, _payload, next) => {
    const isTagged = reply.statusCode < 300 && TAGGED.test(routeOptions.url ?? '')
    const line = isTagged ? lineIn(params, settings) : undefined
    if (line) reply.header('etag', etagOf(line, key))
    next()
  })
}

/**
 * Of all that somebody may change about a line; what its phone does is no part of it. The
 * same in every controller of a deployment, so that a restart makes nobody read anew.
 */
function etagOf(line: Line, key: Buffer): string {
  const { name, plan, calls } = line
  const settings = settingsView(line)
  const text = JSON.stringify([name, plan, calls, settings, lockPinOf(line).reveal()])
  return `"${createHmac('sha256', key).update(text).digest('base64url').slice(0, 22)}"`
}

/** RFC 9110 §13.1.1: a list of tags, or `*` for whatever there is. */
function matches(header: string, wanted: string): boolean {
  const tags = header.split(',').map((tag) => tag.trim())
  return tags.includes('*') || tags.includes(wanted)
}

function lineIn(
  params: unknown,
  settings: Pick<SettingsChanges, 'line'>,
): Line | undefined {
  if (typeof params !== 'object' || params === null || !('number' in params)) {
    return undefined
  }
  return settings.line(String(params.number))
}
