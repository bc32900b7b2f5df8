import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Command, Option } from 'commander'
import type { Logger } from 'pino'
import { openDeployment } from '../config/deployment-folder.js'
import { type Loaded, loadSite } from '../config/load.js'
import { loadSiteAside } from '../config/load-aside.js'
import { takeLock } from '../config/lock.js'
import { LogKeeper } from '../instance/log-keeper.js'
import { ServiceManager } from '../instance/service-manager.js'
import type { Daemon } from '../main.js'
import { calendarOfEnvironment } from './calendar.js'
import { defaultDir } from './default-dir.js'
import { firstPasswordText } from './first-password.js'
import { LOG_LEVELS, newLog } from './log.js'
import { refuse, warn } from './report.js'
import { stopOnce } from './stop-once.js'

/** `linekeeper run SITE`: the controller alone, in the foreground. */
export function runCommand(): Command {
  return new Command('run')
    .description('the controller, against the Asterisk named in the site file')
    .argument('<site>', 'site file')
    .option('--dir <dir>', 'state folder of the deployment', defaultDir())
    .option('--json', 'log as JSON lines only; nothing else is printed')
    .addOption(
      new Option('--log-level <level>', 'how much is logged to stderr')
        .choices(LOG_LEVELS)
        .default('info'),
    )
    .addHelpText(
      'after',
      '\nSIGHUP reads the site file again; SIGTERM and SIGINT stop it.' +
        '\n\nExample:\n  linekeeper run site.yaml --dir /var/lib/linekeeper',
    )
    .action(run)
}

async function run(
  siteFile: string,
  { dir, logLevel, json }: { dir: string; logLevel: string; json?: true },
): Promise<void> {
  // Meanwhile the web server and Asterisk's clients: half of what the program loads.
  const [loaded, main] = await Promise.all([load(siteFile), import('../main.js')])
  if (loaded.kind === 'refused') return refuse(loaded.findings, json === true)
  warn(loaded.warnings)

  const log = newLog(logLevel)
  const calendar = calendarOfEnvironment()
  openDeployment(dir)
  // Before anything is opened: the store belongs to one controller at a time.
  const unlock = await takeLock(join(dir, 'controller.lock'))
  const manager = new ServiceManager(process.env)
  const beat = (): void => {
    // Under `up` we have a parent that ends us when we stand still.
    if (!tellParent('beat')) manager.alive()
  }
  let decides = false
  const daemon = new main.Daemon({
    site: loaded.site,
    siteFile,
    dir,
    log,
    calendar,
    onBeat: beat,
    onReady: () => {
      // Under `up` we have a parent that listens; alone, the terminal is told.
      if (!tellParent('ready') && !json) console.log('ready')
      decides = true
      manager.ready()
    },
    onFirstPassword: (password) => {
      if (tellParent({ firstPassword: password.reveal() })) return
      // Alone, we are a service's or a container's, whose stderr is kept.
      const kept = !process.stderr.isTTY
      process.stderr.write(firstPasswordText(password, loaded.site.http, kept))
    },
  })
  stopOnSignal(daemon, unlock, { log, manager })
  await daemon.start().catch(async (error: unknown) => {
    await unlock()
    throw error
  })
  if (!daemon.isConnected) manager.readyWithoutAsterisk()
  const logs = new LogKeeper({
    folder: join(dir, 'log'),
    reopen: () => daemon.reopenLogs(),
    isUp: () => daemon.isConnected,
    log,
  })
  // Under `up` our parent does.
  if (!process.send) logs.start()
  // Without Asterisk there is nothing to decide; that is no standing still.
  setInterval(() => {
    if (daemon.isConnected) return
    beat()
    if (decides) manager.readyWithoutAsterisk()
    decides = false
  }, 1_000).unref()
  reloadOnSignal(daemon, { log, manager })
}

/** Whether there is an `up` above us. One that has died hears nothing, and we end soon. */
function tellParent(message: object | string): boolean {
  if (process.connected) process.send?.(message)
  return process.send !== undefined
}

/** From this size on a thread of its own gives back more memory than it costs time. */
const LARGE_BYTES = 128 * 1024

async function load(siteFile: string): Promise<Loaded> {
  // What is no file is said by whoever reads it.
  const size = await stat(siteFile).then(
    (found) => found.size,
    () => 0,
  )
  return size > LARGE_BYTES ? loadSiteAside(siteFile) : loadSite(siteFile)
}

function reloadOnSignal(
  daemon: Daemon,
  { log, manager }: { readonly log: Logger; readonly manager: ServiceManager },
): void {
  process.on('SIGHUP', () => {
    manager.reloading()
    daemon
      .reload()
      .then(
        (reloaded) => {
          if (reloaded.kind === 'refused') {
            log.error(
              { findings: reloaded.findings },
              'site file refused: the old one stays',
            )
          }
        },
        (error: unknown) =>
          log.error({ err: error }, 'the site file cannot be read again'),
      )
      .finally(() => {
        if (daemon.isConnected) manager.ready()
        else manager.readyWithoutAsterisk()
      })
  })
}

/** Also while it starts, which takes a moment on a busy machine. */
function stopOnSignal(
  daemon: Daemon,
  unlock: () => Promise<void>,
  { log, manager }: { readonly log: Logger; readonly manager: ServiceManager },
): void {
  const stop = stopOnce(
    () => {
      manager.stopping()
      return daemon.stop().then(unlock)
    },
    { log, unclean: 'the controller did not stop cleanly' },
  )
  // Our parent died: whoever comes next starts a controller of its own.
  process.once('disconnect', stop)
}
