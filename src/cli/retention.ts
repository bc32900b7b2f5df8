import { join, resolve } from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import { z } from 'zod'
import { forgetOld } from '../archive/retention.js'
import { knownModulesDir } from '../config/deployment-folder.js'
import { adopt } from '../instance/asterisk-process.js'
import { locateAsterisk } from '../instance/package.js'
import { rx } from '../instance/remote-console.js'
import { chooseUser } from '../instance/user.js'
import { apiClient } from './api-client.js'
import { defaultDir } from './default-dir.js'

interface Options {
  readonly cdrDays?: number
  readonly voicemailDays?: number
  readonly logDays?: number
  readonly dryRun?: true
  readonly dir: string
  readonly json?: true
}

const DAY_MS = 24 * 60 * 60 * 1000

/** `linekeeper retention`: deletion by age, for a timer of the machine. */
export function retentionCommand(): Command {
  return new Command('retention')
    .description('delete old call records, recordings and logs')
    .option('--cdr-days <days>', 'call records of calls begun before', days)
    .option('--voicemail-days <days>', 'voicemail messages and faxes older than', days)
    .option('--log-days <days>', 'logs: begins new ones, deletes older ones', days)
    .option('--dry-run', 'only count')
    .option('--dir <dir>', 'state folder of the deployment', defaultDir())
    .option('--json', 'one JSON document on stdout')
    .addHelpText(
      'after',
      '\nWhat is not named is kept. How long each may be kept is a question of law: a year for' +
        '\ncall records of an operator, 30 days for messages, 90 for logs are usual in France.' +
        '\nBackups hold what was deleted since: delete them by age as well.' +
        '\n\nExample:\n  linekeeper retention --cdr-days 365 --voicemail-days 30 --log-days 90',
    )
    .action(retention)
}

async function retention(options: Options): Promise<void> {
  const { cdrDays, voicemailDays, logDays } = options
  const dir = resolve(options.dir)
  const dryRun = options.dryRun === true
  const calls =
    cdrDays === undefined ? 0 : await forgetCalls(dir, before(cdrDays), dryRun)
  const rest = await forgetOld(
    dir,
    {
      ...(voicemailDays !== undefined && { voicemailBefore: before(voicemailDays) }),
      ...(logDays !== undefined && { logBefore: before(logDays) }),
    },
    dryRun,
  )
  if (logDays !== undefined && !dryRun) await beginNewLogs(dir)
  const counts = { calls, ...rest }
  if (options.json) console.log(JSON.stringify({ ok: true, dryRun, ...counts }))
  else {
    const words = Object.entries(counts).map(([what, count]) => `${count} ${what}`)
    console.log(`${dryRun ? 'would delete' : 'deleted'}: ${words.join(', ')}`)
  }
}

/** The records are the running controller's. */
async function forgetCalls(dir: string, at: number, dryRun: boolean): Promise<number> {
  const query = new URLSearchParams({
    before: new Date(at).toISOString(),
    dryRun: String(dryRun),
  })
  const answer = await (await apiClient(dir)).send('DELETE', `/api/v1/cdr?${query}`)
  return z.object({ calls: z.int() }).parse(answer).calls
}

/** Asterisk renames its logs and begins others, so that old ones can go. */
async function beginNewLogs(dir: string): Promise<void> {
  const instance = {
    package: await locateAsterisk({ modulesDir: knownModulesDir(dir) }),
    configFile: join(dir, 'etc/current/asterisk.conf'),
    runDir: join(dir, 'run'),
    user: chooseUser(),
  }
  if (adopt(instance)) await rx(instance, 'logger rotate')
}

function before(age: number): number {
  return Date.now() - age * DAY_MS
}

function days(text: string): number {
  const count = Number(text)
  if (Number.isInteger(count) && count >= 1) return count
  throw new InvalidArgumentError('a whole number of days, at least 1, is needed')
}
