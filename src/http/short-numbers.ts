import { z } from 'zod'
import { writeCsv } from '../model/csv.js'
import {
  ownerKey,
  SHORT_COLUMNS,
  type ShortEntry,
  type ShortOwner,
  shortTable,
} from '../model/short-number.js'
import { named } from './api-schemas.js'
import {
  acceptCsv,
  CSV_ANSWER,
  csvRefused,
  Imports,
  ImportView,
  Preview,
  tableIn,
} from './csv-body.js'
import type { Routes } from './openapi.js'
import { Problem, problems } from './problem.js'
import { known } from './settings.js'
import type { SettingsChanges } from './settings-changes.js'

const ShortNumberView = named(
  'ShortNumberRow',
  'A short number and where it leads',
  z.object({
    number: z.string(),
    to: z.string(),
    firstName: z.string(),
    lastName: z.string(),
  }),
)

/** Whose table: of a line (2…), of a group (7…), of every line (7…). */
const OWNERS = [
  { path: '/lines/:number/short-numbers', of: 'line' },
  { path: '/groups/:group/short-numbers', of: 'group' },
  { path: '/short-numbers', of: 'all' },
] as const

const Params = z.object({
  number: z.string().optional().meta({ description: 'The number of the line' }),
  group: z.string().optional().meta({ description: 'The name of the group' }),
})

/** The tables of short numbers: shown, imported, exported, emptied (spec C2). */
export function shortNumberRoutes(server: Routes, settings: SettingsChanges): void {
  const imports = new Imports()
  server.register((routes: Routes, _options, done) => {
    acceptCsv(routes)
    for (const { path, of } of OWNERS) {
      const ownerOf = (params: z.infer<typeof Params>) => ownerIn(of, params, settings)
      showRoutes(routes, path, ownerOf, settings)
      changeRoutes(routes, path, { ownerOf, settings, imports })
    }
    done()
  })
}

type OwnerOf = (params: z.infer<typeof Params>) => ShortOwner

function showRoutes(
  routes: Routes,
  path: string,
  ownerOf: OwnerOf,
  settings: SettingsChanges,
): void {
  const list = {
    summary: 'Short numbers, in their order',
    params: Params,
    response: { 200: z.array(ShortNumberView), ...problems(401, 403, 404) },
  }
  routes.get(path, { schema: list }, ({ params }) => [
    ...settings.shortNumbers(ownerOf(params)),
  ])
  const csv = {
    summary: `Short numbers as CSV: ${SHORT_COLUMNS.join(',')}`,
    params: Params,
    response: { 200: CSV_ANSWER, ...problems(401, 403, 404) },
  }
  routes.get(`${path}/csv`, { schema: csv }, ({ params }, reply) => {
    const rows = settings.shortNumbers(ownerOf(params)).map(cellsOf)
    reply.type('text/csv; charset=utf-8')
    return reply.send(writeCsv([SHORT_COLUMNS, ...rows]))
  })
}

interface Changing {
  readonly ownerOf: OwnerOf
  readonly settings: SettingsChanges
  readonly imports: Imports
}

function changeRoutes(
  routes: Routes,
  path: string,
  { ownerOf, ...parts }: Changing,
): void {
  const { settings, imports } = parts
  const replace = (owner: ShortOwner, entries: readonly ShortEntry[]) =>
    imports.alone(ownerKey(owner), async () => {
      const before = JSON.stringify(settings.shortNumbers(owner))
      const applied = await settings.replaceShortNumbers(owner, entries)
      return { applied, changed: JSON.stringify(settings.shortNumbers(owner)) !== before }
    })
  const put = {
    summary: `Replaces a table by CSV: ${SHORT_COLUMNS.join(',')}; all of it or nothing`,
    params: Params,
    querystring: z.object({ preview: Preview }),
    response: {
      ...{ 200: ImportView },
      ...problems(401, 403, 404, 409, 413, 415, 422, 503),
    },
  }
  routes.put(`${path}/csv`, { schema: put }, async ({ params, query, body }) => {
    const owner = ownerOf(params)
    const table = tableIn(body, SHORT_COLUMNS, (cell) => /\d/.test(cell))
    const { country, emergencyNumbers, lines, aliases } = settings.directory
    const owned = (number: string) => lines.has(number) || aliases.has(number)
    const read = shortTable(table, owner, { country, emergencyNumbers, owned })
    if (read.kind === 'refused') throw csvRefused(read.findings)
    const { separator, encoding, rows } = table
    const seen = { rows: rows.length, separator, encoding }
    if (query.preview === 'true') return { ...seen, changed: false, applied: false }
    return { ...seen, ...(await replace(owner, read.entries)) }
  })

  const Emptied = z.object({ changed: z.boolean(), applied: z.boolean() })
  const empty = {
    summary: 'Empties a table, or takes one short number out of it',
    params: Params,
    querystring: z.object({ only: z.string().exactOptional() }),
    response: { 200: Emptied, ...problems(401, 403, 404, 409, 503) },
  }
  routes.delete(path, { schema: empty }, ({ params, query }) => {
    const owner = ownerOf(params)
    const { only } = query
    const there = settings.shortNumbers(owner)
    const kept = only === undefined ? [] : there.filter(({ number }) => number !== only)
    if (only !== undefined && kept.length === there.length) {
      throw new Problem(404, 'short-number-unknown', `${ownerKey(owner)} has no ${only}`)
    }
    return replace(owner, kept)
  })
}

function ownerIn(
  of: ShortOwner['kind'],
  { number = '', group = '' }: z.infer<typeof Params>,
  settings: SettingsChanges,
): ShortOwner {
  switch (of) {
    case 'line':
      return { kind: 'line', line: known(settings, number).number }
    case 'group': {
      const lines = [...settings.directory.lines.values()]
      if (lines.some((line) => line.group === group)) return { kind: 'group', group }
      throw new Problem(404, 'group-unknown', 'no line is in this group')
    }
    case 'all':
      return { kind: 'all' }
  }
}

function cellsOf({ number, to, firstName, lastName }: ShortEntry): string[] {
  return [number, to, firstName, lastName]
}
