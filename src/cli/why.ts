import { Command } from 'commander'
import { z } from 'zod'
import { apiClient } from './api-client.js'
import { ageOf, findingOf, waitOf } from './call-words.js'
import { defaultDir } from './default-dir.js'
import { toldText } from './explain-text.js'
import { tableText } from './table.js'
import { telephoneNumber } from './telephone-number.js'

const Why = z.object({
  number: z.string(),
  name: z.string(),
  registered: z.boolean(),
  calls: z.object({
    limit: z.number(),
    inUse: z.number(),
    holdings: z.array(
      z.object({
        kind: z.string(),
        state: z.string(),
        with: z.string().nullable(),
        since: z.string(),
        ageSeconds: z.number(),
        held: z.boolean(),
        waitsFor: z.string(),
      }),
    ),
  }),
  arrival: z.object({
    rings: z.boolean(),
    step: z.string(),
    steps: z.array(
      z.object({ at: z.string(), passed: z.array(z.string()), step: z.string() }),
    ),
    forwards: z.array(
      z.object({
        by: z.string(),
        kind: z.string(),
        to: z.string(),
        planType: z.string(),
      }),
    ),
    answer: z.looseObject({ kind: z.string() }),
    heard: z.object({
      kind: z.string(),
      cause: z.string().optional(),
      q850: z.number().optional(),
      sip: z.number().optional(),
    }),
  }),
})
type Why = z.infer<typeof Why>

/** `linekeeper why NUMBER`: who holds the slots of a line, and why it would refuse a call. */
export function whyCommand(): Command {
  return new Command('why')
    .description('who holds the call slots of a line, and why it would refuse a call now')
    .argument('<number>', 'the number of the line, in any spelling', telephoneNumber)
    .option('--dir <dir>', 'state folder of the deployment', defaultDir())
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', '\nExample:\n  linekeeper why 0972100001')
    .action(async (number: string, { dir, json }: { dir: string; json?: true }) => {
      const path = `/api/v1/lines/${encodeURIComponent(number)}/why`
      const body = await (await apiClient(dir)).get(path)
      if (json) console.log(JSON.stringify(body, undefined, 2))
      else console.log(whyText(Why.parse(body)).join('\n'))
    })
}

function whyText({ number, name, registered, calls, arrival }: Why): string[] {
  const phone = registered ? 'registered' : 'not registered'
  const lines = [
    `${number} ${name}: ${phone}, ${calls.inUse} of ${calls.limit} calls in use`,
    '',
  ]
  if (calls.holdings.length > 0) {
    const rows = calls.holdings.map((held) => [
      held.kind,
      held.held ? 'on hold' : held.state,
      held.with ?? 'unknown',
      ageOf(held.ageSeconds),
      waitOf(held.waitsFor),
    ])
    lines.push(...tableText(['slot', 'state', 'with', 'for', 'waits for'], rows), '')
  }
  if (arrival.rings) return [...lines, 'A call arriving now would ring.']
  const because = `${arrival.step}, ${findingOf(arrival.step)}`
  lines.push(`A call arriving now would not ring: ${because}.`)
  const nameOf = (each: string): string => (each === number ? `${each} ${name}` : each)
  return [...lines, '', ...toldText(arrival, nameOf)]
}
