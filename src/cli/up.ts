import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Command, InvalidArgumentError, Option } from 'commander'
import type { Logger } from 'pino'
import { connectAmi } from '../ami/ami.js'
import { logMark } from '../ami/log-mark.js'
import { runningAsterisk } from '../ami/running-asterisk.js'
import { missingConsent, type Refusal } from '../config/apply-policy.js'
import { applyJob, type Job, recoverJournal } from '../config/apply-site.js'
import type { Deployment } from '../config/deployment.js'
import { openDeployment } from '../config/deployment-folder.js'
import { loadSite } from '../config/load.js'
import { takeLock } from '../config/lock.js'
import { administratorToken } from '../http/api-token.js'
import { adopt } from '../instance/asterisk-process.js'
import { prepareInstance } from '../instance/folders.js'
import type { AsteriskInstance } from '../instance/instance.js'
import { locateAsterisk } from '../instance/package.js'
import { Supervisor } from '../instance/supervisor.js'
import { chooseUser } from '../instance/user.js'
import type { Site } from '../model/site.js'
import { defaultDir } from './default-dir.js'
import { EXIT } from './exit.js'
import { LOG_LEVELS, newLog } from './log.js'
import { refuse, warn } from './report.js'

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
  const loaded = await loadSite(siteFile)
  if (loaded.kind === 'refused') return refuse(loaded.findings, options.json === true)
  warn(loaded.warnings)

  const log = newLog(options.logLevel)
  const { instance, deployment } = await prepare(dir, options.asterisk)
  const unlock = await takeLock(join(dir, 'up.lock'))
  const { site } = loaded
  const refusal = await deploy(site, siteFile, { instance, deployment, options, log })
  if (refusal) {
    await unlock()
    process.stderr.write(`${siteFile}: ${refusal.code}  ${refusal.message}\n`)
    process.exitCode = EXIT.policy
    return
  }
  // The controller needs it at once, and `lines` as soon as we say "ready".
  administratorToken(dir)
  const supervisor = new Supervisor({
    instance,
    controller: [
      fileURLToPath(new URL('./main.js', import.meta.url)),
      'run',
      join(dir, 'etc/current/site.yaml'),
      '--dir',
      dir,
      '--log-level',
      options.logLevel,
    ],
    log,
    onReady: once(() => announce(site, dir, options.json === true)),
  })
  stopOnSignal(supervisor, unlock, log)
  await supervisor.start()
}

async function prepare(dir: string, path: string | undefined) {
  const asterisk = await locateAsterisk(path === undefined ? {} : { asterisk: path })
  const user = chooseUser()
  const { run: runDir } = prepareInstance(dir, asterisk, user)
  const deployment = openDeployment(dir, {
    modulesDir: asterisk.modulesDir,
    ...(user && { reader: user }),
  })
  const configFile = join(dir, 'etc/current/asterisk.conf')
  const instance: AsteriskInstance = { package: asterisk, configFile, runDir, user }
  return { instance, deployment }
}

interface Deploying {
  readonly instance: AsteriskInstance
  readonly deployment: Deployment
  readonly options: Options
  readonly log: Logger
}

/** Applies the site: to the files alone, or also to the Asterisk that an earlier `up` left. */
async function deploy(
  site: Site,
  siteFile: string,
  { instance, deployment, options, log }: Deploying,
): Promise<Refusal | undefined> {
  const { dir } = deployment
  const ami = adopt(instance)
    ? await connectAmi({
        ...site.asterisk.ami,
        username: 'linekeeper',
        password: deployment.amiPassword,
        reconnect: false,
      })
    : undefined
  const asterisk = ami && runningAsterisk(ami, logMark(join(dir, 'log/messages.log')))
  const job: Job = {
    site,
    siteText: readFileSync(siteFile, 'utf8'),
    deployment,
    ...(instance.user && { reader: instance.user }),
    ...(asterisk && { asterisk }),
  }
  try {
    await recoverJournal(dir, asterisk)
    let refusal: Refusal | undefined
    const { applied, plan } = await applyJob(job, (plan) => {
      const { confirmDelete } = options
      const deletions = confirmDelete === undefined ? {} : { deletions: confirmDelete }
      refusal = missingConsent(plan, { yes: true, ...deletions })
      return Promise.resolve(refusal === undefined)
    })
    if (applied.kind === 'rolledBack') {
      throw new Error(`Asterisk refused the site: ${applied.refusals.join('; ')}`)
    }
    if (applied.kind === 'applied') {
      log.info({ generation: applied.folder, changes: plan.items.length }, 'site applied')
    }
    return refusal
  } finally {
    ami?.close()
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

function stopOnSignal(
  supervisor: Supervisor,
  unlock: () => Promise<void>,
  log: Logger,
): void {
  const stop = once(() => {
    log.info('stopping')
    supervisor
      .stop()
      .then(unlock)
      .then(
        () => process.exit(EXIT.ok),
        (error: unknown) => {
          log.error({ err: error }, 'not everything stopped cleanly')
          process.exit(EXIT.failed)
        },
      )
  })
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
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
