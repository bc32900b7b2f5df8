import { Argument, Command, Option } from 'commander'
import { FILTER_DIRECTIONS, type FilterDirection } from '../model/filter.js'
import { defaultDir } from './default-dir.js'
import { exportTable, importTable, type Where } from './table-import.js'

interface Options extends Where {
  readonly mode?: string
  readonly preview?: true
}

/** `linekeeper filter import|export NUMBER incoming|outgoing FILE`. */
export function filterCommand(): Command {
  return new Command('filter')
    .description('white and black lists of a line, as tables of a spreadsheet')
    .addArgument(new Argument('<step>', 'what to do').choices(['import', 'export']))
    .argument('<number>', 'number of the line')
    .addArgument(new Argument('<direction>', 'which list').choices(FILTER_DIRECTIONS))
    .argument('<file>', 'CSV file, one entry per row; - is the terminal')
    .addOption(
      new Option(
        '--mode <mode>',
        'what the list does: nothing, refuse, or let pass',
      ).choices(['none', 'black', 'white']),
    )
    .option('--preview', 'only say what would be read')
    .option('--dir <dir>', 'state folder of the deployment', defaultDir())
    .option('--json', 'one JSON document on stdout')
    .addHelpText(
      'after',
      '\nAn entry is a number, a beginning like 0612*, or a kind: anonymous, national,' +
        '\nmobile, freephone, special, international, services, voicemail, fax.' +
        '\nA white list without services stops forwards to the voicemail.' +
        '\n\nExample:\n  linekeeper filter import 0972100001 incoming blocked.csv --mode black',
    )
    .action(filter)
}

function filter(
  step: string,
  number: string,
  direction: FilterDirection,
  file: string,
  { mode, preview, ...where }: Options,
): Promise<void> {
  const path = `/api/v1/lines/${encodeURIComponent(number)}/filters/${direction}/csv`
  if (step === 'export') return exportTable(path, file, where)
  const query = mode === undefined ? '' : `?mode=${mode}`
  return importTable(`${path}${query}`, file, { ...where, ...(preview && { preview }) })
}
