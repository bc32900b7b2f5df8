import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Line } from '../model/line.js'
import { SettingsPatch } from '../model/settings.js'
import type { By } from '../store/journal.js'
import { principalOf } from './access.js'
import { named } from './api-schemas.js'
import { settingsView } from './live-view.js'
import type { Routes } from './openapi.js'
import { forbidden, lineUnknown, problems } from './problem.js'
import { readChange, refused } from './refused-settings.js'
import type { SettingsChanges, Settled } from './settings-changes.js'
import { SettingsView } from './views.js'

const Params = z.object({
  number: z.string().meta({ description: 'The number of the line, in any spelling' }),
})

export const SettledView = named(
  'SettledSettings',
  'The settings of a line after a change',
  z.object({
    number: z.string(),
    settings: SettingsView,
    changed: z.array(z.string()).meta({
      description: 'The settings that are others now, like forwarding.busy',
    }),
    applied: z.boolean().meta({
      description:
        'Whether Asterisk has them as well, for calls without the controller; if not, ' +
        'they are kept all the same and follow as soon as it answers',
    }),
  }),
)
type SettledView = z.infer<typeof SettledView>

/** The body is judged here: what is wrong with it has a rule and a remedy, and is a 422. */
export const unjudged = { validatorCompiler: () => (value: unknown) => ({ value }) }

/** `GET`, `PATCH` and `DELETE /api/v1/lines/{number}/settings`. */
export function settingsRoutes(routes: Routes, settings: SettingsChanges): void {
  const show = {
    summary: 'The settings of a line; Asterisk is not asked',
    params: Params,
    response: {
      200: z.object({ number: z.string(), settings: SettingsView }),
      ...problems(401, 404),
    },
  }
  routes.get('/lines/:number/settings', { schema: show }, ({ params }) => {
    const line = known(settings, params.number)
    return { number: line.number, settings: settingsView(line) }
  })

  const change = {
    summary: 'Changes settings of a line: all that is asked for, or nothing',
    description:
      'null clears, a missing key leaves as it is. 202: kept, but Asterisk does not ' +
      'answer and gets it later. 422 names every reason with a JSON pointer.',
    params: Params,
    body: SettingsPatch,
    response: {
      ...{ 200: SettledView, 202: SettledView },
      ...problems(400, 401, 403, 404, 415, 422, 503),
    },
  }
  routes.patch(
    '/lines/:number/settings',
    { schema: change, ...unjudged },
    async (request, reply) => {
      const line = known(settings, request.params.number)
      const wanted = readChange(request.body)
      return answer(reply, await settings.change(line.number, wanted, byOf(request)))
    },
  )

  const reset = {
    summary: 'Gives a line back to the site file: forgets what was changed',
    params: Params,
    response: {
      ...{ 200: SettledView, 202: SettledView },
      ...problems(401, 403, 404, 503),
    },
  }
  routes.delete('/lines/:number/settings', { schema: reset }, async (request, reply) => {
    if (principalOf(request).role !== 'administrator') {
      throw forbidden('this is for administrators')
    }
    const line = known(settings, request.params.number)
    return answer(reply, await settings.reset(line.number, byOf(request)))
  })
}

/** Who changes something over the API; our own command line says that it is it. */
export function byOf(request: FastifyRequest): By {
  const agent = request.headers['user-agent'] ?? ''
  const door = agent.startsWith('linekeeper-cli/') ? 'cli' : 'api'
  return { door, who: principalOf(request).name }
}

export function known(settings: SettingsChanges, number: string): Line {
  const line = settings.line(number)
  if (line === undefined) throw lineUnknown()
  return line
}

function answer(reply: FastifyReply, settled: Settled): SettledView {
  if (settled.kind === 'refused') throw refused(settled.findings)
  const { line, keys, applied } = settled
  reply.code(applied ? 200 : 202)
  return {
    number: line.number,
    settings: settingsView(line),
    changed: [...keys],
    applied,
  }
}
