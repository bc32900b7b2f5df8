import type { ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { endProgram, hasEnded, startProgram } from './phone-tree.js'
import { until } from './until.js'

export type SippOptions = {
  /** The path of the scenario, an XML file. */
  scenario: string
  /** A second scenario, for messages of other calls than its own: a phone that registers. */
  outOfCall?: string
  /** Its own address, and port (5060 unless said). */
  address: string
  port?: number
  /** Where it calls; left out by a scenario that is called. */
  remote?: string
  transport?: 'udp' | 'tcp'
  /** `[service]` in the scenario: the number called. */
  service?: string
  /** For `[authentication]`. */
  user?: string
  password?: string
  /** Answers each NOTIFY (and OPTIONS, INFO) by itself, whenever it comes. */
  answersNotify?: boolean
  /** `[name]` in the scenario. */
  keys?: Record<string, string>
  /** A file of injected values, `[field0]` … */
  inf?: string
  /** How many calls in all, 1 unless said, and how many begin each second. */
  calls?: number
  rate?: number
  limitSeconds?: number
}

export type SippResult = {
  /** 0: every call went as the scenario says; 1: one did not; 253: wrong sound. */
  exitCode: number
  successful: number
  failed: number
  /** Every SIP message, and what SIPp complained of. */
  messages: string
  errors: string
}

const files = { log: 'sipp.log', messages: 'messages.log', errors: 'errors.log' }
const statistics = 'statistics.csv'

/** Runs a scenario to its end. A caller: `expect(await runSipp(…)).toMatchObject({ exitCode: 0 })`. */
export async function runSipp(options: SippOptions): Promise<SippResult> {
  const sipp = await startSipp(options)
  return sipp.result()
}

/** Starts a scenario and returns once it listens: for one that is to be called. */
export async function startSipp(options: SippOptions): Promise<Sipp> {
  const dir = mkdtempSync(join(tmpdir(), 'lk-sipp-'))
  const child = startProgram('sipp', argvOf(options, dir), { cwd: dir, log: files.log })
  const sipp = new Sipp(options, dir, child)
  await until('SIPp listens', () => hasEnded(child) || listens(options), {
    saw: () => sipp.printed(),
  })
  return sipp
}

export class Sipp {
  private readonly options: SippOptions
  private readonly dir: string
  private readonly child: ChildProcess

  constructor(options: SippOptions, dir: string, child: ChildProcess) {
    this.options = options
    this.dir = dir
    this.child = child
  }

  /** Waits for its end, and removes what it wrote. */
  async result(): Promise<SippResult> {
    const limitSeconds = (this.options.limitSeconds ?? 30) + 5
    try {
      await until('SIPp ends', () => hasEnded(this.child), {
        limitSeconds,
        saw: () => this.messages().slice(-3000),
      })
      const counts = readCounts(this.read(statistics))
      const exitCode = this.child.exitCode ?? 128
      const errors = this.read(files.errors) || (exitCode === 0 ? '' : this.printed())
      return { exitCode, ...counts, messages: this.messages(), errors }
    } finally {
      await this.close()
    }
  }

  /** The SIP messages so far. */
  messages(): string {
    return this.read(files.messages)
  }

  printed(): string {
    return this.read(files.log)
  }

  /** Ends it at once, whatever it is doing. */
  async close(): Promise<void> {
    await endProgram(this.child, 'SIGKILL')
    rmSync(this.dir, { recursive: true, force: true })
  }

  private read(name: string): string {
    const path = join(this.dir, name)
    return existsSync(path) ? readFileSync(path, 'utf8') : ''
  }
}

function argvOf(options: SippOptions, dir: string): string[] {
  const { address, port = 5060, calls = 1, rate = 10, limitSeconds = 30 } = options
  const keys = Object.entries(options.keys ?? {})
  return [
    ...['-sf', resolve(options.scenario)],
    ...(options.outOfCall ? ['-oocsf', resolve(options.outOfCall)] : []),
    ...['-i', address, '-mi', address, '-p', String(port)],
    ...['-t', options.transport === 'tcp' ? 't1' : 'u1'],
    ...['-m', String(calls), '-r', String(rate)],
    ...['-timeout', `${limitSeconds}s`, '-timeout_error', '-nostdin'],
    ...['-trace_msg', '-message_file', join(dir, files.messages)],
    ...['-trace_err', '-error_file', join(dir, files.errors)],
    ...['-trace_stat', '-stf', join(dir, statistics)],
    ...(options.answersNotify ? ['-aa'] : []),
    ...(options.service ? ['-s', options.service] : []),
    ...(options.user ? ['-au', options.user] : []),
    ...(options.password ? ['-ap', options.password] : []),
    ...(options.inf ? ['-inf', resolve(options.inf)] : []),
    ...keys.flatMap(([name, value]) => ['-key', name, value]),
    ...(options.remote ? [options.remote] : []),
  ]
}

/** The kernel's table of sockets: addresses there are hexadecimal, bytes reversed. */
function listens({ address, port = 5060, transport = 'udp' }: SippOptions): boolean {
  const bytes = address.split('.').map((part) => hex(Number(part), 2))
  const socket = `${bytes.reverse().join('')}:${hex(port, 4)}`
  return readFileSync(`/proc/net/${transport}`, 'utf8').includes(` ${socket} `)
}

function hex(value: number, digits: number): string {
  return value.toString(16).toUpperCase().padStart(digits, '0')
}

/** The last line of SIPp's statistics, a table with semicolons. */
function readCounts(csv: string): { successful: number; failed: number } {
  const lines = csv.trim().split('\n')
  const names = (lines[0] ?? '').split(';')
  const values = (lines.at(-1) ?? '').split(';')
  const count = (name: string): number => Number(values[names.indexOf(name)] ?? 0)
  return { successful: count('SuccessfulCall(C)'), failed: count('FailedCall(C)') }
}
