import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type Ami, connectAmi } from '../../src/ami/ami.js'
import { logMark } from '../../src/ami/log-mark.js'
import { reload } from '../../src/ami/reload.js'
import { runningAsterisk } from '../../src/ami/running-asterisk.js'
import { applyChange, type RunningAsterisk } from '../../src/config/apply.js'
import { planJob } from '../../src/config/apply-site.js'
import { realHands } from '../../src/config/hands.js'
import type { PushedObject } from '../../src/config/line-push.js'
import { PJSIP } from '../../src/config/plan-modules.js'
import { until } from '../rig/until.js'
import type { Settings } from './call-path.js'
import { drive, fromCarrier, registerLines, startCalled } from './drive.js'
import { Estate, type Place, readSiteText } from './estate.js'
import { percentile } from './percentile.js'
import { type Percentiles, percentilesOf } from './rounds.js'
import { numberOf, siteOf } from './site-of.js'

/** One line's change among many, in milliseconds; delays are those from INVITE to 180. */
export interface LineChange {
  readonly lines: number
  /** Into the running Asterisk and proved there. */
  readonly push: Percentiles & { readonly count: number }
  /** The new generation written, switched to, pushed and proved. */
  readonly effectiveMs: number
  /** Comparing the site with what is deployed, before that. */
  readonly planMs: number
  /** The whole command `linekeeper apply`, with the controller taking the site. */
  readonly command: Percentiles & { readonly count: number }
  /** What a reload of PJSIP takes. */
  readonly reloadMs: number
  readonly callsPerSecond: number
  /** Of the calls of all rounds together. */
  readonly ringingP99: {
    readonly undisturbed: number
    readonly pushing: number
    readonly applying: number
    readonly reloading: number
  }
}

/** What happens while the carrier calls, in the order of each round. */
const PHASES = ['undisturbed', 'pushing', 'applying'] as const

const CALLED_LINES = 200
const CALLS_PER_SECOND = 40
const PUSHED_LINE = 7_000
const EVERY_MS = 100

export async function lineChange(
  lines: number,
  place: Place,
  settings: Settings,
): Promise<LineChange> {
  const estate = await Estate.start(lines, place, true)
  const called = startCalled(estate, place.project)
  try {
    await estate.startController()
    await registerLines(estate, CALLED_LINES, place.project)
    const whileDoing = (work: (end: AbortSignal) => Promise<void>) =>
      ringingWhile(estate, called.pid, settings, work)
    const applied = await reached(estate, (asterisk) => {
      return applyOne(estate, asterisk, lines)
    })
    const ringing = { undisturbed: [], pushing: [], applying: [], reloading: [] }
    const delays: Record<keyof typeof ringing, number[]> = ringing
    const pushed: number[] = []
    const commands: number[] = []
    const work = {
      undisturbed: () => Promise.resolve(),
      pushing: (end: AbortSignal) =>
        reached(estate, (asterisk) => pushAgain(asterisk, applied.pushed, pushed, end)),
      applying: (end: AbortSignal) =>
        commandAgain(estate, { lines, place }, commands, end),
    }
    for (let round = 0; round < settings.rounds; round++) {
      for (const phase of PHASES) delays[phase].push(...(await whileDoing(work[phase])))
    }
    let reloadMs = Number.NaN
    delays.reloading.push(
      ...(await whileDoing(() =>
        reached(estate, async (_asterisk, ami) => {
          reloadMs = await timed(() => reload(ami, PJSIP))
        }),
      )),
    )
    const p99 = (phase: keyof typeof delays) => percentile(delays[phase], 0.99)
    return {
      lines,
      push: { ...percentilesOf(pushed), count: pushed.length },
      effectiveMs: applied.effectiveMs,
      planMs: applied.planMs,
      command: { ...percentilesOf(commands), count: commands.length },
      reloadMs,
      callsPerSecond: CALLS_PER_SECOND,
      ringingP99: {
        undisturbed: p99('undisturbed'),
        pushing: p99('pushing'),
        applying: p99('applying'),
        reloading: p99('reloading'),
      },
    }
  } finally {
    await called.close()
    await estate.close()
  }
}

/** Logged in for this alone: the command logs in itself, and only one may be. */
async function reached<T>(
  estate: Estate,
  work: (asterisk: RunningAsterisk, ami: Ami) => Promise<T>,
): Promise<T> {
  const ami = await logIn(estate)
  try {
    const log = logMark(join(estate.dir, 'log/messages.log'))
    return await work(runningAsterisk(ami, log), ami)
  } finally {
    ami.close()
  }
}

async function ringingWhile(
  estate: Estate,
  calledPid: number,
  { project, seconds }: Settings,
  work: (end: AbortSignal) => Promise<void>,
): Promise<readonly number[]> {
  const end = new AbortController()
  const load = {
    callsPerSecond: CALLS_PER_SECOND,
    seconds,
    ...fromCarrier(estate, CALLED_LINES),
  }
  const driven = drive(estate, load, { project, calledPid }).finally(() => end.abort())
  // The first second of the calls is not counted.
  const worked = pause(1_500).then(() => work(end.signal))
  const [{ delays }] = await Promise.all([driven, worked])
  if (delays.answered < delays.calls) {
    throw new Error(
      `${delays.calls - delays.answered} of ${delays.calls} calls were not answered`,
    )
  }
  return delays.ringing
}

/** A line renamed: the plan, and then everything until it is proved. */
async function applyOne(estate: Estate, asterisk: RunningAsterisk, lines: number) {
  const siteText = siteOf(estate.address, lines, { index: PUSHED_LINE, name: 'Renamed' })
  const job = { ...estate.job, site: readSiteText(siteText), siteText, asterisk }
  const began = performance.now()
  const { change } = await planJob(job)
  const planMs = performance.now() - began
  const hands = realHands(estate.dir, job.reader, asterisk)
  const stop = new AbortController().signal
  const effectiveMs = await timed(async () => {
    const { kind } = await applyChange(change, hands, stop)
    if (kind !== 'applied') throw new Error(`a renamed line was not applied: ${kind}`)
  })
  const [pushed] = change.pushed ?? []
  if (!pushed) throw new Error('a renamed line was not pushed')
  return { planMs, effectiveMs, pushed }
}

async function pushAgain(
  asterisk: RunningAsterisk,
  object: PushedObject,
  took: number[],
  end: AbortSignal,
): Promise<void> {
  const hash = await asterisk.generation()
  while (!end.aborted) {
    took.push(await pushOne(asterisk, object, hash, took.length))
    await pause(EVERY_MS)
  }
}

/** Another name each time, so that the proof proves something. */
function pushOne(
  asterisk: RunningAsterisk,
  object: PushedObject,
  hash: string,
  turn: number,
): Promise<number> {
  const callerid = `"Turn ${turn}" <${object.id}>`
  const pushed = [
    { ...object, options: new Map([...object.options, ['callerid', callerid]]) },
  ]
  return timed(async () => {
    await asterisk.takeOver({ modules: ['pbx_config.so'], pushed })
    const nothing = { endpoints: [], trunks: [], gone: [], emergencyNumbers: ['112'] }
    const refusals = await asterisk.refusals({ hash, ...nothing, pushed })
    if (refusals.length > 0) throw new Error(refusals.join('; '))
  })
}

async function commandAgain(
  estate: Estate,
  { lines, place }: { readonly lines: number; readonly place: Place },
  took: number[],
  end: AbortSignal,
): Promise<void> {
  do {
    const name = `Command ${took.length}`
    writeFileSync(
      estate.siteFile,
      siteOf(estate.address, lines, { index: PUSHED_LINE, name }),
    )
    took.push(await timed(() => command(estate, place)))
  } while (!end.aborted)
}

async function command(estate: Estate, { project }: Place): Promise<void> {
  const program = join(project, 'dist/cli/main.js')
  const argv = ['apply', estate.siteFile, '--dir', estate.dir, '--yes']
  const child = spawn(process.execPath, [program, ...argv], { stdio: 'ignore' })
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error(`apply of line ${numberOf(PUSHED_LINE)}: exit ${code}`)
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}

function logIn({ address, job }: Estate): Promise<Ami> {
  const { amiPassword: password } = job.deployment
  const end = { host: address, port: 5038, username: 'linekeeper-apply', password }
  return until('AMI lets us in', () => connectAmi({ ...end, reconnect: false }))
}
