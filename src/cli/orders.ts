import { Argument, Command, InvalidArgumentError, Option } from 'commander'
import { z } from 'zod'
import { apiClient } from './api-client.js'
import { dateText } from './contract-text.js'
import { defaultDir } from './default-dir.js'
import { printTable } from './table.js'

interface Where {
  readonly dir: string
  readonly json?: true
}

const STATES = ['issued', 'paid', 'applied', 'cancelled', 'expired']

const Order = z.object({
  id: z.string(),
  state: z.string(),
  item: z.object({
    kind: z.string(),
    line: z.string().optional(),
    from: z.number().optional(),
    to: z.number().optional(),
  }),
  count: z.number(),
  price: z.object({ total: z.string() }),
  issuedAt: z.string(),
  expiresAt: z.string(),
  by: z.string(),
})
type Order = z.infer<typeof Order>

/** `linekeeper orders`: what was ordered, and whether it is paid. */
export function ordersCommand(): Command {
  return new Command('orders')
    .description('the orders of calls and alias numbers, the last one first')
    .addOption(new Option('--state <state>', 'only these').choices(STATES))
    .option('--dir <dir>', 'state folder of the deployment', defaultDir())
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', '\nExample:\n  linekeeper orders --state issued')
    .action(async ({ state, ...where }: Where & { readonly state?: string }) => {
      const query = state === undefined ? '' : `?state=${state}`
      const body = await (await apiClient(where.dir)).get(`/api/v1/orders${query}`)
      print(body, where, z.array(Order).parse(body))
    })
}

/** `linekeeper order pay|cancel|show ID`, `order aliases COUNT`. */
export function orderCommand(): Command {
  return new Command('order')
    .description('pays, cancels or shows an order; orders alias numbers')
    .addArgument(
      new Argument('<step>', 'what to do').choices(['pay', 'cancel', 'show', 'aliases']),
    )
    .argument('<number>', 'number of the order; how many alias numbers', wholeNumber)
    .option('--accept-terms', 'the general conditions are accepted; aliases need it')
    .option('--dir <dir>', 'state folder of the deployment', defaultDir())
    .option('--json', 'one JSON document on stdout')
    .addHelpText(
      'after',
      '\nAlias numbers that are paid are added to the site file by the operator.' +
        '\n\nExamples:' +
        '\n  linekeeper order pay 12' +
        '\n  linekeeper order cancel 12' +
        '\n  linekeeper order aliases 5 --accept-terms',
    )
    .action(order)
}

async function order(
  step: string,
  number: string,
  { acceptTerms, ...where }: Where & { readonly acceptTerms?: true },
): Promise<void> {
  const client = await apiClient(where.dir)
  const path = `/api/v1/orders/${number}`
  if (step === 'show') return printOne(await client.get(path), where)
  if (step !== 'aliases')
    return printOne(await client.send('POST', `${path}/${step}`), where)
  const wanted = { aliases: Number(number), termsAccepted: acceptTerms === true }
  return printOne(await client.send('POST', '/api/v1/orders', wanted), where)
}

function printOne(body: unknown, where: Where): void {
  print(body, where, [Order.parse(body)])
}

function print(body: unknown, { json }: Where, orders: readonly Order[]): void {
  if (json) {
    console.log(JSON.stringify(body, undefined, 2))
    return
  }
  const rows = orders.map(
    ({ id, state, item, count, price, issuedAt, expiresAt, by }) => [
      ...[id, state, itemText(item, count), `${price.total} €`, dateText(issuedAt)],
      ...[state === 'issued' ? dateText(expiresAt) : '', by],
    ],
  )
  const head = ['order', 'state', 'for', 'a month, excl. VAT', 'made', 'expires', 'by']
  printTable(head, rows)
}

function itemText({ kind, line, from, to }: Order['item'], count: number): string {
  return kind === 'calls' ? `${line} calls ${from} → ${to}` : `${count} alias numbers`
}

function wholeNumber(text: string): string {
  if (/^\d{1,15}$/.test(text)) return text
  throw new InvalidArgumentError('a whole number is needed')
}
