import type { Proof, RunningAsterisk } from '../config/apply.js'
import { endpoints } from './endpoints.js'
import type { LogMark } from './log-mark.js'
import { reload } from './reload.js'
import type { Requests } from './requests.js'
import { getVar } from './variable.js'

/** The running Asterisk as `apply` sees it: reloads, and proof of what they did. */
export function runningAsterisk(ami: Requests, log: LogMark): RunningAsterisk {
  return {
    generation: () => getVar(ami, 'LK_GEN'),
    busyLines: () => busyLines(ami),
    reload: async (modules) => {
      await log.mark()
      for (const module of modules) await reload(ami, module)
    },
    refusals: async (proof) => [
      ...(await missing(ami, proof)),
      ...(await log.refusals()),
    ],
  }
}

async function busyLines(ami: Requests): Promise<ReadonlySet<string>> {
  const all = await endpoints(ami)
  return new Set(
    all.filter(({ activeChannels }) => activeChannels > 0).map(({ name }) => name),
  )
}

/**
 * PJSIP drops what it does not understand, one object or a whole type, and keeps
 * silent about it towards the one who asked for the reload (L13): so its objects
 * are counted by name.
 */
async function missing(ami: Requests, proof: Proof): Promise<readonly string[]> {
  const refusals: string[] = []
  const hash = await getVar(ami, 'LK_GEN')
  if (hash !== proof.hash) {
    refusals.push(`extensions.conf: LK_GEN is ${hash || 'not set'}, not ${proof.hash}`)
  }
  const there = new Set((await endpoints(ami)).map(({ name }) => name))
  const absent = proof.endpoints.filter((name) => !there.has(name))
  if (absent.length > 0) refusals.push(`pjsip.conf: no endpoint ${some(absent)}`)
  const left = proof.gone.filter((name) => there.has(name))
  if (left.length > 0) refusals.push(`pjsip.conf: endpoint still there: ${some(left)}`)
  for (const number of proof.emergencyNumbers) {
    // In its own context: among the lines' there is a pattern for every number.
    const exists = await getVar(ami, `DIALPLAN_EXISTS(emergency,${number},1)`)
    if (exists !== '1') {
      refusals.push(`extensions.conf: ${number} cannot be dialled from a line`)
    }
  }
  return refusals
}

/** The first few names, and how many more. */
function some(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(', ')
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown
}
