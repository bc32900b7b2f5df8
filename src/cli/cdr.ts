import { Command, InvalidArgumentError, Option } from 'commander'
import { stringify } from 'csv-stringify/sync'
import { z } from 'zod'
import { CallDetailView } from '../http/call-detail-view.js'
import { apiClient } from './api-client.js'
import { defaultDir } from './default-dir.js'
import { printTable } from './table.js'

interface Options {
  readonly line?: string
  readonly from?: string
  readonly to?: string
  readonly direction?: string
  readonly limit: number
  readonly dir: string
  readonly csv?: true
  readonly json?: true
}

/** `linekeeper cdr`: the records of calls, as a table, CSV or JSON. */
export function cdrCommand(): Command {
  return new Command('cdr')
    .description('the records of calls, the newest first')
    .option('--line <number>', 'calls that this line has to do with')
    .option(
      '--from <time>',
      'begun at or after: 2026-01-31 or 2026-01-31T08:00:00Z',
      time,
    )
    .option('--to <time>', 'begun before', time)
    .addOption(
      new Option('--direction <direction>', 'only these').choices([
        ...['incoming', 'outgoing', 'internal', 'transfer'],
      ]),
    )
    .option('--limit <count>', 'at most so many', wholeNumber, 100)
    .option('--csv', 'CSV on stdout, a spreadsheet opens it')
    .option('--dir <dir>', 'state folder of the deployment', defaultDir())
    .option('--json', 'one JSON document on stdout')
    .addHelpText(
      'after',
      '\nA day without a time begins at midnight of this machine.' +
        '\n\nExample:\n  linekeeper cdr --line 0972100001 --from 2026-01-01 --csv > january.csv',
    )
    .action(cdr)
}

async function cdr({ dir, csv, json, ...filter }: Options): Promise<void> {
  const query = new URLSearchParams()
  for (const [key, value] of Object.entries(filter)) query.set(key, String(value))
  const body = await (await apiClient(dir)).get(`/api/v1/cdr?${query}`)
  if (json) {
    console.log(JSON.stringify(body, undefined, 2))
    return
  }
  const rows = z.array(CallDetailView).parse(body).map(rowOf)
  if (csv) process.stdout.write(csvOf(rows))
  else printTable(COLUMNS, rows)
}

const COLUMNS = [
  ...['started', 'direction', 'from', 'to', 'line', 'seconds', 'cause'],
  ...['plan', 'forwards', 'reason', 'source', 'id', 'calls'],
]

function rowOf(view: CallDetailView): string[] {
  const forwards = view.forwards.map(
    ({ by, kind, to, planType }) => `${by} ${kind} ${to} ${planType}`,
  )
  return [
    ...[view.startedAt, view.direction, view.from ?? '', view.to, view.lines.join(' ')],
    ...[String(view.seconds), String(view.cause ?? ''), view.planType ?? ''],
    ...[forwards.join('; '), view.reason ?? '', view.source, view.id],
    String(view.calls),
  ]
}

/** A spreadsheet must not take a cell for a formula (T43). */
export function csvOf(rows: readonly (readonly string[])[]): string {
  const cells = rows.map((row) =>
    row.map((cell) => (/^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell)),
  )
  return stringify([COLUMNS, ...cells], { record_delimiter: 'windows' })
}

/** As JSON's instant: the API takes no other. */
function time(text: string): string {
  const date = new Date(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00` : text)
  if (/^\d{4}-/.test(text) && !Number.isNaN(date.getTime())) return date.toISOString()
  throw new InvalidArgumentError('write it like 2026-01-31 or 2026-01-31T08:00:00+01:00')
}

function wholeNumber(text: string): number {
  const count = Number(text)
  if (Number.isInteger(count) && count > 0 && count <= 10_000) return count
  throw new InvalidArgumentError('a whole number from 1 to 10000 is needed')
}
