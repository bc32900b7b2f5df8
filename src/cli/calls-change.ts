import { Command, InvalidArgumentError } from 'commander'
import { z } from 'zod'
import { apiClient } from './api-client.js'
import { contractText, dateText } from './contract-text.js'
import { defaultDir } from './default-dir.js'
import { telephoneNumber } from './telephone-number.js'
import { UsageError } from './usage-error.js'

interface Options {
  readonly dir: string
  readonly acceptTerms?: true
  readonly cancel?: true
  readonly json?: true
}

const Changed = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('order'),
    id: z.string(),
    count: z.number(),
    price: z.object({ total: z.string() }),
    expiresAt: z.string(),
  }),
  z.object({
    kind: z.literal('decrease'),
    line: z.string(),
    calls: z.number(),
    effectiveOn: z.string(),
  }),
])

/** `linekeeper calls-change NUMBER CALLS`: another number of simultaneous calls. */
export function callsChangeCommand(): Command {
  return new Command('calls-change')
    .description(
      'another number of simultaneous calls: an order, or fewer at the renewal',
    )
    .argument('<number>', 'number of the line, in any spelling', telephoneNumber)
    .argument('[calls]', 'how many there shall be, 1 to 99', wholeNumber)
    .option('--accept-terms', 'the general conditions are accepted; an order needs it')
    .option('--cancel', 'take back the decrease that waits')
    .option('--dir <dir>', 'state folder of the deployment', defaultDir())
    .option('--json', 'one JSON document on stdout')
    .addHelpText(
      'after',
      '\nMore calls are an order, which counts when it is paid; fewer come at the renewal.' +
        '\nThe number alone shows the contract of the line.' +
        '\n\nExamples:' +
        '\n  linekeeper calls-change 0972100001 5 --accept-terms' +
        '\n  linekeeper calls-change 0972100001 2' +
        '\n  linekeeper calls-change 0972100001 --cancel',
    )
    .action(callsChange)
}

async function callsChange(
  number: string,
  calls: number | undefined,
  options: Options,
): Promise<void> {
  const client = await apiClient(options.dir)
  const line = `/api/v1/lines/${encodeURIComponent(number)}`
  if (options.cancel) {
    if (calls !== undefined) throw new UsageError('--cancel needs no number of calls')
    show(await client.send('DELETE', `${line}/calls-change`), options, () => [
      'the number of calls stays what it is',
    ])
    return
  }
  if (calls === undefined) {
    show(await client.get(`${line}/contract`), options, contractText)
    return
  }
  const wanted = { calls, termsAccepted: options.acceptTerms === true }
  show(await client.send('POST', `${line}/calls-change`, wanted), options, changedText)
}

function changedText(body: unknown): string[] {
  const changed = Changed.parse(body)
  if (changed.kind === 'decrease') {
    return [`${changed.line}  ${changed.calls} calls from ${changed.effectiveOn} on`]
  }
  const { id, count, price, expiresAt } = changed
  return [
    `order ${id}: ${count} more, ${price.total} € a month excl. VAT; it counts when it ` +
      `is paid, until ${dateText(expiresAt)}`,
    `When it is: linekeeper order pay ${id}`,
  ]
}

function show(
  body: unknown,
  { json }: Options,
  text: (body: unknown) => readonly string[],
): void {
  if (json) console.log(JSON.stringify(body, undefined, 2))
  else for (const line of text(body)) console.log(line)
}

function wholeNumber(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('a whole number of calls is needed')
}
