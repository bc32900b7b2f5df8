import { existsSync, readdirSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { knownModulesDir } from '../config/deployment-folder.js'
import { consoleCommands, type Facts, type FileFact } from '../config/doctor-facts.js'
import { readDeployed } from '../config/generation-folder.js'
import { readBack } from '../config/read-back.js'
import { type AsteriskProcess, adopt } from '../instance/asterisk-process.js'
import { locateAsterisk } from '../instance/package.js'
import { rx } from '../instance/remote-console.js'
import { missingPrompts } from '../instance/sounds.js'
import { chooseUser } from '../instance/user.js'

/** What there is to know of the Asterisk of a state folder, or why it cannot be known. */
export async function collectFacts(
  dir: string,
  program?: string,
): Promise<Facts | string> {
  const deployed = await readDeployed(dir)
  if (!deployed) return `${dir}: nothing is deployed here; "linekeeper apply" does it`
  const found = await locateAsterisk({
    asterisk: program,
    modulesDir: knownModulesDir(dir),
  })
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
    missingPrompts: missingPrompts(join(dir, 'data/sounds')),
    uid: statSync(`/proc/${process.pid}`).uid,
    now: Date.now(),
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
