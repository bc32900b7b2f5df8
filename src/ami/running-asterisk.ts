import type { Proof, RunningAsterisk } from '../config/apply.js'
import { PJSIP } from '../config/plan-modules.js'
import { endpoints, isIdentified } from './endpoints.js'
import type { LogMark } from './log-mark.js'
import { textOf } from './message.js'
import { forgetPushed, notTaken, push } from './pushed-lines.js'
import { reload } from './reload.js'
import type { Requests } from './requests.js'
import { getVar } from './variable.js'

/** The running Asterisk as `apply` sees it: reloads, and proof of what they did. */
export function runningAsterisk(ami: Requests, log: LogMark): RunningAsterisk {
  return {
    generation: () => getVar(ami, 'LK_GEN'),
    busyLines: () => busyLines(ami),
    takeOver: async ({ modules, pushed = [], back }) => {
      await log.mark()
      if (back) await forgetPushed(ami)
      await push(ami, pushed)
      for (const module of modules) await reload(ami, module)
      if (modules.includes(PJSIP)) await forgetPushed(ami)
    },
    refusals: async (proof) => [
      ...(await missing(ami, proof)),
      ...(await log.refusals()),
    ],
  }
}

/** From the channels: of ten thousand endpoints few have any. */
async function busyLines(ami: Requests): Promise<ReadonlySet<string>> {
  const channels = await ami.list({ Action: 'CoreShowChannels' })
  const names = channels.map((channel) => textOf(channel, 'channel'))
  return new Set(
    names.flatMap((name) => /^PJSIP\/(.+)-[0-9a-f]{8}$/.exec(name)?.[1] ?? []),
  )
}

/**
 * PJSIP drops what it does not understand, one object or a whole type, and keeps
 * silent about it towards the one who asked for the reload (L13): so its objects
 * are counted by name.
 */
async function missing(ami: Requests, proof: Proof): Promise<readonly string[]> {
  // All at once: under load each answer waits its turn, and a dozen would add up.
  const refusals = await Promise.all([
    otherGeneration(ami, proof),
    proof.pushed ? notTaken(ami, proof.pushed) : wrongEndpoints(ami, proof),
    ...proof.emergencyNumbers.map((number) => notDialled(ami, number)),
  ])
  return refusals.flat()
}

async function otherGeneration(
  ami: Requests,
  { hash }: Proof,
): Promise<readonly string[]> {
  const running = await getVar(ami, 'LK_GEN')
  if (running === hash) return []
  return [`extensions.conf: LK_GEN is ${running || 'not set'}, not ${hash}`]
}

async function notDialled(ami: Requests, number: string): Promise<readonly string[]> {
  // In its own context: among the lines' there is a pattern for every number.
  const exists = await getVar(ami, `DIALPLAN_EXISTS(emergency,${number},1)`)
  return exists === '1'
    ? []
    : [`extensions.conf: ${number} cannot be dialled from a line`]
}

async function wrongEndpoints(
  ami: Requests,
  { endpoints: wanted, trunks, gone }: Proof,
): Promise<readonly string[]> {
  const there = new Set((await endpoints(ami)).map(({ name }) => name))
  const absent = wanted.filter((name) => !there.has(name))
  const left = gone.filter((name) => there.has(name))
  const strangers: string[] = []
  for (const trunk of trunks.filter((name) => there.has(name))) {
    if (!(await isIdentified(ami, trunk))) strangers.push(trunk)
  }
  return [
    ...strangers.map((trunk) => `pjsip.conf: ${trunk} is not known by its address`),
    ...(absent.length > 0 ? [`pjsip: no endpoint ${some(absent)}`] : []),
    ...(left.length > 0 ? [`pjsip: endpoint still there: ${some(left)}`] : []),
  ]
}

/** The first few names, and how many more. */
function some(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(', ')
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown
}
