import { Argument, Command } from 'commander'
import { apiClient } from './api-client.js'
import { defaultDir } from './default-dir.js'
import { exportTable, importTable, type Where } from './table-import.js'
import { UsageError } from './usage-error.js'

interface Options extends Where {
  readonly line?: string
  readonly group?: string
  readonly preview?: true
}

/** `linekeeper short-numbers import|export|remove`: the tables of lines and groups. */
export function shortNumbersCommand(): Command {
  return new Command('short-numbers')
    .description('tables of short numbers: 2… of a line, 7… of a group or of everybody')
    .addArgument(
      new Argument('<step>', 'what to do').choices(['import', 'export', 'remove']),
    )
    .argument('<what>', 'CSV file, - for the terminal; to remove: the number, or all')
    .option('--line <number>', 'the table of this line')
    .option('--group <group>', 'the table of this group; without both: of every line')
    .option('--preview', 'only say what would be read')
    .option('--dir <dir>', 'state folder of the deployment', defaultDir())
    .option('--json', 'one JSON document on stdout')
    .addHelpText(
      'after',
      '\nColumns: number,to,firstName,lastName. A table replaces the one before, also' +
        '\nthat of the site file.' +
        '\n\nExamples:' +
        '\n  linekeeper short-numbers import team.csv --group paris' +
        '\n  linekeeper short-numbers remove 7890 --group paris',
    )
    .action(shortNumbers)
}

async function shortNumbers(step: string, what: string, options: Options): Promise<void> {
  const { line, group, preview, ...where } = options
  const path = pathOf(line, group)
  if (step === 'export') return exportTable(`${path}/csv`, what, where)
  if (step === 'import') {
    return importTable(`${path}/csv`, what, { ...where, ...(preview && { preview }) })
  }
  const only = what === 'all' ? '' : `?only=${encodeURIComponent(what)}`
  const body = await (await apiClient(where.dir)).send('DELETE', `${path}${only}`)
  console.log(where.json ? JSON.stringify(body, undefined, 2) : `${what} removed`)
}

function pathOf(line: string | undefined, group: string | undefined): string {
  if (line !== undefined && group !== undefined) {
    throw new UsageError('--line and --group: name one of them')
  }
  if (line !== undefined) return `/api/v1/lines/${encodeURIComponent(line)}/short-numbers`
  if (group === undefined) return '/api/v1/short-numbers'
  return `/api/v1/groups/${encodeURIComponent(group)}/short-numbers`
}
