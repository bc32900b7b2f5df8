import { z } from 'zod'
import { SettingsPatch } from '../model/settings.js'
import { StoreUnavailable } from '../store/database.js'
import { principalOf } from './access.js'
import { named } from './api-schemas.js'
import type { Routes } from './openapi.js'
import { owns } from './principal.js'
import { Problem, problems } from './problem.js'
import { ReasonView, readChange, reasonsOf } from './refused-settings.js'
import { byOf, unjudged } from './settings.js'
import type { SettingsChanges, Settled } from './settings-changes.js'

const Body = z.strictObject({
  lines: z.array(z.string().max(40)).min(1).max(10_000).meta({
    description: 'Numbers of lines, in any spelling',
  }),
  settings: SettingsPatch,
})

const Outcome = named(
  'SettingsOutcome',
  'What became of a change for one of several lines',
  z.object({
    line: z.string().meta({ description: 'Canonical, or as it was sent if unknown' }),
    outcome: z.enum(['changed', 'unchanged', 'refused', 'unknown', 'failed']).meta({
      description: 'failed: the store did not take it, nothing is changed',
    }),
    applied: z.boolean(),
    errors: z.array(ReasonView),
  }),
)
type Outcome = z.infer<typeof Outcome>

/** `POST /api/v1/lines/settings`: the same change for several lines (spec A15). */
export function severalSettingsRoute(routes: Routes, settings: SettingsChanges): void {
  const schema = {
    summary: 'The same change for several lines; each succeeds or fails by itself',
    body: Body,
    response: {
      200: z.object({ outcomes: z.array(Outcome) }),
      ...problems(400, 401, 403, 415, 422, 503),
    },
  }
  const config = { customers: true } as const
  routes.post('/lines/settings', { schema, config, ...unjudged }, async (request) => {
    const { lines, change } = read(request.body)
    const principal = principalOf(request)
    const outcomes: Outcome[] = []
    for (const number of lines) {
      const line = settings.line(number)
      // A foreign line is to a customer what an unknown one is (H02).
      const own = line && owns(principal, line.number) ? line.number : undefined
      const settled =
        own === undefined
          ? undefined
          : await attempted(settings.change(own, change, byOf(request)))
      outcomes.push(outcomeOf(own ?? number, settled))
    }
    if (outcomes.every(({ outcome }) => outcome === 'failed')) {
      throw new StoreUnavailable('the store could not keep the settings')
    }
    return { outcomes }
  })
}

function read(body: unknown) {
  const Lines = Body.shape.lines
  const isObject = typeof body === 'object' && body !== null
  const lines = Lines.safeParse(isObject && 'lines' in body ? body.lines : undefined)
  const extra = isObject
    ? Object.keys(body).filter((key) => key !== 'lines' && key !== 'settings')
    : []
  if (!lines.success || extra.length > 0) {
    const pointers = lines.success ? extra.map((key) => `/${key}`) : ['/lines']
    throw new Problem(422, 'settings-invalid', 'the request is not as documented', {
      errors: pointers.map((pointer) => ({
        pointer,
        code: lines.success ? 'key.unknown' : 'value.type',
        message: `${pointer.slice(1)} is not as documented`,
        remedy: 'send { "lines": ["<number>", …], "settings": { … } }',
      })),
    })
  }
  const change = isObject && 'settings' in body ? body.settings : undefined
  return { lines: new Set(lines.data), change: readChange(change, '/settings') }
}

/** One line that the disk does not take is no reason to leave the others. */
async function attempted(settled: Promise<Settled>): Promise<Settled | 'failed'> {
  try {
    return await settled
  } catch (error) {
    if (error instanceof StoreUnavailable) return 'failed'
    throw error
  }
}

function outcomeOf(line: string, settled: Settled | 'failed' | undefined): Outcome {
  const nothing = { line, applied: false, errors: [] }
  if (settled === undefined) return { ...nothing, outcome: 'unknown' }
  if (settled === 'failed') return { ...nothing, outcome: 'failed' }
  if (settled.kind === 'refused') {
    const errors = reasonsOf(settled.findings, '/settings')
    return { ...nothing, outcome: 'refused', errors }
  }
  const { keys, applied } = settled
  return { ...nothing, outcome: keys.length > 0 ? 'changed' : 'unchanged', applied }
}
