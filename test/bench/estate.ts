import { type ChildProcess, spawn } from 'node:child_process'
import {
  chmodSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { applyOffline, type Job } from '../../src/config/apply-site.js'
import { openDeployment } from '../../src/config/deployment-folder.js'
import { readSite } from '../../src/config/load.js'
import {
  type AsteriskProcess,
  startAsterisk,
  stop,
  waitBooted,
} from '../../src/instance/asterisk-process.js'
import { prepareInstance } from '../../src/instance/folders.js'
import { locateAsterisk } from '../../src/instance/package.js'
import { rx } from '../../src/instance/remote-console.js'
import { chooseUser } from '../../src/instance/user.js'
import type { Site } from '../../src/model/site.js'
import { endProgram } from '../rig/phone-tree.js'
import { claimNetwork, type TestNetwork } from '../rig/ports.js'
import { until } from '../rig/until.js'
import { siteOf } from './site-of.js'

const BOOT_SECONDS = 120
/** Its port; a neighbour of the system's address answers there. */
const AGI_PORT = 4573

/** The project whose built program is measured, and where the bench itself was compiled. */
export interface Place {
  readonly project: string
  readonly compiled: string
  /** Folder for V8's CPU profiles of each controller's threads (docs/measuring.md). */
  readonly profiles?: string
}

/**
 * One private Asterisk on the generated configuration of a site, and the controller as a
 * process of its own.
 */
export class Estate {
  readonly network: TestNetwork
  readonly asterisk: AsteriskProcess
  readonly job: Pick<Job, 'deployment' | 'reader'>
  /** How long Asterisk took until all was loaded. */
  readonly startedMs: number
  readonly #agi: ChildProcess
  readonly #place: Place
  readonly #onExit: () => void
  #controller: ChildProcess | undefined

  private constructor(
    network: TestNetwork,
    job: Pick<Job, 'deployment' | 'reader'>,
    started: { readonly asterisk: AsteriskProcess; readonly ms: number },
    place: Place,
  ) {
    this.network = network
    this.job = job
    this.asterisk = started.asterisk
    this.startedMs = started.ms
    this.#place = place
    // A bench that dies, of a bug or of a Ctrl-C, leaves nothing running.
    this.#onExit = () => {
      for (const pid of Object.values(this.pids)) killNow(pid)
      rmSync(job.deployment.dir, { recursive: true, force: true })
    }
    process.once('exit', this.#onExit)
    this.#agi = spawn(process.execPath, [
      join(place.compiled, 'test/bench/agi-server.js'),
      network.peer(75),
      String(AGI_PORT),
    ])
  }

  /**
   * `asShipped`: nothing is changed, and whoever wants to be called registers first.
   * Otherwise for all variants alike: calls need no password, and the phones of all lines
   * are at one fixed address and are not asked whether they live.
   */
  static async start(lines: number, place: Place, asShipped = false): Promise<Estate> {
    const network = await claimNetwork()
    const dir = mkdtempSync(join(tmpdir(), 'lk-bench-'))
    chmodSync(dir, 0o755)
    const found = await locateAsterisk({})
    const user = chooseUser()
    prepareInstance(dir, found, user)
    const reader = user && { gid: user.gid }
    const known = { modulesDir: found.modulesDir, ...(reader && { reader }) }
    const deployment = openDeployment(dir, known)
    const text = siteOf(network.system, lines)
    writeFileSync(join(dir, 'site.yaml'), text, { mode: 0o600 })
    await applyOffline(readSiteText(text), text, deployment, reader)
    addVariants(dir, network, place.project)
    if (!asShipped) withoutPasswords(dir, network)

    const began = performance.now()
    const configFile = join(dir, 'etc/current/asterisk.conf')
    const instance = { package: found, configFile, runDir: join(dir, 'run'), user }
    const asterisk = await startAsterisk(instance)
    await waitBooted(asterisk, BOOT_SECONDS)
    const started = { asterisk, ms: performance.now() - began }
    return new Estate(network, { deployment, ...(reader && { reader }) }, started, place)
  }

  /** Returns when it decides calls, and whether it had to be started. */
  async startController(): Promise<boolean> {
    if (this.#controller) return false
    const argv = ['run', this.siteFile, '--dir', this.dir, '--log-level', 'warn']
    const { project, profiles } = this.#place
    const program = join(project, 'dist/cli/main.js')
    const profiled = profiles ? ['--cpu-prof', '--cpu-prof-dir', profiles] : []
    const controller = spawn(process.execPath, [...profiled, program, ...argv], {
      stdio: ['ignore', 'pipe', openSync(join(this.dir, 'controller.log'), 'a')],
    })
    this.#controller = controller
    let said = ''
    controller.stdout?.on('data', (bytes: Buffer) => {
      said += bytes.toString()
    })
    await until('the controller is ready', () => said.includes('ready'), {
      limitSeconds: 60,
      saw: () => readFileSync(join(this.dir, 'controller.log'), 'utf8').slice(-2000),
    })
    return true
  }

  async stopController(): Promise<void> {
    if (this.#controller) await endProgram(this.#controller)
    this.#controller = undefined
  }

  get siteFile(): string {
    return join(this.dir, 'site.yaml')
  }

  get dir(): string {
    return this.job.deployment.dir
  }

  get address(): string {
    return this.network.system
  }

  get pids(): { asterisk: number; controller: number; agi: number } {
    const controller = this.#controller?.pid ?? 0
    return { asterisk: this.asterisk.pid, controller, agi: this.#agi.pid ?? 0 }
  }

  console(command: string): Promise<string> {
    return rx(this.asterisk.instance, command)
  }

  async get(path: string): Promise<string> {
    const token = readFileSync(join(this.dir, 'api-token'), 'utf8').trim()
    const response = await fetch(`http://${this.address}:8080${path}`, {
      headers: { authorization: `Bearer ${token}` },
    })
    if (!response.ok) throw new ApiError(`GET ${path}: ${response.status}`)
    return response.text()
  }

  /** What is left of calls; undefined while Asterisk or the controller cannot say. */
  async left(): Promise<Left | undefined> {
    const channels = /(\d+) active channel/.exec(
      await this.console('core show channels count'),
    )
    // A heading of one line, then one line per bridge.
    const bridges = (await this.console('bridge show all')).trim().split('\n').length - 1
    const lines = await this.get('/api/v1/lines').catch((error: unknown) => {
      if (error instanceof ApiError) return undefined
      throw error
    })
    if (!channels || lines === undefined) return undefined
    return { channels: Number(channels[1]), bridges, slots: slotsIn(JSON.parse(lines)) }
  }

  async close(): Promise<void> {
    process.off('exit', this.#onExit)
    await this.stopController()
    await endProgram(this.#agi)
    await stop(this.asterisk)
    await this.network.release()
    rmSync(this.dir, { recursive: true, force: true })
  }
}

/** Gone already is as good. */
function killNow(pid: number): void {
  if (pid === 0) return
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH'))
      throw error
  }
}

/** Channels and bridges of Asterisk, call slots of the controller. */
export interface Left {
  readonly channels: number
  readonly bridges: number
  readonly slots: number
}

class ApiError extends Error {
  override name = 'ApiError'
}

/** The site of a text that must be valid. */
export function readSiteText(text: string): Site {
  const read = readSite(text, 'site.yaml')
  if (read.kind === 'site') return read.site
  throw new Error(read.findings.map(({ message }) => message).join('; '))
}

/** Where the called phones listen. */
export function calledPhone(network: TestNetwork): { host: string; port: number } {
  return { host: network.peer(31), port: 5062 }
}

function withoutPasswords(dir: string, network: TestNetwork): void {
  const { host, port } = calledPhone(network)
  edit(dir, 'pjsip_lines.conf', (text) => text.replaceAll(/^auth = .*\n/gm, ''))
  edit(dir, 'pjsip_aors.conf', (text) =>
    text
      .replace('qualify_frequency = 60', 'qualify_frequency = 0')
      .replaceAll(/^\[(\d+)\]\(phone\)\n/gm, `$&contact = sip:$1@${host}:${port}\n`),
  )
}

/** In the operator's own files, which the generated ones include. */
function addVariants(dir: string, network: TestNetwork, project: string): void {
  const agi = `${network.peer(75)}:${AGI_PORT}`
  const dialplan = readFileSync(join(project, 'test/bench/variants.conf'), 'utf8')
  const files = {
    // The second needs the first.
    'modules_custom.conf': 'load = res_speech.so\nload = res_agi.so\n',
    'extensions_custom.conf': dialplan.replace('@AGI@', agi),
  }
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(dir, 'etc/custom', name), text, { mode: 0o644 })
  }
}

function edit(dir: string, name: string, change: (text: string) => string): void {
  const path = join(dir, 'etc/current', name)
  const before = readFileSync(path, 'utf8')
  const after = change(before)
  if (before === after) throw new Error(`${name}: nothing to change for the bench`)
  writeFileSync(path, after)
}

function slotsIn(lines: unknown): number {
  if (!Array.isArray(lines)) throw new Error('GET /lines: not a list')
  return lines
    .map((line: { calls: { inUse: number } }) => line.calls.inUse)
    .reduce((sum, inUse) => sum + inUse, 0)
}
