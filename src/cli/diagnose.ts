import { Command } from 'commander'
import { z } from 'zod'
import { apiClient } from './api-client.js'
import { defaultDir } from './default-dir.js'
import { telephoneNumber } from './telephone-number.js'

const Seen = z.object({ address: z.string(), at: z.string() })
const Facts = z.object({
  contact: z.object({ address: z.string(), userAgent: z.string() }).optional(),
  lastSeen: Seen.optional(),
  misregistered: z.string().optional(),
  to: z.unknown().optional(),
  forwards: z.array(z.object({ forward: z.string(), to: z.unknown() })).optional(),
  inUse: z.number().optional(),
  limit: z.number().optional(),
  failures: z.array(Seen).optional(),
  number: z.string().optional(),
  step: z.string().optional(),
})
type Facts = z.infer<typeof Facts>

const Diagnosis = z.object({
  line: z.string(),
  checks: z.array(z.object({ check: z.string(), state: z.string(), facts: Facts })),
  verdict: z.string().nullable(),
})

/** `linekeeper diagnose NUMBER`: why does this phone not ring. */
export function diagnoseCommand(): Command {
  return new Command('diagnose')
    .description('why does this phone not ring: ordered checks, first cause')
    .argument('<number>', 'the number of the line, in any spelling', telephoneNumber)
    .option('--dialled <number>', 'what the phone dialled in vain, such as 7001')
    .option('--dir <dir>', 'state folder of the deployment', defaultDir())
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', '\nExample:\n  linekeeper diagnose 0972100001 --dialled 7999')
    .action(async (number: string, options: Options) => {
      const { dir, json, dialled } = options
      const query = dialled === undefined ? '' : `?dialled=${encodeURIComponent(dialled)}`
      const path = `/api/v1/lines/${encodeURIComponent(number)}/diagnosis${query}`
      const body = await (await apiClient(dir)).get(path)
      if (json) console.log(JSON.stringify(body, undefined, 2))
      else console.log(diagnosisText(Diagnosis.parse(body)).join('\n'))
    })
}

interface Options {
  readonly dir: string
  readonly json?: true
  readonly dialled?: string
}

const MARKS: Readonly<Record<string, string>> = {
  reminder: 'first  ',
  passed: 'ok     ',
  warned: 'look   ',
  stopped: 'CAUSE  ',
  unknown: 'unknown',
}

function diagnosisText({ line, checks, verdict }: z.infer<typeof Diagnosis>): string[] {
  const rows = checks.map(({ check, state, facts }) => {
    const said = WORDS[check]?.(facts, state) ?? check
    return `${MARKS[state] ?? state}  ${said}`
  })
  const found = checks.find(({ check }) => check === verdict)
  const because = found && (WORDS[found.check]?.(found.facts, found.state) ?? found.check)
  const what =
    verdict === 'dialled' ? 'The number does not work' : 'The phone does not ring'
  const last = because ? `${what}: ${because}.` : 'The phone would ring.'
  return [line, ...rows, '', last]
}

/** What each check says; its state is the mark before it. */
const WORDS: Readonly<Record<string, (facts: Facts, state: string) => string>> = {
  powerCycle: () => 'unplug the phone and plug it in again, then wait for a minute',
  dialled: ({ number, step }) =>
    step === 'shortNumberMissing'
      ? `${number} is missing in the group's table of short numbers`
      : `${number} when dialled: ${step}`,
  registered: ({ contact, lastSeen }, state) => {
    if (contact)
      return `the phone is registered at ${contact.address} (${contact.userAgent})`
    if (state === 'unknown') return 'nobody knows whether the phone is registered'
    if (state === 'passed') return 'the phone is registered'
    const last = lastSeen
      ? `last seen at ${lastSeen.address}, ${lastSeen.at}`
      : 'never seen'
    return `the phone is not registered, ${last}`
  },
  misregistered: ({ misregistered }) =>
    misregistered === undefined
      ? 'what it has registered is its own address'
      : `the phone has registered ${misregistered}, which is not called: it must be an IPv4 address of its own, with the number of the line or a name. Correct the account in the phone; if nobody has set it so, change its password`,
  unconditional: ({ to }, state) =>
    state === 'passed'
      ? 'no forward of every call'
      : `every call is forwarded to ${said(to)}`,
  absent: onOff('subscriber absent'),
  doNotDisturb: onOff('do not disturb'),
  rejectAnonymous: onOff('hidden callers are refused'),
  filters: onOff('a list of refused callers'),
  otherForwards: ({ forwards = [] }) =>
    forwards.length === 0
      ? 'no other forward'
      : `forwards: ${forwards.map(({ forward, to }) => `${forward} to ${said(to)}`).join(', ')}`,
  lock: onOff('the phone is locked for its own calls'),
  callSlots: ({ inUse, limit }) => `${inUse} of ${limit} simultaneous calls in use`,
  authentication: ({ failures = [] }) => {
    const [last] = failures
    return last
      ? `a wrong password was sent from ${last.address}, ${last.at}`
      : 'no wrong password since'
  },
}

function onOff(what: string): (facts: Facts, state: string) => string {
  return (_facts, state) => `${what}: ${state === 'passed' ? 'off' : 'on'}`
}

function said(to: unknown): string {
  return typeof to === 'string' ? to : JSON.stringify(to)
}
