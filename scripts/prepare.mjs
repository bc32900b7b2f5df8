/** What `npm start` and `npm test` need before they can begin. Plain Node built-ins only. */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isAtLeast } from '../asterisk/tree.mjs'

export const projectFolder = fileURLToPath(new URL('..', import.meta.url))
const oldestNode = '20.19.0'

const say = (text) => process.stderr.write(`prepare: ${text}\n`)

/** Packages, then the build; each only when it is needed. Ends the process when it fails. */
export function prepare() {
  // What we make must be readable by the user Asterisk runs as.
  process.umask(0o022)
  if (!isAtLeast(process.versions.node, oldestNode)) {
    say(`this is Node ${process.versions.node}, at least ${oldestNode} is needed`)
    process.exit(5)
  }
  const reason = whyInstall()
  if (reason) {
    say(`installing the npm packages (${reason}): npm ci`)
    run(...npm(), 'ci', '--no-audit', '--no-fund')
  }
  build()
}

/**
 * Why the installed packages are not those of package-lock.json; undefined when they
 * are. npm writes down what it has installed at the very end, so that an installation
 * that was interrupted is not mistaken for a finished one.
 */
function whyInstall() {
  const written = join(projectFolder, 'node_modules/.package-lock.json')
  if (!existsSync(written)) return 'node_modules is missing or incomplete'
  const installed = packagesIn(written)
  const wanted = packagesIn(join(projectFolder, 'package-lock.json'))
  for (const [path, { version, optional, devOptional }] of Object.entries(wanted)) {
    if (path === '' || optional || devOptional) continue
    const found = installed[path]?.version
    if (found !== version) return `${path} is ${found ?? 'missing'}, not ${version}`
  }
  return undefined
}

function packagesIn(lock) {
  return JSON.parse(readFileSync(lock, 'utf8')).packages
}

/** The npm that started us, or the one in the path. */
function npm() {
  const started = process.env['npm_execpath']
  return started?.endsWith('.js') ? [process.execPath, started] : ['npm']
}

/** tsc looks itself which sources have changed since the last time. */
function build() {
  const tsc = join(projectFolder, 'node_modules/typescript/bin/tsc')
  const dist = join(projectFolder, 'dist')
  if (!existsSync(dist)) say('building: tsc')
  const memory = ['--incremental', '--tsBuildInfoFile', join(dist, '.tsbuildinfo')]
  run(process.execPath, tsc, '-p', 'tsconfig.build.json', ...memory)
}

/** Our stdout belongs to what is started afterwards: this goes to stderr. */
function run(command, ...argv) {
  const done = spawnSync(command, argv, { cwd: projectFolder, stdio: ['ignore', 2, 2] })
  if (done.status === 0) return
  say(`this failed: ${[command, ...argv].join(' ')}`)
  process.exit(done.error ? 5 : 1)
}
