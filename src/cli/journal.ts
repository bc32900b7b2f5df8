import { Command, InvalidArgumentError } from 'commander'
import { z } from 'zod'
import { apiClient } from './api-client.js'
import { defaultDir } from './default-dir.js'
import { printTable } from './table.js'

const Entries = z.array(
  z.object({
    at: z.string(),
    door: z.string(),
    who: z.string(),
    key: z.string(),
    before: z.unknown(),
    after: z.unknown(),
  }),
)

/** `linekeeper journal NUMBER`: who changed which setting, when, and how. */
export function journalCommand(): Command {
  return new Command('journal')
    .description('who changed which setting of a line, the last change first')
    .argument('<number>', 'number of the line, in any spelling')
    .option('--limit <count>', 'the most entries, 1 to 1000', count, 20)
    .option('--dir <dir>', 'state folder of the deployment', defaultDir())
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', '\nExample:\n  linekeeper journal 0972100001 --limit 5')
    .action(journal)
}

async function journal(
  number: string,
  { dir, limit, json }: { dir: string; limit: number; json?: true },
): Promise<void> {
  const path = `/api/v1/lines/${encodeURIComponent(number)}/journal?limit=${limit}`
  const body = await (await apiClient(dir)).get(path)
  if (json) {
    console.log(JSON.stringify(body, undefined, 2))
    return
  }
  const rows = Entries.parse(body).map(({ at, door, who, key, before, after }) => [
    at,
    door,
    who,
    key,
    JSON.stringify(before),
    JSON.stringify(after),
  ])
  printTable(['when', 'door', 'who', 'setting', 'before', 'after'], rows)
}

function count(text: string): number {
  const value = Number(text)
  if (/^\d{1,4}$/.test(text) && value >= 1 && value <= 1000) return value
  throw new InvalidArgumentError('a whole number from 1 to 1000 is needed')
}
