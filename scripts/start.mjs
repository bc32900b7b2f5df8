/**
 * `npm start`: a working telephone system on the loopback address, on a machine with
 * nothing but Node. Arguments after `--` go to `linekeeper up`; a first one that is no
 * option is the site file.
 */
import { homedir } from 'node:os'
import { join } from 'node:path'
import { exitCodeOf, fetchTree } from '../asterisk/fetch.mjs'
import { foreground } from './foreground.mjs'
import { prepare, projectFolder } from './prepare.mjs'

/** Under a folder that the user Asterisk runs as can pass through. */
function stateFolder() {
  if (process.env['LINEKEEPER_DIR']) return process.env['LINEKEEPER_DIR']
  if (process.getuid?.() === 0) return '/var/lib/linekeeper'
  return join(homedir(), '.local/state/linekeeper')
}

async function start(given) {
  prepare()
  const options = [...given]
  const named = options[0] !== undefined && !options[0].startsWith('-')
  const site = named ? options.shift() : join(projectFolder, 'examples/site.yaml')
  const says = (name) => options.some((one) => one === name || one.startsWith(`${name}=`))
  if (!says('--asterisk')) await fetchTree('asterisk')
  if (!says('--dir')) options.push('--dir', stateFolder())
  return foreground([join(projectFolder, 'dist/cli/main.js'), 'up', site, ...options])
}

process.exitCode = await start(process.argv.slice(2)).catch(exitCodeOf)
