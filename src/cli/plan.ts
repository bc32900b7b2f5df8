import { Command } from 'commander'
import { planJob } from '../config/apply-site.js'
import { isEmpty } from '../config/plan.js'
import { planJson, planText } from '../config/plan-text.js'
import { readInput } from './apply-input.js'
import { defaultDir } from './default-dir.js'
import { EXIT } from './exit.js'
import { keptIn } from './kept.js'
import { openJob } from './open-job.js'
import { refuse, warn } from './report.js'
import { actAsOwner } from './state-owner.js'

interface Options {
  readonly dir: string
  readonly detailedExitcode?: true
  readonly json?: true
}

/** `linekeeper plan SITE`: what `apply` would change. */
export function planCommand(): Command {
  return new Command('plan')
    .description('what apply would change, by line and by section, with its dangers')
    .argument('<site>', 'site file')
    .option('--dir <dir>', 'state folder of the deployment', defaultDir())
    .option('--detailed-exitcode', 'exit 2 when there are changes')
    .option('--json', 'one JSON document on stdout')
    .addHelpText(
      'after',
      '\nThe checksum at the end names this plan: apply --plan CHECKSUM applies no other.' +
        '\nWhat subscribers changed is listed below it; apply leaves that as it is.' +
        '\n\nExample:\n  linekeeper plan site.yaml --dir /var/lib/linekeeper',
    )
    .action(plan)
}

async function plan(siteFile: string, options: Options): Promise<void> {
  const input = await readInput(siteFile)
  if (input.kind === 'refused') return refuse(input.findings, options.json === true)
  warn(input.warnings)
  await show(input, options)
}

async function show(
  input: Parameters<typeof openJob>[0],
  { dir, detailedExitcode, json }: Options,
): Promise<void> {
  actAsOwner(dir)
  const { job, unreachable, close } = await openJob(input, { dir, offline: false })
  try {
    const made = await planJob(job)
    if (unreachable) {
      const unknown = 'lines in a call, and what it runs, are not known'
      process.stderr.write(`${unreachable.message}: ${unknown}\n`)
    }
    const kept = keptIn(dir, input.site, {}, () => undefined)
    if (json) {
      const { settings: keptSettings, contracts: keptContracts, forbidden } = kept
      const keptForbidden = forbidden
      const document = { ...planJson(made), keptSettings, keptContracts, keptForbidden }
      console.log(JSON.stringify(document, undefined, 2))
    } else console.log([planText(made), ...kept.text].join('\n'))
    if (detailedExitcode && !isEmpty(made)) process.exitCode = EXIT.changes
  } finally {
    close()
  }
}
