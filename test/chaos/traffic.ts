import type { ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { endProgram, hasEnded, startProgram } from '../rig/phone-tree.js'
import { until } from '../rig/until.js'

export interface TrafficOptions {
  readonly scenario:
    | 'caller'
    | 'lines'
    | 'registers'
    | 'scanner'
    | 'glare-caller'
    | 'glare-called'
    | 'glare-target'
  readonly address: string
  readonly port: number
  readonly remote?: string
  readonly calls?: number
  readonly rate?: number
  /** How long a call talks, or a phone rings. */
  readonly pauseMs?: number
  /** Each NOTIFY of a transfer is answered, whatever the scenario waits for. */
  readonly answersNotify?: boolean
  readonly keys?: Readonly<Record<string, string>>
  /** `[field0]`, `[field1]` … one row per call; `random`: any row for each call. */
  readonly rows?: readonly string[]
  readonly random?: boolean
}

/** One message as SIPp noted it: what and when, not its headers. */
export interface Noted {
  readonly atMs: number
  readonly sent: boolean
  readonly call: string
  /** `INVITE sip:…` or `SIP/2.0 486 Busy Here`. */
  readonly line: string
  /** The method of its CSeq. */
  readonly method: string
}

/** What SIPp itself counted at its end (accounting law, R04). */
export interface Counted {
  readonly created: number
  readonly successful: number
  readonly failed: number
  /** At this moment. */
  readonly current: number
}

/** One SIPp with a scenario of this folder, light enough for thousands of calls. */
export class Traffic {
  readonly #dir = mkdtempSync(join(tmpdir(), 'lk-chaos-'))
  readonly #child: ChildProcess

  constructor(options: TrafficOptions) {
    this.#child = startProgram('sipp', argvOf(options, this.#dir), {
      cwd: this.#dir,
      log: 'sipp.log',
    })
  }

  get ended(): boolean {
    return hasEnded(this.#child)
  }

  /** No further call begins; those that are up end as they would. */
  stop(): void {
    if (!this.ended) this.#child.kill('SIGUSR1')
  }

  /** Waits until it has made all its calls. */
  async finished(limitSeconds: number): Promise<Counted> {
    await until('SIPp has made its calls', () => this.ended, {
      limitSeconds,
      saw: () => this.printed().slice(-1500),
    })
    return this.counted()
  }

  counted(): Counted {
    const rows = this.#read('statistics.csv').trim().split('\n')
    const names = (rows[0] ?? '').split(';')
    const values = (rows.at(-1) ?? '').split(';')
    const count = (name: string): number => Number(values[names.indexOf(name)] ?? 0)
    return {
      created: count('TotalCallCreated'),
      successful: count('SuccessfulCall(C)'),
      failed: count('FailedCall(C)'),
      current: count('CurrentCall'),
    }
  }

  noted(): Noted[] {
    return this.#read('short.csv')
      .split('\n')
      .flatMap((row) => notedIn(row) ?? [])
  }

  printed(): string {
    return `${this.#read('sipp.log')}\n${this.#read('errors.log')}`
  }

  async close(): Promise<void> {
    await endProgram(this.#child, 'SIGKILL')
    rmSync(this.#dir, { recursive: true, force: true })
  }

  #read(name: string): string {
    const path = join(this.#dir, name)
    return existsSync(path) ? readFileSync(path, 'utf8') : ''
  }
}

function argvOf(options: TrafficOptions, dir: string): string[] {
  const {
    scenario,
    address,
    port,
    remote,
    calls,
    rate = 10,
    keys = {},
    rows,
    pauseMs,
  } = options
  const inf = join(dir, 'rows.csv')
  if (rows) {
    const order = options.random ? 'RANDOM' : 'SEQUENTIAL'
    writeFileSync(inf, `${order}\n${rows.join('\n')}\n`)
  }
  return [
    ...['-sf', join(import.meta.dirname, 'scenarios', `${scenario}.xml`)],
    ...['-i', address, '-mi', address, '-p', String(port), '-t', 'u1', '-nostdin'],
    ...(calls === undefined
      ? []
      : ['-m', String(calls), '-r', String(rate), '-l', '2000']),
    // An answer that does not come is a call that failed; phones wait as long as it takes.
    ...(calls === undefined ? [] : ['-recv_timeout', '15000']),
    ...['-trace_shortmsg', '-shortmessage_file', join(dir, 'short.csv')],
    ...['-trace_err', '-error_file', join(dir, 'errors.log')],
    ...['-trace_stat', '-stf', join(dir, 'statistics.csv'), '-fd', '1'],
    ...(options.answersNotify ? ['-aa'] : []),
    ...(pauseMs === undefined ? [] : ['-d', String(pauseMs)]),
    ...Object.entries(keys).flatMap(([name, value]) => ['-key', name, value]),
    ...(rows ? ['-inf', inf] : []),
    ...(remote === undefined ? [] : [remote]),
  ]
}

/** Date, time and seconds since 1970 first; then R or S, the call, the CSeq, the first line. */
function notedIn(row: string): Noted | undefined {
  const [, , seconds, direction, call, cseq, ...line] = row.split('\t')
  if (!seconds || !call || !direction) return undefined
  return {
    atMs: Math.round(Number(seconds) * 1000),
    sent: direction === 'S',
    call,
    line: line.join(' ').trim(),
    method: /[A-Z]+/.exec((cseq ?? '').replace('CSeq', ''))?.[0] ?? '',
  }
}
