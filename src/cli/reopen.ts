import { Command } from 'commander'
import { z } from 'zod'
import { apiClient } from './api-client.js'
import { defaultDir } from './default-dir.js'

const Reopened = z.object({
  number: z.string(),
  changed: z.boolean(),
  applied: z.boolean(),
})

/** `linekeeper reopen NUMBER`: opens what the limits on harm or wrong PINs have closed. */
export function reopenCommand(): Command {
  return new Command('reopen')
    .description(
      'opens again what the limits on harm, wrong PINs or wrong remote passwords have closed',
    )
    .argument('<number>', 'number of the line')
    .option('--dir <dir>', 'state folder of the deployment', defaultDir())
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', '\nExample:\n  linekeeper reopen 0972100001')
    .action(async (number: string, { dir, json }: { dir: string; json?: true }) => {
      const path = `/api/v1/lines/${encodeURIComponent(number)}/reopen`
      const body = await (await apiClient(dir)).send('POST', path)
      const { number: line, changed, applied } = Reopened.parse(body)
      if (!applied)
        console.error(
          'Asterisk does not answer: its voicemail may stay closed; repeat it',
        )
      if (json) console.log(JSON.stringify(body, undefined, 2))
      else console.log(`${line}: ${changed ? 'open again' : 'nothing was closed'}`)
    })
}
