import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Command } from 'commander'
import type { Deployment, GeneratedFile } from '../config/deployment.js'
import { openDeployment } from '../config/deployment-folder.js'
import { loadSite } from '../config/load.js'
import { placeholderDeployment } from '../config/placeholder-deployment.js'
import { render } from '../config/render.js'
import { checkRendered } from '../config/rendered-checks.js'
import { EnvironmentError } from '../instance/environment-error.js'
import { EXIT } from './exit.js'
import { fail } from './failure.js'
import { refuse, warn } from './report.js'

interface Options {
  readonly out: string
  readonly dir?: string
  readonly json?: true
}

/** `linekeeper render SITE --out DIR`: the generated files, and nothing else. */
export function renderCommand(): Command {
  return new Command('render')
    .description('writes the generated Asterisk files to an empty folder')
    .argument('<site>', 'site file')
    .requiredOption('--out <dir>', 'folder to write to; made when it is not there')
    .option('--dir <dir>', 'state folder of a deployment: its paths and passwords')
    .option('--json', 'one JSON document on stdout')
    .addHelpText(
      'after',
      '\nWithout --dir the files hold placeholder paths and passwords: to read, not to run.' +
        '\n\nExample:\n  linekeeper render examples/site.yaml --out rendered',
    )
    .action(renderSite)
}

async function renderSite(siteFile: string, { out, dir, json }: Options): Promise<void> {
  const loaded = await loadSite(siteFile)
  if (loaded.kind === 'refused') return refuse(loaded.findings, json === true)
  warn(loaded.warnings)

  const place = resolve(out)
  const deployment = dir === undefined ? placeholderDeployment : deploymentIn(dir)
  if (!deployment) {
    const message = `${dir}: no deployment here; apply makes one`
    throw new EnvironmentError('dir.notDeployed', message)
  }
  if (existsSync(place) && readdirSync(place).length > 0) {
    const message = `${out}: not empty. Name a folder that is empty or new`
    return fail({ exit: EXIT.usage, code: 'out.notEmpty', message }, json === true)
  }
  const files = checked(render(loaded.site, deployment))
  writeAll(place, files)
  const sizes = files.map(({ name, text }) => ({ name, bytes: Buffer.byteLength(text) }))
  if (json) console.log(JSON.stringify({ out: place, files: sizes }, undefined, 2))
  else for (const { name } of sizes) console.log(join(out, name))
}

/** Undefined when the folder was never one: rendering makes no deployment. */
function deploymentIn(dir: string): Deployment | undefined {
  if (!existsSync(join(dir, 'deployment.json'))) return undefined
  const deployment = openDeployment(dir)
  const { modulesDir } = deployment.modulesDir === '' ? placeholderDeployment : deployment
  return { ...deployment, modulesDir }
}

/** Our own mistake, so an exception: no site file can bring it about. */
function checked(files: readonly GeneratedFile[]): readonly GeneratedFile[] {
  const faults = checkRendered(files)
  if (faults.length === 0) return files
  throw new Error(
    faults.map(({ path, message }) => `${path.join(':')} ${message}`).join('\n'),
  )
}

/** Passwords are among them: for the owner and its group only (T26). */
function writeAll(place: string, files: readonly GeneratedFile[]): void {
  mkdirSync(place, { recursive: true, mode: 0o750 })
  for (const { name, text } of files) {
    const path = join(place, name)
    writeFileSync(path, text, { mode: 0o640, flag: 'wx' })
    chmodSync(path, 0o640)
  }
}
