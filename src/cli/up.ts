import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Command, InvalidArgumentError, Option } from 'commander'
import type { Logger } from 'pino'
import { missingConsent, type Refusal } from '../config/apply-policy.js'
import { applyJob, type SiteAsRead } from '../config/apply-site.js'
import { takeLock } from '../config/lock.js'
import { CLOCK_VARIABLE } from '../daemon/calendar-clock.js'
import { administratorToken } from '../http/api-token.js'
import { adopt } from '../instance/asterisk-process.js'
import { ServiceManager } from '../instance/service-manager.js'
import { missingPrompts } from '../instance/sounds.js'
import { Supervisor } from '../instance/supervisor.js'
import type { Site } from '../model/site.js'
import { readInput } from './apply-input.js'
import { calendarOfEnvironment } from './calendar.js'
import { defaultDir } from './default-dir.js'
import { EXIT } from './exit.js'
import { fail } from './failure.js'
import { firstPasswordText, isJournal } from './first-password.js'
import { LOG_LEVELS, newLog } from './log.js'
import { openJob } from './open-job.js'
import { prepareDir } from './prepare-dir.js'
import { refuse, warn } from './report.js'
import { stopOnce } from './stop-once.js'

interface Options {
  readonly dir: string
  readonly asterisk?: string
  readonly logLevel: string
  readonly confirmDelete?: number
  readonly json?: true
}

/** `linekeeper up SITE`: a private Asterisk and the controller, in the foreground. */
export function upCommand(): Command {
  return new Command('up')
    .description('a private Asterisk, the configuration applied, and the controller')
    .argument('<site>', 'site file')
    .option('--dir <dir>', 'state folder: everything lies under it', defaultDir())
    .option('--asterisk <path>', 'an Asterisk of this machine, at least 22.10.1')
    .option(
      '--confirm-delete <count>',
      'the site removes so many lines, and that is meant',
      wholeNumber,
    )
    .option('--json', 'print {"ready":true,…} instead of "ready"')
    .addOption(
      new Option('--log-level <level>', 'how much is logged to stderr')
        .choices(LOG_LEVELS)
        .default('info'),
    )
    .addHelpText(
      'after',
      '\nPrints "ready" alone on a line when calls are accepted. SIGTERM and SIGINT stop' +
        '\neverything within 5 s. Killed, it leaves Asterisk and its calls to the next `up`.' +
        '\n\nExample:\n  linekeeper up examples/site.yaml --dir /var/lib/linekeeper',
    )
    .action(up)
}

async function up(siteFile: string, options: Options): Promise<void> {
  const dir = resolve(options.dir)
  const input = await readInput(siteFile)
  if (input.kind === 'refused') return refuse(input.findings, options.json === true)
  warn(input.warnings)

  const log = newLog(options.logLevel)
  const calendar = calendarOfEnvironment()
  const instance = await prepareDir(dir, options.asterisk)
  const unlock = await takeLock(join(dir, 'up.lock'))
  const running = adopt(instance) !== undefined
  const silent = missingPrompts(join(dir, 'data/sounds'))
  if (silent.length > 0) log.warn({ prompts: silent }, 'prompts are missing: see doctor')
  const refusal = await deploy(input, dir, { running, options, log })
  if (refusal) {
    await unlock()
    const rolledBack = refusal.code === 'apply.rolledBack'
    const exit = rolledBack ? EXIT.rolledBack : EXIT.policy
    const message = `${siteFile}: ${refusal.message}`
    return fail({ exit, code: refusal.code, message }, options.json === true)
  }
  endOrphan(dir, log)
  // The controller needs it at once, and `lines` as soon as we say "ready".
  administratorToken(dir)
  const manager = new ServiceManager(process.env)
  const supervisor = new Supervisor({
    instance,
    controller: controllerOf(dir, options.logLevel),
    // A controller that is started again goes on where the rehearsal has come to.
    environment: () =>
      calendar.rehearsed
        ? { [CLOCK_VARIABLE]: new Date(calendar.now()).toISOString() }
        : {},
    log,
    onReady: once(() => {
      announce(input.site, dir, options.json === true)
      manager.ready()
    }),
    onBeat: () => manager.alive(),
    onFirstPassword: (password) =>
      process.stderr.write(
        firstPasswordText(password, input.site.http, isJournal(process.env)),
      ),
  })
  process.once('SIGTERM', () => manager.stopping())
  const stop = (): Promise<void> => {
    log.info('stopping')
    return supervisor.stop().then(unlock)
  }
  stopOnce(stop, { log, unclean: 'not everything stopped cleanly' })
  await supervisor.start()
}

/**
 * A controller ends with its `up`, unless it is frozen: then it would keep the new
 * one out. It is known by its command line; the number may be another program's.
 */
function endOrphan(dir: string, log: Logger): void {
  const controller = controllerOf(dir, '').slice(0, 5)
  for (const entry of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const words = commandLine(entry).slice(1)
    if (!controller.every((word, index) => words[index] === word)) continue
    log.warn({ pid: Number(entry) }, 'ended the controller that an earlier up left')
    process.kill(Number(entry), 'SIGKILL')
  }
}

function commandLine(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
  } catch (error) {
    // It has ended while we looked.
    if (error instanceof Error && 'code' in error) return []
    throw error
  }
}

/** The controller runs the site that is applied, not the file that is being edited. */
function controllerOf(dir: string, logLevel: string): string[] {
  const program = fileURLToPath(new URL('./main.js', import.meta.url))
  const site = join(dir, 'etc/current/site.yaml')
  return [program, 'run', site, '--dir', dir, '--log-level', logLevel]
}

/** Applies the site: to the files alone, or also to the Asterisk that an earlier `up` left. */
async function deploy(
  input: SiteAsRead,
  dir: string,
  { running, options, log }: { running: boolean; options: Options; log: Logger },
): Promise<Refusal | undefined> {
  const { job, unreachable, close } = await openJob(input, { dir, offline: !running })
  try {
    // An Asterisk that lives and cannot be told would go on with what it has.
    if (unreachable) throw unreachable
    let refusal: Refusal | undefined
    const { applied, plan } = await applyJob(job, (wanted) => {
      const { confirmDelete } = options
      const deletions = confirmDelete === undefined ? {} : { deletions: confirmDelete }
      refusal = missingConsent(wanted, { yes: true, ...deletions })
      return Promise.resolve(refusal === undefined)
    })
    if (applied.kind === 'rolledBack') {
      return { code: 'apply.rolledBack', message: applied.refusals.join('; ') }
    }
    if (applied.kind === 'applied') {
      log.info({ generation: applied.folder, changes: plan.items.length }, 'site applied')
    }
    return refusal
  } finally {
    close()
  }
}

/** What a newcomer needs to register a phone, on stderr; `ready` for scripts, on stdout. */
function announce(site: Site, dir: string, json: boolean): void {
  const { sip } = site.asterisk
  if (json) {
    console.log(JSON.stringify({ ready: true, sip: `${sip.host}:${sip.port}`, dir }))
    return
  }
  process.stderr.write(
    `${site.site.name}: ${site.lines.length} lines. SIP on ${sip.host}:${sip.port}, ` +
      `API on http://${site.http.host}:${site.http.port} (token in ${dir}/api-token)\n`,
  )
  console.log('ready')
}

function once(act: () => void): () => void {
  let done = false
  return () => {
    if (done) return
    done = true
    act()
  }
}

function wholeNumber(text: string): number {
  const count = Number(text)
  if (Number.isInteger(count) && count > 0) return count
  throw new InvalidArgumentError('a whole number of lines is needed')
}
