import { Argument, Command } from 'commander'
import { z } from 'zod'
import { apiClient } from './api-client.js'
import { defaultDir } from './default-dir.js'
import { readSecret } from './read-secret.js'
import { printTable } from './table.js'
import { UsageError } from './usage-error.js'

interface Options {
  readonly dir: string
  readonly json?: true
  readonly lines?: readonly string[]
  readonly administrator?: true
}

const Users = z.array(
  z.object({ name: z.string(), role: z.string(), lines: z.array(z.string()) }),
)

/** `linekeeper user add|list|remove|password NAME`: who may sign in to the portal. */
export function userCommand(): Command {
  return new Command('user')
    .description('who may sign in to the portal: add, list, remove, password')
    .addArgument(
      new Argument('<step>', 'what to do').choices(['add', 'list', 'remove', 'password']),
    )
    .argument('[name]', 'the user; small letters, an e-mail address will do')
    .option('--lines <numbers...>', 'add: the lines of a customer')
    .option('--administrator', 'add: one who sees and does everything')
    .option('--dir <dir>', 'state folder of the deployment', defaultDir())
    .option('--json', 'one JSON document on stdout')
    .addHelpText(
      'after',
      '\nadd and password read the password from standard input, or ask for it.' +
        '\n\nExample:\n  linekeeper user add marie@example.org --lines 0972100001 0972100002',
    )
    .action(user)
}

async function user(
  step: string,
  name: string | undefined,
  options: Options,
): Promise<void> {
  const api = await apiClient(options.dir)
  if (step === 'list') return list(await api.get('/api/v1/users'), options)
  if (name === undefined) throw new UsageError(`user ${step}: which user? Give a name`)
  const path = `/api/v1/users/${encodeURIComponent(name)}`
  switch (step) {
    case 'add':
      return tell(
        await api.send('POST', '/api/v1/users', await wanted(name, options)),
        options,
      )
    case 'remove':
      return tell(await api.send('DELETE', path), options)
    default: {
      const password = (await readSecret(`New password of ${name}`)).reveal()
      return tell(await api.send('PUT', `${path}/password`, { password }), options)
    }
  }
}

async function wanted(name: string, { lines, administrator }: Options): Promise<object> {
  if ((lines === undefined) === (administrator === undefined)) {
    throw new UsageError(
      `user add ${name}: say which, --lines NUMBER… for a customer, or --administrator`,
    )
  }
  const password = (await readSecret(`Password of ${name}`)).reveal()
  if (lines === undefined) return { name, role: 'administrator', password }
  return { name, role: 'customer', lines, password }
}

function list(body: unknown, { json }: Options): void {
  if (json) console.log(JSON.stringify(body, undefined, 2))
  else {
    const rows = Users.parse(body).map(({ name, role, lines }) => [
      ...[name, role, lines.join(' ')],
    ])
    printTable(['name', 'role', 'lines'], rows)
  }
}

function tell(body: unknown, { json }: Options): void {
  if (json) console.log(JSON.stringify(body, undefined, 2))
  else console.log('done')
}
