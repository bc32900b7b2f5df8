import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { datagramsOf } from '../rig/pcap.js'
import { endProgram, hasEnded, startProgram } from '../rig/phone-tree.js'
import { until } from '../rig/until.js'
import { calledPhone, type Estate } from './estate.js'
import { type Spent, spentBetween, usage } from './machine.js'
import { type SipDelays, sipDelays } from './sip-delays.js'
import { numberOf, passwordOf } from './site-of.js'

const HOLD_MS = 500
/** TPACKET_V3 gives a block of packets out a second late. */
const CAPTURE_LAG_MS = 1_200

/** Calls at a fixed rate. */
export interface Load {
  readonly callsPerSecond: number
  readonly seconds: number
  /** Who calls whom, in turn: the numbers as they stand in the INVITE. */
  readonly pairs: readonly (readonly [caller: string, called: string])[]
  /** Where the calls come from. */
  readonly from: { readonly host: string; readonly port: number }
}

/** Calls from the first half of so many lines to the second, a letter before each number. */
export function betweenLines(
  { network }: Estate,
  pairs: number,
  letter: string,
): Pick<Load, 'pairs' | 'from'> {
  return {
    pairs: Array.from({ length: pairs }, (_, pair) => {
      return [numberOf(pair), `${letter}${numberOf(pairs + pair)}`]
    }),
    from: { host: network.peer(21), port: 5061 },
  }
}

/** Calls from the carrier to the first lines: it needs no password, and they are asked for. */
export function fromCarrier(
  { network }: Estate,
  lines: number,
): Pick<Load, 'pairs' | 'from'> {
  return {
    pairs: Array.from({ length: lines }, (_, line) => {
      return ['+33612345678', `+${numberOf(line).slice(2)}`]
    }),
    from: { host: network.peer(80), port: 5060 },
  }
}

/** What one run of calls has cost and how long they took. */
export interface Run {
  readonly delays: SipDelays
  readonly spent: Spent
  readonly offered: number
}

/** The called side, which serves all runs on one estate. */
export function startCalled({ network }: Estate, project: string) {
  const dir = mkdtempSync(join(tmpdir(), 'lk-bench-'))
  const { host, port } = calledPhone(network)
  const scenario = join(project, 'test/asterisk/rig/called.xml')
  const argv = ['-sf', scenario, '-i', host, '-mi', host, '-p', String(port)]
  const child = startProgram('sipp', [...argv, '-aa', '-nostdin', '-timer_resol', '1'], {
    cwd: dir,
    log: 'called.log',
  })
  return {
    pid: child.pid ?? 0,
    close: async () => {
      await endProgram(child, 'SIGKILL')
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

/** Runs calls at a fixed rate and listens to them on the wire. */
export async function drive(
  estate: Estate,
  load: Load,
  at: { readonly project: string; readonly calledPid: number },
): Promise<Run> {
  const dir = mkdtempSync(join(tmpdir(), 'lk-bench-'))
  try {
    return await driveIn(dir, estate, load, at)
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

async function driveIn(
  dir: string,
  estate: Estate,
  { callsPerSecond, seconds, pairs, from }: Load,
  { project, calledPid }: { readonly project: string; readonly calledPid: number },
): Promise<Run> {
  const offered = callsPerSecond * seconds
  const who = pairs.map((pair) => pair.join(';'))
  writeFileSync(join(dir, 'lines.csv'), `SEQUENTIAL\n${who.join('\n')}\n`)
  const capture = await listen(dir, from)
  const { asterisk, controller, agi } = estate.pids
  const sipp = startProgram(
    'sipp',
    [
      ...['-sf', join(project, 'test/bench/caller.xml'), '-inf', join(dir, 'lines.csv')],
      ...[
        '-i',
        from.host,
        '-mi',
        from.host,
        '-p',
        String(from.port),
        '-d',
        String(HOLD_MS),
      ],
      ...['-r', String(callsPerSecond), '-m', String(offered), '-l', '20000'],
      ...['-nostdin', '-timer_resol', '1', `${estate.address}:5060`],
    ],
    { cwd: dir, log: 'caller.log' },
  )
  const ours = [asterisk, controller, agi, calledPid, process.pid]
  const pids = [...ours, sipp.pid ?? 0, capture.pid ?? 0]
  const before = usage(pids)
  await pause(seconds * 1000)
  // The programs still live, so that what they used can be read.
  const spent = spentBetween(before, usage(pids))
  const limit = Date.now() + HOLD_MS + 15_000
  // Calls that are stuck never end by themselves.
  while (!hasEnded(sipp) && Date.now() < limit) await pause(50)
  await endProgram(sipp, 'SIGKILL')
  await pause(CAPTURE_LAG_MS)
  await endProgram(capture)
  const delays = sipDelays(datagramsOf(readFileSync(join(dir, 'calls.pcap'))))
  return { delays, spent, offered }
}

async function listen(dir: string, { host, port }: Load['from']) {
  const capture = startProgram(
    'tcpdump',
    [
      ...['-i', 'lo', '-n', '-s', '700', '-B', '32768', '-Z', 'root'],
      ...['-w', join(dir, 'calls.pcap'), `udp port ${port} and host ${host}`],
    ],
    { cwd: dir, log: 'tcpdump.log' },
  )
  await until('tcpdump listens', () => {
    return readFileSync(join(dir, 'tcpdump.log'), 'utf8').includes('listening on')
  })
  return capture
}

/** Registers the first lines with their passwords, for the phone that serves all of them. */
export async function registerLines(
  estate: Estate,
  lines: number,
  project: string,
): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'lk-bench-'))
  const who = Array.from({ length: lines }, (_, line) => {
    return `${numberOf(line)};${passwordOf(line)}`
  })
  writeFileSync(join(dir, 'lines.csv'), `SEQUENTIAL\n${who.join('\n')}\n`)
  const { host, port } = calledPhone(estate.network)
  const own = estate.network.peer(22)
  const sipp = startProgram(
    'sipp',
    [
      ...[
        '-sf',
        join(project, 'test/bench/register.xml'),
        '-inf',
        join(dir, 'lines.csv'),
      ],
      ...['-i', own, '-p', '5061', '-key', 'phone', `${host}:${port}`, '-nostdin'],
      ...['-r', '100', '-m', String(lines), `${estate.address}:5060`],
    ],
    { cwd: dir, log: 'register.log' },
  )
  try {
    await until('all lines are registered', () => sipp.exitCode === 0, {
      limitSeconds: lines / 100 + 10,
      saw: () => readFileSync(join(dir, 'register.log'), 'utf8').slice(-600),
    })
  } finally {
    await endProgram(sipp, 'SIGKILL')
    rmSync(dir, { recursive: true, force: true })
  }
}
