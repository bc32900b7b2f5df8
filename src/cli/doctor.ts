import { existsSync, readdirSync, statSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { Command } from 'commander'
import { type Deviation, deviations } from '../config/doctor.js'
import { consoleCommands, type Facts, type FileFact } from '../config/doctor-facts.js'
import { readDeployed } from '../config/generation-folder.js'
import { readBack } from '../config/read-back.js'
import { type AsteriskProcess, adopt } from '../instance/asterisk-process.js'
import { locateAsterisk } from '../instance/package.js'
import { rx } from '../instance/remote-console.js'
import { chooseUser } from '../instance/user.js'
import { defaultDir } from './default-dir.js'
import { EXIT } from './exit.js'

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
  const facts = await collect(dir, options.asterisk)
  if (typeof facts === 'string') {
    process.stderr.write(`${facts}\n`)
    process.exitCode = EXIT.environment
    return
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

/** The facts, or why there are none. */
async function collect(dir: string, program?: string): Promise<Facts | string> {
  const deployed = await readDeployed(dir)
  if (!deployed) return `${dir}: nothing is deployed here; "linekeeper apply" does it`
  const found = await locateAsterisk(program === undefined ? {} : { asterisk: program })
  const process = adopt({
    package: found,
    configFile: join(dir, 'etc/current/asterisk.conf'),
    runDir: join(dir, 'run'),
    user: chooseUser(),
  })
  if (!process) return `${dir}: no Asterisk runs here; "linekeeper up" starts it`
  const site = readBack(deployed.files)
  const console = await ask(process, consoleCommands(site))
  if (console.get('core show version') === '') {
    return `${dir}: Asterisk, pid ${process.pid}, does not answer its console`
  }
  return {
    console,
    site,
    asteriskConf: deployed.files.find(({ name }) => name === 'asterisk.conf')?.text ?? '',
    files: filesOf(dir),
    uid: statSync(`/proc/${process.pid}`).uid,
  }
}

/** One after the other: a console of Asterisk is a thread of it. */
async function ask(
  { instance }: AsteriskProcess,
  commands: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const answers = new Map<string, string>()
  for (const command of commands) answers.set(command, await rx(instance, command))
  return answers
}

/** What holds a secret, and the folders around it. */
function filesOf(dir: string): FileFact[] {
  const inside = ['etc/current', 'etc/custom'].flatMap((folder) => {
    const place = join(dir, folder)
    return existsSync(place) ? readdirSync(place).map((name) => join(place, name)) : []
  })
  const places = ['etc', 'run', 'lib', 'log', 'spool', 'secrets.json', 'api-token']
  return [...places.map((place) => join(dir, place)), ...inside]
    .filter((path) => existsSync(path))
    .map((path) => ({ path: relative(dir, path), mode: statSync(path).mode & 0o777 }))
}
