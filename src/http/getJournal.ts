import { z } from 'zod'
import { doors } from '../store/journal.js'
import { Instant, named } from './api-schemas.js'
import type { Routes } from './openapi.js'
import { problems } from './problem.js'
import { known } from './settings.js'
import type { SettingsChanges } from './settings-changes.js'

const MAX_ENTRIES = 1_000

const Params = z.object({ number: z.string() })
const Query = z.object({
  limit: z.coerce.number().int().min(1).max(MAX_ENTRIES).default(100).meta({
    description: 'The most entries, 1 to 1000',
  }),
})

const EntryView = named(
  'JournalEntry',
  'A change of one setting: by whom, when, and by which door',
  z.object({
    at: Instant,
    door: z.enum(doors),
    who: z.string(),
    key: z.string(),
    before: z.unknown(),
    after: z.unknown().meta({ description: 'As the store keeps it; *** for a secret' }),
  }),
)

/** `GET /api/v1/lines/{number}/journal`. */
export function journalRoute(routes: Routes, settings: SettingsChanges): void {
  const schema = {
    summary: 'Who changed which setting of a line, the last change first',
    params: Params,
    querystring: Query,
    response: { 200: z.array(EntryView), ...problems(401, 404, 422, 503) },
  }
  routes.get('/lines/:number/journal', { schema }, ({ params, query }) => {
    const { number } = known(settings, params.number)
    return settings.journal(number, query.limit).map(({ at, line: _, ...entry }) => ({
      at: new Date(at).toISOString(),
      ...entry,
    }))
  })
}
