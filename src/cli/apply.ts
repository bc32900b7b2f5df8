import { resolve } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { Command, InvalidArgumentError } from 'commander'
import { reloadController } from '../config/apply-controller.js'
import { type Consent, missingConsent, type Refusal } from '../config/apply-policy.js'
import { applyJob } from '../config/apply-site.js'
import type { Plan } from '../config/plan.js'
import { planText } from '../config/plan-text.js'
import { parseNumber } from '../model/phone-number.js'
import type { Site } from '../model/site.js'
import { readInput } from './apply-input.js'
import { type Report, reportOf } from './apply-report.js'
import { defaultDir } from './default-dir.js'
import { keptIn } from './kept.js'
import { type OpenJob, openJob } from './open-job.js'
import { prepareDir } from './prepare-dir.js'
import { refuse, warn } from './report.js'
import { actAsOwner } from './state-owner.js'

interface Options {
  readonly dir: string
  readonly yes?: true
  readonly plan?: string
  readonly confirmDelete?: number
  readonly offline?: true
  readonly asterisk?: string
  readonly resetSettings?: string | true
  readonly resetContracts?: string | true
  readonly json?: true
}

/** `linekeeper apply SITE`: make a site the running one, proved, or leave all as it was. */
export function applyCommand(): Command {
  return new Command('apply')
    .description('new generation, switch, reload what changed, verify, or roll back')
    .argument('<site>', 'site file')
    .option('--dir <dir>', 'state folder of the deployment', defaultDir())
    .option('--yes', 'do not ask')
    .option('--plan <checksum>', 'apply this plan and no other; do not ask')
    .option('--confirm-delete <count>', 'so many lines are removed, and meant', count)
    .option('--offline', 'change the files only: no Asterisk runs on them')
    .option(
      '--asterisk <path>',
      'first make the state folder ready for this Asterisk, which a unit of its own runs',
    )
    .option(
      '--reset-settings [numbers]',
      'forget what subscribers changed: of these lines, or of all',
    )
    .option(
      '--reset-contracts [numbers]',
      'forget what orders and renewals changed: of these lines, or of all',
    )
    .option('--json', 'one JSON document on stdout')
    .addHelpText(
      'after',
      '\nExit codes: 0 applied, or nothing to do · 1 interrupted before the switch · 3 Asterisk' +
        '\nrefused it, and runs the old site again · 4 consent is missing · 5 Asterisk or the' +
        '\nfolder cannot be reached, or another apply is at work.' +
        '\n\nExample:\n  linekeeper apply site.yaml --dir /var/lib/linekeeper --yes',
    )
    .action(apply)
}

async function apply(siteFile: string, options: Options): Promise<void> {
  const input = await readInput(siteFile)
  if (input.kind === 'refused') return refuse(input.findings, options.json === true)
  warn(input.warnings)
  const { dir, offline, asterisk } = options
  actAsOwner(dir)
  if (asterisk !== undefined) await prepareDir(resolve(dir), asterisk)
  const place = { dir, offline: offline === true, tell }
  const open = await openJob(input, place)
  try {
    // Before anything is written: an apply that cannot be proved is none.
    if (open.unreachable) throw open.unreachable
    await applyOpen(open, options)
  } finally {
    open.close()
  }
}

async function applyOpen({ job, http }: OpenJob, options: Options): Promise<void> {
  const stop = stopOnSignal()
  const { site } = job
  const kept = keptIn(options.dir, site, options, lineIn(site))
  let refusal: Refusal | undefined
  const agree = (plan: Plan): Promise<boolean> => {
    tell([planText(plan), ...kept.text].join('\n'))
    refusal = missingConsent(plan, consentOf(options))
    if (refusal?.code !== 'confirm.required' || !process.stdin.isTTY) {
      return Promise.resolve(refusal === undefined)
    }
    refusal = undefined
    return ask(stop)
  }
  const { applied, plan } = await applyJob(job, agree, stop)
  const { dir } = job.deployment
  const told = applied.kind === 'applied' ? await reloadController(dir, http) : undefined
  const isDone = applied.kind === 'applied' || applied.kind === 'nothingToDo'
  if (isDone) await kept.reset()
  end(
    options,
    reportOf({ applied, plan, refusal, told, reset: isDone ? kept.lines : [] }),
  )
}

function lineIn({ lines, site }: Site): (text: string) => string | undefined {
  const known = new Set(lines.map(({ number }) => number))
  return (text) => {
    const parsed = parseNumber(text, site.country)
    const isLine = parsed.kind === 'number' && known.has(parsed.number)
    return isLine ? parsed.number : undefined
  }
}

function consentOf({ yes, plan, confirmDelete }: Options): Consent {
  return {
    yes: yes === true,
    ...(plan !== undefined && { checksum: plan }),
    ...(confirmDelete !== undefined && { deletions: confirmDelete }),
  }
}

async function ask(stop: AbortSignal): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  // The terminal turns Ctrl-C into this while a question is open.
  terminal.on('SIGINT', () => process.emit('SIGINT'))
  try {
    const answer = await terminal.question('Apply this plan? [y/N] ', { signal: stop })
    return /^y(es)?$/i.test(answer.trim())
  } catch (error) {
    if (error instanceof Error && error.name === 'AbortError') return false
    throw error
  } finally {
    terminal.close()
  }
}

/** The first Ctrl-C or SIGTERM asks for the end; a second one changes nothing (C05). */
function stopOnSignal(): AbortSignal {
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      tell('stopping: what is not switched over yet stays as it is')
      stop.abort()
    })
  }
  return stop.signal
}

function end({ json }: Options, { exit, document, lines }: Report): void {
  for (const line of lines) tell(line)
  if (json) console.log(JSON.stringify(document, undefined, 2))
  process.exitCode = exit
}

function tell(line: string): void {
  process.stderr.write(`${line}\n`)
}

function count(text: string): number {
  const value = Number(text)
  if (Number.isInteger(value) && value > 0) return value
  throw new InvalidArgumentError('a whole number of lines is needed')
}
