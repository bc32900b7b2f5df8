import { Command } from 'commander'
import { z } from 'zod'
import { apiClient } from './api-client.js'
import { defaultDir } from './default-dir.js'
import { printTable } from './table.js'

const Lines = z.array(
  z.object({
    number: z.string(),
    name: z.string(),
    plan: z.string(),
    registered: z.boolean(),
    calls: z.object({
      limit: z.number(),
      inUse: z.number(),
      holdings: z.array(
        z.object({ kind: z.string(), state: z.string(), with: z.string().nullable() }),
      ),
    }),
  }),
)

/** `linekeeper lines`: every line with its limit and use. */
export function linesCommand(): Command {
  return new Command('lines')
    .description('the lines: registered or not, calls in use and limit')
    .option('--dir <dir>', 'state folder of the deployment', defaultDir())
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', '\nExample:\n  linekeeper lines --dir /var/lib/linekeeper')
    .action(async ({ dir, json }: { dir: string; json?: true }) => {
      const body = await (await apiClient(dir)).get('/api/v1/lines')
      if (json) {
        console.log(JSON.stringify(body, undefined, 2))
        return
      }
      const rows = Lines.parse(body).map(({ number, name, plan, registered, calls }) => [
        number,
        name,
        plan,
        registered ? 'registered' : 'not registered',
        `${calls.inUse}/${calls.limit}`,
        calls.holdings
          .map((held) => `${held.kind} ${held.state} ${held.with ?? ''}`.trim())
          .join(', '),
      ])
      printTable(['number', 'name', 'plan', 'phone', 'calls', 'now'], rows)
    })
}
