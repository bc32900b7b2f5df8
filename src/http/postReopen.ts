import { z } from 'zod'
import { principalOf } from './access.js'
import { named } from './api-schemas.js'
import type { Routes } from './openapi.js'
import { forbidden, problems } from './problem.js'
import { refused } from './refused-settings.js'
import { byOf, known } from './settings.js'
import type { SettingsChanges } from './settings-changes.js'

const Params = z.object({
  number: z.string().meta({ description: 'The number of the line, in any spelling' }),
})

const ReopenedView = named(
  'Reopened',
  'A line to which nothing is closed any more, and whether anything was',
  z.object({ number: z.string(), changed: z.boolean(), applied: z.boolean() }),
)

/** `POST /api/v1/lines/{number}/reopen`: an administrator has looked at the line. */
export function reopenRoute(routes: Routes, settings: SettingsChanges): void {
  const schema = {
    summary:
      'Opens again what the limits on harm, wrong PINs or wrong passwords closed to a line',
    params: Params,
    response: { 200: ReopenedView, ...problems(401, 403, 404, 503) },
  }
  routes.post('/lines/:number/reopen', { schema }, async (request) => {
    if (principalOf(request).role !== 'administrator') {
      throw forbidden('this is for administrators')
    }
    const { number } = known(settings, request.params.number)
    const settled = await settings.reopen(number, byOf(request))
    if (settled.kind === 'refused') throw refused(settled.findings)
    return { number, changed: settled.keys.length > 0, applied: settled.applied }
  })
}
