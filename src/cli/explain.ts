import { Command, Option } from 'commander'
import { type Directory, directoryOf } from '../call/directory.js'
import { explain } from '../call/explain.js'
import { deployedSite } from '../config/apply-site.js'
import { loadSite } from '../config/load.js'
import { EnvironmentError } from '../instance/environment-error.js'
import type { Site } from '../model/site.js'
import { siteInForce } from '../store/site-in-force.js'
import { defaultDir } from './default-dir.js'
import { assumedOf, callerOf, instantOf } from './explain-state.js'
import { explanationText } from './explain-text.js'
import { refuse, warn } from './report.js'

interface Options {
  readonly from: string
  readonly to: string
  readonly at?: string
  readonly state: string
  readonly site?: string
  readonly dir: string
  readonly json?: true
}

const HELP = `
Needs no Asterisk: the rules that decide at run time are asked about a call that nobody
makes. Lines have the settings and the contract that they have now in the deployment, or
with --site those of the file; they are free and registered unless --state says more:

  LINE=busy          every call slot of the line is in use
  LINE=busy:2        two of them are
  LINE=unreachable   its phone is not registered

with commas between them. --from is a line, a number outside (whose call comes through the
trunk) or anonymous (outside, hiding his number); --to is anything that can be dialled.
--at is checked and shown; no rule depends on the time yet.

Examples:
  linekeeper explain --site site.yaml --from 0972100001 --to 7001
  linekeeper explain --from 0612345678 --to 0033972100001 --state 0033972100001=busy:3
  linekeeper explain --from anonymous --to 0972100002 --state 0972100002=unreachable --json`

/** `linekeeper explain`: what would become of a call, step by step. */
export function explainCommand(): Command {
  return new Command('explain')
    .description('what would happen to a call and why, step by step')
    .requiredOption('--from <number>', 'who calls')
    .requiredOption('--to <dialled>', 'what is dialled')
    .option('--at <time>', 'when, like 2026-01-31T23:59:50+01:00')
    .option('--state <state>', 'what is assumed of the lines, see below', '')
    .option('--site <file>', 'a site file; without it, the deployed one')
    .addOption(
      new Option('--dir <dir>', 'state folder of the deployment')
        .default(defaultDir())
        .conflicts('site'),
    )
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', HELP)
    .action(async (options: Options) => {
      const site = await siteOf(options)
      if (!site) return
      show(directoryOf(site), options)
    })
}

/** Undefined when the file is refused, which has then been said. */
async function siteOf({ site: file, dir, json }: Options): Promise<Site | undefined> {
  if (file === undefined) {
    const deployed = await deployedSite(dir)
    if (deployed) return siteInForce(dir, deployed)
    throw new EnvironmentError(
      'dir.notDeployed',
      `${dir}: no site is deployed here. Name its state folder with --dir DIR, or a site ` +
        'file with --site SITE',
    )
  }
  const loaded = await loadSite(file)
  if (loaded.kind === 'refused') {
    refuse(loaded.findings, json === true)
    return undefined
  }
  warn(loaded.warnings)
  return loaded.site
}

function show(directory: Directory, { from, to, at, state, json }: Options): void {
  const caller = callerOf(from, directory)
  const asked = { from: caller, to, assumed: assumedOf(state, directory) }
  const instant = at === undefined ? undefined : instantOf(at)
  const explanation = explain(directory, asked)
  if (!explanation) throw new Error(`explain: no line calls from ${from}`)
  if (json) {
    const document = { from: caller, to, ...(instant && { at: instant }), ...explanation }
    console.log(JSON.stringify(document, undefined, 2))
    return
  }
  if (caller.kind === 'outside' && directory.trunks.length === 0) {
    process.stderr.write('the site has no trunk: nobody outside can call it\n')
  }
  const nameOf = (number: string): string => {
    const name = directory.lines.get(number)?.name
    return name === undefined ? number : `${number} ${name}`
  }
  const who = caller.kind === 'line' ? nameOf(caller.line) : caller.number || 'anonymous'
  console.log(`${who} calls ${to}\n`)
  console.log(explanationText(explanation, nameOf).join('\n'))
}
