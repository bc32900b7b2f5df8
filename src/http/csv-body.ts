import { z } from 'zod'
import { type CsvRead, type CsvTable, readCsv } from '../model/csv.js'
import type { Finding } from '../model/finding.js'
import { named } from './api-schemas.js'
import type { Routes } from './openapi.js'
import { Problem } from './problem.js'

/** A hundred thousand rows of a number and a name. */
const MAX_BYTES = 8 * 1024 * 1024

export const ImportView = named(
  'Import',
  'What became of a table',
  z.object({
    rows: z.int(),
    separator: z.enum([',', ';', 'tab']),
    encoding: z.string(),
    changed: z.boolean().meta({ description: 'false: it was so already, or a preview' }),
    applied: z.boolean().meta({
      description: 'Whether Asterisk has it as well, for calls without the controller',
    }),
  }),
)

/** An answer that is a table, for the document of the API. */
export const CSV_ANSWER = {
  description: 'A table as CSV',
  content: { 'text/csv': { schema: z.string() } },
}

/** `?preview=true`: everything but the change. */
export const Preview = z.enum(['true', 'false']).default('false')

/** Bytes: which encoding they are in is found out by looking (row V02). */
export function acceptCsv(routes: Routes): void {
  routes.addContentTypeParser(
    'text/csv',
    { parseAs: 'buffer', bodyLimit: MAX_BYTES },
    (_request, body, done) => done(null, body),
  )
}

/** The table of a body. Throws a Problem: 413 when it is too long, else 422. */
export function tableIn(
  body: unknown,
  columns: readonly string[],
  isData: (firstCell: string) => boolean,
): CsvTable {
  const bytes = body instanceof Uint8Array ? body : new Uint8Array()
  const read: CsvRead = readCsv(bytes, columns, isData)
  if (read.kind === 'read') return read.table
  throw csvRefused(read.findings)
}

/** Nothing is imported; every reason, by row and column. */
export function csvRefused(findings: readonly Finding[]): Problem {
  const tooLong = findings.some(({ code }) => code === 'csv.tooLong')
  const errors = findings.map(({ path, code, message, remedy }) => {
    const [row, column] = path
    return { pointer: `/${row}/${column}`, row, column, code, message, remedy }
  })
  const [status, type] = tooLong ? [413, 'csv-too-long'] : [422, 'csv-invalid']
  return new Problem(Number(status), String(type), 'the table is refused', { errors })
}

/** One import at a time: the second would confirm what the first replaces (row V13). */
export class Imports {
  readonly #running = new Set<string>()

  async alone<T>(what: string, work: () => Promise<T>): Promise<T> {
    if (this.#running.has(what)) {
      throw new Problem(409, 'import-running', 'another import is not finished yet')
    }
    this.#running.add(what)
    try {
      return await work()
    } finally {
      this.#running.delete(what)
    }
  }
}
