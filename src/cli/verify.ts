import { Command } from 'commander'
import { z } from 'zod'
import { type Desk, type Step, verify } from '../canary/verify.js'
import { deployedSite } from '../config/apply-site.js'
import { EnvironmentError } from '../instance/environment-error.js'
import type { Line } from '../model/line.js'
import { parseNumber } from '../model/phone-number.js'
import type { Site } from '../model/site.js'
import { apiClient } from './api-client.js'
import { defaultDir } from './default-dir.js'
import { EXIT } from './exit.js'
import { fail } from './failure.js'
import { printTable } from './table.js'

interface Options {
  readonly from: string
  readonly to: string
  readonly dir: string
  readonly json?: true
}

const LineNow = z.object({
  registered: z.boolean(),
  calls: z.object({ inUse: z.int() }),
  settings: z.object({ forwarding: z.object({ unconditional: z.unknown() }) }),
})

/** `linekeeper verify`: canary calls on a running site. */
export function verifyCommand(): Command {
  return new Command('verify')
    .description(
      'canary calls on a running site: register, call, limit, forward, voicemail',
    )
    .requiredOption('--from <line>', 'a line kept for this, without a phone: it calls')
    .requiredOption('--to <line>', 'another one: it is called')
    .option('--dir <dir>', 'state folder of the deployment', defaultDir())
    .option('--json', 'one JSON document on stdout')
    .addHelpText(
      'after',
      '\nBoth lines must have no phone: it would be thrown out. With voicemail on the second' +
        '\none, the forward is tried too. No outside number is dialled; all is taken back.' +
        '\nExit codes: 0 all well, 1 something is not, 4 a line has a phone.' +
        '\n\nExample:\n  linekeeper verify --from 0972100098 --to 0972100099',
    )
    .action(run)
}

async function run({ from, to, dir, json }: Options): Promise<void> {
  const site = await deployedSite(dir)
  if (!site) {
    const message = `${dir}: no site is deployed here. Name its state folder with --dir DIR`
    throw new EnvironmentError('dir.notDeployed', message)
  }
  const [caller, called] = [lineOf(site, from), lineOf(site, to)]
  if (!caller || !called || caller === called) {
    const message = `--from ${from} --to ${to}: two different lines of the site are needed`
    return fail({ exit: EXIT.usage, code: 'usage', message }, json === true)
  }
  const client = await apiClient(dir)
  const now = async (line: string) =>
    LineNow.parse(await client.get(`/api/v1/lines/${line}`))
  for (const { number } of [caller, called]) {
    const { registered, calls } = await now(number)
    if (!registered && calls.inUse === 0) continue
    const message = `${number} has a phone, or a call: canaries need lines of their own`
    return fail({ exit: EXIT.policy, code: 'verify.lineInUse', message }, json === true)
  }
  const desk: Desk = {
    settings: async (line) => {
      const { unconditional } = (await now(line)).settings.forwarding
      return { unconditional }
    },
    forwardAll: async (line, target) => {
      const forwarding = { unconditional: target }
      await client.send('PATCH', `/api/v1/lines/${line}/settings`, { forwarding })
    },
    inUse: async (line) => (await now(line)).calls.inUse,
  }
  const steps = await verify({ sip: site.asterisk.sip, caller, called, desk })
  report(steps, json === true)
}

function report(steps: readonly Step[], json: boolean): void {
  const ok = steps.every(({ outcome }) => outcome !== 'failed')
  if (json) console.log(JSON.stringify({ ok, steps }))
  else {
    const rows = steps.map(({ step, outcome, detail, ms }) => [
      outcome,
      step,
      `${ms} ms`,
      detail,
    ])
    printTable(['', 'tried', 'took', ''], rows)
  }
  process.exitCode = ok ? EXIT.ok : EXIT.failed
}

function lineOf(site: Site, text: string): Line | undefined {
  const parsed = parseNumber(text, site.site.country)
  if (parsed.kind !== 'number') return undefined
  return site.lines.find(({ number }) => number === parsed.number)
}
