import { resolve } from 'node:path'
import { Command } from 'commander'
import { type Deviation, deviations } from '../config/doctor.js'
import { defaultDir } from './default-dir.js'
import { collectFacts } from './doctor-facts.js'
import { EXIT } from './exit.js'
import { fail } from './failure.js'

interface Options {
  readonly dir: string
  readonly asterisk?: string
  readonly json?: true
}

/** `linekeeper doctor`: the running Asterisk against the hardened baseline. */
export function doctorCommand(): Command {
  return new Command('doctor')
    .description('the running Asterisk against the hardened baseline')
    .option('--dir <dir>', 'state folder of the deployment', defaultDir())
    .option('--asterisk <path>', 'the Asterisk of this machine that runs it')
    .option('--json', 'one JSON document on stdout')
    .addHelpText(
      'after',
      '\nExit codes: 0 as rendered, 1 deviations, 5 Asterisk cannot be asked.' +
        '\n\nExample:\n  linekeeper doctor --dir /var/lib/linekeeper',
    )
    .action(doctor)
}

async function doctor(options: Options): Promise<void> {
  const dir = resolve(options.dir)
  const facts = await collectFacts(dir, options.asterisk)
  if (typeof facts === 'string') {
    const failure = { exit: EXIT.environment, code: 'asterisk.notAsked', message: facts }
    return fail(failure, options.json === true)
  }
  const found = deviations(facts)
  if (options.json) {
    console.log(
      JSON.stringify({ ok: found.length === 0, deviations: found }, undefined, 2),
    )
  } else {
    for (const deviation of found) console.log(lineOf(deviation))
    console.log(found.length === 0 ? 'as rendered' : `${found.length} deviations`)
  }
  process.exitCode = found.length === 0 ? EXIT.ok : EXIT.failed
}

function lineOf({ test, code, message, remedy }: Deviation): string {
  return `${test}  ${code}  ${message} — ${remedy}`
}
