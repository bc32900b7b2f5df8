import { CsvError, parse } from 'csv-parse/sync'
import { type Finding, finding } from './finding.js'
import { show } from './refusal.js'

/** A table as a spreadsheet saves it. Rows count from 1, the header included. */
export interface CsvTable {
  readonly rows: readonly CsvRow[]
  readonly separator: ',' | ';' | 'tab'
  readonly encoding: Encoding
}

export interface CsvRow {
  readonly row: number
  readonly cells: readonly string[]
}

export type CsvRead =
  | { readonly kind: 'read'; readonly table: CsvTable }
  /** Every reason, up to a hundred; nothing of the table is to be used. */
  | { readonly kind: 'refused'; readonly findings: readonly Finding[] }

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252'

export const MAX_CSV_ROWS = 100_000
/** A cell longer than this is no number and no name. */
const MAX_CELL = 1_000
const MAX_FINDINGS = 100

/**
 * Reads a table of these columns, whatever separator, line ending and encoding the
 * spreadsheet chose (row V02). A first row that names the columns is skipped; one that
 * `isData` does not know is a wrong header.
 */
export function readCsv(
  bytes: Uint8Array,
  columns: readonly string[],
  isData: (firstCell: string) => boolean,
): CsvRead {
  const { text, encoding } = decoded(bytes)
  const separator = separatorOf(text)
  const records = recordsIn(text, separator)
  if ('code' in records) return { kind: 'refused', findings: [records] }
  if (records.length > MAX_CSV_ROWS) {
    return refusedWith('csv.tooLong', 1, `${records.length} rows`)
  }
  const [first] = records
  const header = columns.join(',')
  if (!first)
    return refusedWith('csv.header', 1, `the table is empty; columns: ${header}`)
  const named = first.cells[0]?.toLowerCase() === columns[0]?.toLowerCase()
  if (!named && !isData(first.cells[0] ?? '')) {
    const found = show(first.cells.join(','), [])
    return refusedWith('csv.header', first.row, `${found} is not the header ${header}`)
  }
  const rows = named ? records.slice(1) : records
  const wrongHeader =
    named && first.cells.join(',').toLowerCase() !== header.toLowerCase()
  if (wrongHeader || rows.length === 0) {
    const why = wrongHeader ? `the header is not ${header}` : 'there is only a header'
    return refusedWith('csv.header', first.row, why)
  }
  const findings = rows.flatMap((row) => cellFindings(row, columns))
  if (findings.length > 0) return { kind: 'refused', findings: firstOf(findings) }
  return { kind: 'read', table: { rows, separator, encoding } }
}

/** No more than a person reads. */
export function firstOf(findings: readonly Finding[]): readonly Finding[] {
  return findings.slice(0, MAX_FINDINGS)
}

/** A place in a table, as findings name it: row, column. */
export function placeIn(row: number, column: number): readonly [number, number] {
  return [row, column]
}

/**
 * A number that a spreadsheet has made of another: `6,12E+08`, or a leading zero or
 * `00` that is gone. What it was is not guessed (row V04).
 */
export function isMangled(text: string): boolean {
  return /^\d+(?:[.,]\d+)?E\+?\d+$/i.test(text) || /^[1-9]\d{8,}$/.test(text)
}

/** Cells that a spreadsheet would run as a formula get an apostrophe (row H27). */
export function writeCell(text: string): string {
  const inert = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",;\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert
}

export function writeCsv(rows: readonly (readonly string[])[]): string {
  return rows.map((cells) => `${cells.map(writeCell).join(',')}\r\n`).join('')
}

function refusedWith(
  code: 'csv.header' | 'csv.tooLong',
  row: number,
  why: string,
): CsvRead {
  return { kind: 'refused', findings: [finding(code, placeIn(row, 1), why)] }
}

/** Excel saves Windows-1252 unless told otherwise; bytes that are no UTF-8 are that. */
function decoded(bytes: Uint8Array): { text: string; encoding: Encoding } {
  const [a, b] = bytes
  const marked = a === 0xff && b === 0xfe ? 'utf-16le' : undefined
  const utf16 = marked ?? (a === 0xfe && b === 0xff ? 'utf-16be' : undefined)
  if (utf16) return { text: new TextDecoder(utf16).decode(bytes), encoding: utf16 }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return { text, encoding: 'utf-8' }
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    const text = new TextDecoder('windows-1252').decode(bytes)
    return { text, encoding: 'windows-1252' }
  }
}

/** The one that stands most often in the first row. */
function separatorOf(text: string): CsvTable['separator'] {
  const [line = ''] = text.split(/[\r\n]/, 1)
  const count = (separator: string): number => line.split(separator).length
  if (count('\t') > count(';') && count('\t') > count(',')) return 'tab'
  return count(';') > count(',') ? ';' : ','
}

function recordsIn(text: string, separator: CsvTable['separator']): CsvRow[] | Finding {
  try {
    const records: string[][] = parse(text, {
      delimiter: separator === 'tab' ? '\t' : separator,
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
      to: MAX_CSV_ROWS + 1,
      max_record_size: 10 * MAX_CELL,
    })
    return records.map((cells, at) => ({ row: at + 1, cells }))
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    const { lines, column } = error as CsvError & { lines?: number; column?: unknown }
    const place = placeIn(lines ?? 1, typeof column === 'number' ? column + 1 : 1)
    return finding(
      'csv.syntax',
      place,
      `row ${place[0]}, column ${place[1]}: ${error.code}`,
    )
  }
}

function cellFindings({ row, cells }: CsvRow, columns: readonly string[]): Finding[] {
  if (cells.length !== columns.length) {
    const message = `row ${row} has ${cells.length} cells; columns: ${columns.join(',')}`
    return [finding('csv.header', placeIn(row, cells.length), message)]
  }
  return cells.flatMap((cell, at) => {
    if (cell.length <= MAX_CELL && !/[\r\n\0]/.test(cell)) return []
    const message = `row ${row}, column ${at + 1}: ${show(cell, [])} is no cell of one line`
    return [finding('csv.syntax', placeIn(row, at + 1), message)]
  })
}
