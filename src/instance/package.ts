import { execFile } from 'node:child_process'
import { existsSync, readdirSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import {
  cacheFolder,
  isAtLeast,
  oldestAsterisk,
  programOf,
  treeFolder,
  versionIn,
} from '../../asterisk/tree.mjs'
import { EnvironmentError } from './environment-error.js'

const run = promisify(execFile)
/** Wherever npm has put us. */
const fetcher = fileURLToPath(new URL('../../asterisk/fetch.mjs', import.meta.url))

/** How to run one Asterisk, and where what belongs to it lies. */
export type AsteriskPackage = {
  command: string
  /** Goes before Asterisk's own arguments: the loader's, for a private tree. */
  argv: string[]
  modulesDir: string
  dataDir: string
  version: string
}

/**
 * The Asterisk to use: the one given by path, else the one whose modules a state folder
 * names, since it runs what is deployed there, else the private tree in the cache.
 * Throws an EnvironmentError when it is missing, does not run or is too old.
 */
export function locateAsterisk(options: {
  asterisk?: string | undefined
  modulesDir?: string | undefined
  cache?: string
}): Promise<AsteriskPackage> {
  const path = options.asterisk ?? programOfModules(options.modulesDir)
  if (path) return ofMachine(path)
  return ofTree(treeFolder('asterisk', options.cache ?? cacheFolder()))
}

/** `…/lib[/x86_64-linux-gnu]/asterisk/modules` belong to `…/sbin/asterisk`. */
function programOfModules(modulesDir = ''): string | undefined {
  const prefix = /^(.*)\/lib(64|\/[^/]+)?\/asterisk\/modules$/.exec(modulesDir)?.[1]
  const program = `${prefix}/sbin/asterisk`
  return prefix !== undefined && existsSync(program) ? program : undefined
}

async function ofTree(tree: string): Promise<AsteriskPackage> {
  const program = programOf(tree, 'usr/sbin/asterisk')
  if (!program) {
    throw new EnvironmentError(
      'asterisk.missing',
      `${tree}: no private Asterisk here. Fetch it with "node ${fetcher}" ` +
        '(npm start does so), or name one with --asterisk PATH',
    )
  }
  const { command, argv } = program
  return {
    command,
    argv,
    modulesDir: join(program.libraries, 'asterisk/modules'),
    dataDir: join(tree, 'usr/share/asterisk'),
    version: await requireVersion(command, argv),
  }
}

async function ofMachine(path: string): Promise<AsteriskPackage> {
  if (!existsSync(path)) {
    throw new EnvironmentError(
      'asterisk.missing',
      `${path}: no such program; --asterisk takes the path of an Asterisk of at least ${oldestAsterisk}`,
    )
  }
  // …/sbin/asterisk: what was installed with it lies under the same prefix.
  const program = realpathSync(path)
  const prefix = dirname(dirname(program))
  const root = dirname(prefix)
  if (root !== '/' && programOf(root, 'usr/sbin/asterisk')?.argv.includes(program)) {
    return ofTree(root)
  }
  const version = await requireVersion(program, [])
  const modulesDir = firstWith('app_dial.so', modulesDirs(prefix))
  const dataDir = firstWith('rest-api', dataDirs(prefix))
  if (!modulesDir || !dataDir) {
    const lacking = modulesDir ? dataDirs(prefix) : modulesDirs(prefix)
    throw new EnvironmentError(
      'asterisk.unusable',
      `${path}: its ${modulesDir ? 'data' : 'modules'} were found in none of ` +
        `${lacking.join(', ')}. Install Asterisk's package completely, or leave out ` +
        '--asterisk to use the private one',
    )
  }
  return { command: program, argv: [], modulesDir, dataDir, version }
}

/** Debian's multiarch folder first, then where a build from source installs. */
function modulesDirs(prefix: string): string[] {
  const lib = join(prefix, 'lib')
  const multiarch = existsSync(lib)
    ? readdirSync(lib).filter((folder) => folder.includes('-linux-gnu'))
    : []
  return [...multiarch.map((folder) => join(lib, folder)), lib, `${prefix}/lib64`].map(
    (folder) => join(folder, 'asterisk/modules'),
  )
}

/** Asterisk serves its ARI description from the data folder: one without is not it. */
function dataDirs(prefix: string): string[] {
  return [`${prefix}/share/asterisk`, `${prefix}/var/lib/asterisk`, '/var/lib/asterisk']
}

function firstWith(entry: string, folders: string[]): string | undefined {
  return folders.find((folder) => existsSync(join(folder, entry)))
}

async function requireVersion(command: string, argv: string[]): Promise<string> {
  const place = argv.at(-1) ?? command
  const answer = await run(command, [...argv, '-V'], { timeout: 10_000 }).catch(
    (error: unknown) => {
      throw new EnvironmentError(
        'asterisk.unusable',
        `${place}: it does not run (${String(error)}). Leave out --asterisk to use the private one`,
      )
    },
  )
  const version = versionIn(answer.stdout)
  if (version && isAtLeast(version, oldestAsterisk)) return version
  throw new EnvironmentError(
    'asterisk.tooOld',
    `${place}: this is ${version ? `Asterisk ${version}` : 'no Asterisk'}, at least ` +
      `${oldestAsterisk} is needed (older ones can be crashed from the network). ` +
      'Leave out --asterisk to use the private one',
  )
}
