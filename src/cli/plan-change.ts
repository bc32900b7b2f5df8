import { Command } from 'commander'
import { z } from 'zod'
import { apiClient } from './api-client.js'
import { contractText } from './contract-text.js'
import { defaultDir } from './default-dir.js'
import { EXIT } from './exit.js'
import { UsageError } from './usage-error.js'

interface Options {
  readonly dir: string
  readonly cancel?: true
  readonly json?: true
}

const PlanChange = z.object({
  line: z.string(),
  plan: z.string(),
  effectiveOn: z.string(),
})
const Outcomes = z.object({
  outcomes: z.array(
    z.object({
      line: z.string(),
      outcome: z.string(),
      planChange: PlanChange.nullable(),
      error: z.object({ detail: z.string() }).nullable(),
    }),
  ),
})

/** `linekeeper plan-change NUMBER… PLAN`: another plan, from the next renewal on. */
export function planChangeCommand(): Command {
  return new Command('plan-change')
    .description('another plan for a line, or for several, from the next renewal on')
    .argument('<words...>', 'numbers of lines, then the plan')
    .option('--cancel', 'cancel the plan change that waits')
    .option('--dir <dir>', 'state folder of the deployment', defaultDir())
    .option('--json', 'one JSON document on stdout')
    .addHelpText(
      'after',
      '\nA number alone shows the contract of the line and the plans that are possible.' +
        '\n\nExamples:' +
        '\n  linekeeper plan-change 0972100003 entreprise' +
        '\n  linekeeper plan-change 0972100003 0972100004 entreprise' +
        '\n  linekeeper plan-change 0972100003 --cancel',
    )
    .action(planChange)
}

async function planChange(words: readonly string[], options: Options): Promise<void> {
  const numbers = words.filter((word) => /^[+(\d]/.test(word))
  const [plan, ...more] = words.filter((word) => !numbers.includes(word))
  const [first] = numbers
  if (first === undefined) throw new UsageError('name a line first, by its number')
  if (more.length > 0) throw new UsageError(`${more[0]}: one plan is enough`)
  if (options.cancel && plan) throw new UsageError('--cancel needs no plan')
  if (options.cancel) return cancel(numbers, options)
  if (plan !== undefined) return schedule(numbers, plan, options)
  if (numbers.length > 1) throw new UsageError('name one line to see its plans')
  const path = `/api/v1/lines/${encodeURIComponent(first)}/contract`
  const body = await (await apiClient(options.dir)).get(path)
  if (options.json) console.log(JSON.stringify(body, undefined, 2))
  else for (const line of contractText(body)) console.log(line)
}

async function cancel(numbers: readonly string[], options: Options): Promise<void> {
  const client = await apiClient(options.dir)
  for (const number of numbers) {
    const path = `/api/v1/lines/${encodeURIComponent(number)}/plan-change`
    const body = await client.send('DELETE', path)
    const { line, plan } = PlanChange.parse(body)
    if (options.json) console.log(JSON.stringify(body, undefined, 2))
    else console.log(`${line}  the change to ${plan} is cancelled`)
  }
}

async function schedule(
  lines: readonly string[],
  plan: string,
  { dir, json }: Options,
): Promise<void> {
  const client = await apiClient(dir)
  const body = await client.send('POST', '/api/v1/lines/plan-change', { lines, plan })
  const { outcomes } = Outcomes.parse(body)
  if (json) console.log(JSON.stringify(body, undefined, 2))
  for (const { line, outcome, planChange: change, error } of outcomes) {
    if (change && !json) {
      console.log(`${line}  ${change.plan} from ${change.effectiveOn} on`)
    }
    if (!change)
      process.stderr.write(`${line}  ${outcome}: ${error?.detail ?? 'no line'}\n`)
  }
  const kinds = outcomes.map(({ outcome }) => outcome)
  if (kinds.includes('unknown')) process.exitCode = EXIT.failed
  if (kinds.includes('refused')) process.exitCode = EXIT.policy
}
