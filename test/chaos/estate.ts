import { type ChildProcess, spawn } from 'node:child_process'
import { openSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { carrierAddress, passwordOf } from '../rig/site-text.js'
import { type System, startSystem } from '../rig/system.js'
import { until } from '../rig/until.js'
import type { Random } from '../simulation/random.js'
import { FaultProxy } from './fault-proxy.js'
import { type Evidence, judge, type Verdict } from './judge.js'
import { type Noted, Traffic } from './traffic.js'

const program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))

export interface Load {
  readonly rate: number
  /** At most: faults may stop it before (`Traffic.stop`). */
  readonly seconds: number
  /** How long a call talks. */
  readonly talkMs: number
}

/** A site of many lines, whose phones are one SIPp, and a carrier that calls them. */
export class Estate {
  readonly system: System
  readonly limits: ReadonlyMap<string, number>
  #random: Random
  /** When the experiment began: what the phones noted before is another's. */
  #begunAt = 0
  #phones: Traffic | undefined
  #ari: FaultProxy | undefined
  #ami: FaultProxy | undefined
  #controller: ChildProcess | undefined
  #port = 5061
  readonly #calls: Traffic[] = []

  constructor(system: System, limits: ReadonlyMap<string, number>, random: Random) {
    this.system = system
    this.limits = limits
    this.#random = random
  }

  /** Whether `putBetween` has taken `up` away. */
  get isBetween(): boolean {
    return this.#ari !== undefined
  }

  /** From here on it is another experiment: its own chance, and its own calls. */
  begin(random: Random): void {
    this.#random = random
    this.#begunAt = Date.now()
  }

  /** The path of the controller to Asterisk; only after `putBetween`. */
  get ari(): FaultProxy {
    if (!this.#ari) throw new Error('Estate: nothing is between them')
    return this.#ari
  }

  get ami(): FaultProxy {
    if (!this.#ami) throw new Error('Estate: nothing is between them')
    return this.#ami
  }

  /**
   * `up` goes, Asterisk stays; a controller of ours reaches it through proxies. Once more:
   * proxies that know nothing of the former ones.
   */
  async putBetween(): Promise<void> {
    const { system } = this
    if (this.isBetween) {
      await this.endController()
      await this.#ari?.close()
      await this.#ami?.close()
    } else {
      const pid = await system.controllerPid()
      await system.killUp()
      await until('its controller has ended', () => !isAlive(pid), { limitSeconds: 10 })
    }
    const host = system.network.system
    this.#ari = new FaultProxy({ host, port: 8088 }, this.#random)
    this.#ami = new FaultProxy({ host, port: 5038 }, this.#random)
    await this.#ari.listen(18088)
    await this.#ami.listen(15038)
    const text = readFileSync(system.siteFile, 'utf8')
      .replace(`ari: "${host}:8088"`, `ari: "${host}:18088"`)
      .replace(`ami: "${host}:5038"`, `ami: "${host}:15038"`)
    writeFileSync(join(system.dir, 'between.yaml'), text, { mode: 0o600 })
    await this.startController()
  }

  async startController(): Promise<void> {
    const { system } = this
    const log = openSync(join(system.dir, 'controller.log'), 'a')
    const site = join(system.dir, 'between.yaml')
    this.#controller = spawn(
      process.execPath,
      [program, 'run', site, '--dir', system.state],
      {
        stdio: ['ignore', 'ignore', log],
      },
    )
    await this.decides()
  }

  controllerLog(): string {
    return readFileSync(join(this.system.dir, 'controller.log'), 'utf8')
  }

  /** Waits until calls are decided again; returns how long that took. */
  async decides(limitSeconds = 30): Promise<number> {
    const begun = Date.now()
    const ready = async () => (await this.system.get('/readyz')).status === 200
    await until('calls are decided', ready, { limitSeconds })
    return Date.now() - begun
  }

  /** Where the one SIPp is that is all phones. */
  get phones(): string {
    return this.system.network.peer(50)
  }

  async register(): Promise<void> {
    const address = this.phones
    this.#phones = new Traffic({ scenario: 'lines', address, port: 5060, pauseMs: 150 })
    await this.registerAt(address, [...this.limits.keys()])
    await this.phonesKnown()
  }

  /** These lines are where something listens for their calls, on port 5060. */
  async registerAt(address: string, lines: readonly string[]): Promise<void> {
    const registering = new Traffic({
      ...{ scenario: 'registers', address, port: 5070, keys: { phone: '5060' } },
      ...{ remote: `${this.system.network.system}:5060`, rows: lines.map(signedIn) },
      ...{ calls: lines.length, rate: 200 },
    })
    const { failed } = await registering.finished(30 + lines.length / 50)
    await registering.close()
    if (failed > 0) throw new Error(`Estate: ${failed} lines did not register`)
  }

  async phonesKnown(limitSeconds = 30): Promise<void> {
    await until(
      'all phones are known',
      async () => {
        const lines = (await this.system.get('/api/v1/lines')).body as {
          registered: boolean
        }[]
        return lines.filter(({ registered }) => registered).length >= this.limits.size
      },
      { limitSeconds },
    )
  }

  /** Calls of the carrier to any line, not waited for. `remote`: through something. */
  call(load: Load, remote = `${this.system.network.system}:5060`): Traffic {
    this.#port += 1
    const calls = new Traffic({
      ...{ scenario: 'caller', address: carrierAddress(this.system.network), remote },
      ...{
        port: this.#port,
        rate: load.rate,
        calls: Math.round(load.rate * load.seconds),
      },
      ...{ pauseMs: load.talkMs, random: true },
      rows: [...this.limits.keys()].map((line) => line.slice(2)),
    })
    this.#calls.push(calls)
    return calls
  }

  /** Load, and faults meanwhile; both sides' notes are judged when all calls have ended. */
  async underLoad(
    load: Load,
    faults: (calls: Traffic) => Promise<void>,
    more: Partial<Evidence> | (() => Partial<Evidence>) = {},
  ): Promise<Verdict> {
    const calls = this.call(load)
    try {
      await faults(calls)
      const counted = await calls.finished(load.seconds + load.talkMs / 1000 + 60)
      return this.judge([calls], [counted], typeof more === 'function' ? more() : more)
    } finally {
      await calls.close()
    }
  }

  judge(
    calls: readonly Traffic[],
    counted: Evidence['counted'],
    more: Partial<Evidence> = {},
  ): Verdict {
    return judge({
      callers: calls.map((each) => each.noted()),
      counted,
      phones: more.phones ?? this.phonesNoted(),
      limits: this.limits,
      ...more,
    })
  }

  phonesNoted(): Noted[] {
    const noted = this.#phones?.noted() ?? []
    return noted.filter(({ atMs }) => atMs >= this.#begunAt)
  }

  /** Slots in use by the controller's own word, for comparison with Asterisk's channels. */
  async slotsInUse(): Promise<number> {
    const lines = (await this.system.get('/api/v1/lines')).body as {
      calls: { inUse: number }
    }[]
    return lines.reduce((total, { calls }) => total + calls.inUse, 0)
  }

  /** Channels and slots that are there although every call has ended long ago. */
  async left(): Promise<number> {
    await this.settled(10).catch(() => undefined)
    const channels = (await this.system.ari('channels')) as unknown[]
    return channels.length + (await this.slotsInUse())
  }

  /** Milliseconds until neither channel nor slot is left; more than the limit is a failure. */
  async settled(limitSeconds: number): Promise<number> {
    const begun = Date.now()
    await until(
      'nothing is left',
      async () => {
        const channels = (await this.system.ari('channels')) as unknown[]
        return channels.length === 0 && (await this.slotsInUse()) === 0
      },
      { limitSeconds },
    )
    return Date.now() - begun
  }

  async endController(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const child = this.#controller
    if (!child) return
    child.kill(signal)
    child.kill('SIGCONT')
    await until(
      'the controller has ended',
      () => child.exitCode !== null || child.signalCode !== null,
    )
  }

  async close(): Promise<void> {
    await this.endController()
    for (const calls of this.#calls) await calls.close()
    await this.#phones?.close()
    await this.#ari?.close()
    await this.#ami?.close()
    await this.system.close()
  }
}

const BOX = `voicemail: { pin: "824613" }
forwarding: { unconditional: { to: voicemail } }`

/** An estate of so many lines with limits of one to four, all of their phones there. */
export async function startEstate(lines: number, random: Random): Promise<Estate> {
  const limits = new Map<string, number>()
  for (let at = 0; at < lines; at++) {
    limits.set(`003397211${String(at).padStart(4, '0')}`, 1 + (at % 4))
  }
  const moreLines = Object.fromEntries(
    [...limits].map(([line, calls]) => [line, `calls: ${calls}`]),
  )
  const system = await startSystem({
    moreLines,
    // Alice is for who leaves a message, Carol for who needs help.
    lines: { alice: BOX, carol: 'outgoing: { international: true }' },
    rtp: '20000-27999',
  })
  const estate = new Estate(system, limits, random)
  try {
    await estate.register()
    return estate
  } catch (error) {
    await estate.close()
    throw error
  }
}

/** One row of a scenario: a line, and how it proves who it is. */
export function signedIn(line: string): string {
  return `${line};[authentication username=${line} password=${passwordOf(line)}]`
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
