import { z } from 'zod'
import { firstOf, isMangled, placeIn, writeCsv } from '../model/csv.js'
import {
  canonicalEntry,
  FILTER_DIRECTIONS,
  FILTER_KINDS,
  MAX_FILTER_ENTRIES,
} from '../model/filter.js'
import { type Finding, finding } from '../model/finding.js'
import { show } from '../model/refusal.js'
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
import { problems } from './problem.js'
import { refused } from './refused-settings.js'
import { byOf, known } from './settings.js'
import type { SettingsChanges } from './settings-changes.js'

const Params = z.object({
  number: z.string().meta({ description: 'The number of the line, in any spelling' }),
  direction: z.enum(FILTER_DIRECTIONS),
})

/** `GET` and `PUT /api/v1/lines/{number}/filters/{direction}/csv`: a list as a table. */
export function filterRoutes(server: Routes, settings: SettingsChanges): void {
  const imports = new Imports()
  server.register((routes: Routes, _options, done) => {
    acceptCsv(routes)
    const get = {
      summary: 'A white or black list as CSV, one entry per row',
      params: Params,
      response: { 200: CSV_ANSWER, ...problems(401, 404, 422) },
    }
    routes.get(
      '/lines/:number/filters/:direction/csv',
      { schema: get },
      (request, reply) => {
        const { number, direction } = request.params
        const entries = known(settings, number).filters?.[direction]?.entries ?? []
        reply.type('text/csv; charset=utf-8')
        return reply.send(writeCsv([['entry'], ...entries.map((entry) => [entry])]))
      },
    )

    const put = {
      summary: 'Replaces the entries of a white or black list, all of them or none',
      params: Params,
      querystring: z.object({
        mode: z.enum(['none', 'black', 'white']).exactOptional().meta({
          description: 'What the list does from now on; without it, as before',
        }),
        preview: Preview,
      }),
      response: {
        ...{ 200: ImportView },
        ...problems(401, 403, 404, 409, 413, 415, 422, 503),
      },
    }
    routes.put('/lines/:number/filters/:direction/csv', { schema: put }, (request) => {
      const { number, direction } = request.params
      const line = known(settings, number)
      const { country } = settings.directory
      const table = tableIn(request.body, ['entry'], (cell) => isEntry(cell, country))
      const entries = entriesIn(
        table.rows.map(({ row, cells }) => [row, cells[0] ?? '']),
        country,
      )
      const { separator, encoding } = table
      const seen = { rows: table.rows.length, separator, encoding }
      const mode = request.query.mode ?? line.filters?.[direction]?.mode ?? 'none'
      if (request.query.preview === 'true') {
        return { ...seen, changed: false, applied: false }
      }
      return imports.alone(`${line.number} ${direction}`, async () => {
        const change = { filters: { [direction]: { mode, entries } } }
        const settled = await settings.change(line.number, change, byOf(request))
        if (settled.kind === 'refused') throw refused(settled.findings)
        return { ...seen, changed: settled.keys.length > 0, applied: settled.applied }
      })
    })
    done()
  })
}

/** Not a header: a number however spoilt, or a kind. */
function isEntry(cell: string, country: string): boolean {
  return /\d/.test(cell) || canonicalEntry(cell, country) !== undefined
}

function entriesIn(
  cells: readonly (readonly [number, string])[],
  country: string,
): string[] {
  const findings: Finding[] = []
  const entries = cells.flatMap(([row, text]) => {
    const entry = isMangled(text) ? undefined : canonicalEntry(text, country)
    if (entry !== undefined) return [entry]
    const code = isMangled(text) ? 'number.mangled' : 'filter.entry'
    const why = `row ${row}: ${show(text, [])} is no number, beginning or ${FILTER_KINDS.join(', ')}`
    findings.push(finding(code, placeIn(row, 1), why))
    return []
  })
  const once = [...new Set(entries)]
  if (once.length > MAX_FILTER_ENTRIES) {
    findings.push(finding('filter.tooMany', placeIn(1, 1), `${once.length} entries`))
  }
  if (findings.length > 0) throw csvRefused(firstOf(findings))
  return once
}
