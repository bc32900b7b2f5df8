import { Command } from 'commander'
import { z } from 'zod'
import { apiClient } from './api-client.js'
import { defaultDir } from './default-dir.js'
import { printTable } from './table.js'

const Calls = z.array(
  z.object({
    id: z.string(),
    since: z.string(),
    legs: z.array(
      z.object({ endpoint: z.string(), state: z.string(), with: z.string().nullable() }),
    ),
  }),
)

/** `linekeeper calls`: the calls in progress, with their legs. */
export function callsCommand(): Command {
  return new Command('calls')
    .description('the calls in progress, with their legs')
    .option('--dir <dir>', 'state folder of the deployment', defaultDir())
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', '\nExample:\n  linekeeper calls --json')
    .action(async ({ dir, json }: { dir: string; json?: true }) => {
      const body = await (await apiClient(dir)).get('/api/v1/calls')
      if (json) {
        console.log(JSON.stringify(body, undefined, 2))
        return
      }
      const rows = Calls.parse(body).map(({ id, since, legs }) => [
        since,
        legs.map(({ endpoint, state }) => `${endpoint} ${state}`).join(' — '),
        id,
      ])
      printTable(['since', 'legs', 'id'], rows)
    })
}
