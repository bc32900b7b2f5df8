import { Argument, Command, InvalidArgumentError } from 'commander'
import { z } from 'zod'
import { apiClient } from './api-client.js'
import { defaultDir } from './default-dir.js'
import { printTable } from './table.js'
import { UsageError } from './usage-error.js'

interface Options {
  readonly dir: string
  readonly json?: true
  readonly lines?: readonly string[]
  readonly administrator?: true
  readonly readOnly?: true
  readonly days?: number
}

const Tokens = z.array(
  z.object({
    name: z.string(),
    role: z.string(),
    lines: z.array(z.string()),
    readOnly: z.boolean(),
    expiresAt: z.string().nullable(),
  }),
)
const Made = z.object({ token: z.string() })

/** `linekeeper token add|list|remove NAME`: what scripts show to the API. */
export function tokenCommand(): Command {
  return new Command('token')
    .description('tokens of scripts for the API: add, list, remove')
    .addArgument(new Argument('<step>', 'what to do').choices(['add', 'list', 'remove']))
    .argument('[name]', 'what the token is known by')
    .option('--lines <numbers...>', 'add: it sees and changes these lines only')
    .option('--administrator', 'add: it sees and does everything')
    .option('--read-only', 'add: it changes nothing')
    .option('--days <count>', 'add: how long it is valid', wholeNumber)
    .option('--dir <dir>', 'state folder of the deployment', defaultDir())
    .option('--json', 'one JSON document on stdout')
    .addHelpText(
      'after',
      '\nadd prints the token once, on stdout; only its hash is kept.' +
        '\n\nExample:\n  linekeeper token add dashboard --administrator --read-only --days 90',
    )
    .action(token)
}

async function token(
  step: string,
  name: string | undefined,
  options: Options,
): Promise<void> {
  const api = await apiClient(options.dir)
  if (step === 'list') return list(await api.get('/api/v1/tokens'), options)
  if (name === undefined) throw new UsageError(`token ${step}: which one? Give a name`)
  if (step === 'remove') {
    const path = `/api/v1/tokens/${encodeURIComponent(name)}`
    const body = await api.send('DELETE', path)
    console.log(options.json ? JSON.stringify(body, undefined, 2) : 'done')
    return
  }
  const made = await api.send('POST', '/api/v1/tokens', wanted(name, options))
  console.log(options.json ? JSON.stringify(made, undefined, 2) : Made.parse(made).token)
}

function wanted(name: string, options: Options): object {
  const { lines, administrator, readOnly, days } = options
  if ((lines === undefined) === (administrator === undefined)) {
    throw new UsageError(
      `token add ${name}: say which, --lines NUMBER… or --administrator`,
    )
  }
  return {
    name,
    ...(lines ? { role: 'customer', lines } : { role: 'administrator' }),
    readOnly: readOnly === true,
    ...(days !== undefined && { days }),
  }
}

function list(body: unknown, { json }: Options): void {
  if (json) {
    console.log(JSON.stringify(body, undefined, 2))
    return
  }
  const rows = Tokens.parse(body).map(({ name, role, lines, readOnly, expiresAt }) => [
    ...[name, role, readOnly ? 'reads' : 'reads and changes'],
    ...[expiresAt ?? 'for good', lines.join(' ')],
  ])
  printTable(['name', 'role', 'may', 'valid until', 'lines'], rows)
}

function wholeNumber(text: string): number {
  const count = Number(text)
  if (Number.isInteger(count) && count > 0) return count
  throw new InvalidArgumentError('a whole number of days is needed')
}
