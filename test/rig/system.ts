import { type ChildProcess, spawn } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { type Phone, startPhone } from './baresip.js'
import type { PhoneOptions } from './baresip-config.js'
import { claimNetwork, type TestNetwork } from './ports.js'
import { type Ended, program, runProgram } from './program.js'
import {
  carrierAddress,
  numbers,
  outsider,
  type Person,
  passwords,
  type SiteChanges,
  siteText,
} from './site-text.js'
import { until } from './until.js'

export { type Ended, runProgram }

export interface LineNow {
  readonly number: string
  readonly registered: boolean
  readonly calls: { readonly limit: number; readonly inUse: number }
}

/**
 * A whole telephone system as an operator runs it: `linekeeper up` on a site file, on
 * addresses of its own.
 *
 *     const system = await startSystem()
 *     const alice = await system.phone('alice', { toneHz: 440 })
 *     …
 *     await system.expectNothingLeft()
 *     await system.close()
 */
export async function startSystem(
  changes: SiteChanges = {},
  environment: Readonly<Record<string, string>> = {},
): Promise<System> {
  const network = await claimNetwork()
  const dir = mkdtempSync(join(tmpdir(), 'lk-system-'))
  // Asterisk is another user, and must pass through.
  chmodSync(dir, 0o755)
  const system = new System(network, dir)
  system.environment = environment
  system.writeSite(changes)
  try {
    await system.up()
  } catch (error) {
    await system.close()
    throw error
  }
  return system
}

export class System {
  readonly network: TestNetwork
  readonly dir: string
  /** What `up` has in its environment besides ours: `LINEKEEPER_CLOCK`. */
  environment: Readonly<Record<string, string>> = {}
  readonly #phones: Phone[] = []
  /** Controllers that will not end with their `up`. */
  readonly #frozen: number[] = []
  #up: ChildProcess | undefined

  constructor(network: TestNetwork, dir: string) {
    this.network = network
    this.dir = dir
    mkdirSync(this.state, { mode: 0o755 })
  }

  get siteFile(): string {
    return join(this.dir, 'site.yaml')
  }

  /** `--dir` of the system. */
  get state(): string {
    return join(this.dir, 'state')
  }

  writeSite(changes: SiteChanges): void {
    writeFileSync(this.siteFile, siteText(this.network, changes), { mode: 0o600 })
  }

  /** Starts `up` and waits for its `ready`. */
  async up(): Promise<void> {
    const out = openSync(join(this.dir, 'up.out'), 'w')
    const log = openSync(join(this.dir, 'up.log'), 'a')
    this.#up = spawn(
      process.execPath,
      [program, 'up', this.siteFile, '--dir', this.state, '--log-level', 'debug'],
      { stdio: ['ignore', out, log], env: { ...process.env, ...this.environment } },
    )
    const up = this.#up
    await until('up prints ready', () => up.exitCode !== null || this.isReady(), {
      limitSeconds: 20,
      saw: () => this.log().slice(-3000),
    })
    if (!this.isReady()) throw new Error(`up ended with ${up.exitCode}: ${this.log()}`)
  }

  /** Whether `up` has printed its word on stdout. */
  isReady(): boolean {
    return readFileSync(join(this.dir, 'up.out'), 'utf8').split('\n').includes('ready')
  }

  log(): string {
    return readFileSync(join(this.dir, 'up.log'), 'utf8')
  }

  /** Registers a phone for one of the lines. */
  async phone(person: Person, options: Partial<PhoneOptions> = {}): Promise<Phone> {
    const phone = await startPhone({
      number: numbers[person],
      password: passwords[person],
      server: `${this.network.system}:5060`,
      address: this.network.peer(Object.keys(numbers).indexOf(person)),
      ...options,
    })
    this.#phones.push(phone)
    await phone.registered()
    return phone
  }

  /** The carrier's side of the trunk: a phone that registers nowhere. */
  async carrier(options: Partial<PhoneOptions> = {}): Promise<Phone> {
    const carrier = await startPhone({
      number: outsider,
      password: 'none-is-needed',
      server: `${this.network.system}:5060`,
      address: carrierAddress(this.network),
      registers: false,
      ...options,
    })
    this.#phones.push(carrier)
    return carrier
  }

  /** Runs a command of linekeeper on this deployment. */
  run(...argv: readonly string[]): Promise<Ended> {
    return runProgram(argv)
  }

  async get(path: string): Promise<{ status: number; body: unknown }> {
    const response = await fetch(`http://${this.network.system}:8080${path}`, {
      headers: { authorization: `Bearer ${this.token()}` },
    })
    return { status: response.status, body: await response.json() }
  }

  token(): string {
    return readFileSync(join(this.state, 'api-token'), 'utf8').trim()
  }

  line(person: Person): Promise<LineNow> {
    return this.lineNumbered(numbers[person])
  }

  async lineNumbered(number: string): Promise<LineNow> {
    const { body } = await this.get(`/api/v1/lines/${number}`)
    return body as LineNow
  }

  async controllerPid(): Promise<number> {
    const { body } = await this.get('/api/v1/status')
    return (body as { pid: number }).pid
  }

  asteriskPid(): number {
    return Number(readFileSync(join(this.state, 'run/asterisk.pid'), 'utf8'))
  }

  /** Kills the controller; `up` starts it again after a moment. */
  async killController(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const pid = await this.controllerPid()
    if (signal === 'SIGSTOP') this.#frozen.push(pid)
    process.kill(pid, signal)
  }

  /** No channel, no bridge and no call slot: what every test ends with. */
  async expectNothingLeft(): Promise<void> {
    await this.expectNoChannelLeft()
    await until(
      'no call slot is in use',
      async () => {
        const lines = (await this.get('/api/v1/lines')).body as LineNow[]
        expect(lines.filter(({ calls }) => calls.inUse > 0)).toEqual([])
        return true
      },
      { limitSeconds: 10 },
    )
  }

  /** The same while there is no controller to ask for its slots. */
  async expectNoChannelLeft(): Promise<void> {
    await until(
      'no channel and no bridge is left',
      async () => {
        expect(await this.ari('channels')).toEqual([])
        expect(await this.ari('bridges')).toEqual([])
        return true
      },
      { limitSeconds: 10 },
    )
  }

  /** Asterisk's own answer, beside the product. */
  async ari(path: string): Promise<unknown> {
    const { ariPassword } = JSON.parse(
      readFileSync(join(this.state, 'secrets.json'), 'utf8'),
    ) as { ariPassword: string }
    const basic = Buffer.from(`linekeeper:${ariPassword}`).toString('base64')
    const response = await fetch(`http://${this.network.system}:8088/ari/${path}`, {
      headers: { authorization: `Basic ${basic}` },
    })
    return response.json()
  }

  /** Hangs every phone up, so that a test finds silence. */
  async hangUpEverything(): Promise<void> {
    for (const phone of this.#phones) await phone.hangupAll()
  }

  /** Ends `up` as an operator does, and returns its exit code. */
  async down(): Promise<number> {
    const up = this.#up
    if (!up) return 0
    up.kill('SIGTERM')
    await until('up has ended', () => up.exitCode !== null || up.signalCode !== null, {
      limitSeconds: 6,
    })
    return up.exitCode ?? 128
  }

  /** Kills `up` itself: Asterisk lives on. */
  async killUp(): Promise<void> {
    const up = this.#up
    if (!up) return
    up.kill('SIGKILL')
    await until('up is dead', () => up.signalCode !== null)
  }

  /** An `up` that was killed has left it running. */
  async #endAsterisk(): Promise<void> {
    if (!existsSync(join(this.state, 'run/asterisk.pid'))) return
    const pid = this.asteriskPid()
    const words = `/proc/${pid}/cmdline`
    const lives = (): boolean =>
      existsSync(words) && readFileSync(words, 'utf8').includes(this.state)
    if (lives()) process.kill(pid, 'SIGKILL')
    await until('Asterisk has ended', () => !lives())
  }

  async close(): Promise<void> {
    for (const phone of this.#phones) await phone.close()
    for (const pid of this.#frozen) endIfAlive(pid)
    await this.down()
    await this.#endAsterisk()
    await this.network.release()
    rmSync(this.dir, { recursive: true, force: true })
  }
}

/** A frozen process may have been ended, or woken and ended, by the test itself. */
function endIfAlive(pid: number): void {
  const words = `/proc/${pid}/cmdline`
  if (!existsSync(words)) return
  if (readFileSync(words, 'utf8').includes(program)) process.kill(pid, 'SIGKILL')
}
