import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { z } from 'zod'
import { Secret } from '../model/secret.js'
import {
  type AsteriskProcess,
  adopt,
  isAlive,
  startAsterisk,
  stop,
  waitBooted,
} from './asterisk-process.js'
import type { AsteriskInstance } from './instance.js'
import { LogKeeper } from './log-keeper.js'
import { rx } from './remote-console.js'

export interface SupervisorOptions {
  readonly instance: AsteriskInstance
  /** The controller's own command line, without Node's. */
  readonly controller: readonly string[]
  /** What its environment has besides ours, asked at each of its starts. */
  readonly environment?: () => Readonly<Record<string, string>>
  readonly log: Logger
  /** The controller decides calls; called again after each of its restarts. */
  readonly onReady: () => void
  /** The controller's loop has gone round: called each second. */
  readonly onBeat?: () => void
  /** The controller made the first user of the portal; nobody is told a second time. */
  readonly onFirstPassword: (password: Secret) => void
}

const FirstPassword = z.object({ firstPassword: z.string() })

/** Asterisk is looked at this often; it is no child of ours after an adoption. */
const LOOK_EVERY_MS = 250
const FIRST_RESTART_MS = 100
const LAST_RESTART_MS = 1_500
/** A controller that lived this long did not die of its start. */
const HEALTHY_MS = 10_000
/** A controller whose loop stood still for so long does not come back (F03). */
const FROZEN_AFTER_MS = 10_000
/** A store of a million rows is read through at the start. */
const STARTS_WITHIN_MS = 60_000
/** The controller closes its sockets in milliseconds; Asterisk may need the rest of 5 s. */
const CONTROLLER_STOPS_WITHIN_MS = 700

/**
 * Keeps one Asterisk and one controller alive, each a process of its own. The
 * controller ends with us; Asterisk and its calls live on if we are killed, and
 * the next supervisor of the same folder adopts them.
 */
export class Supervisor {
  readonly #options: SupervisorOptions
  readonly #logs: LogKeeper
  #asterisk: AsteriskProcess | undefined
  #controller: ChildProcess | undefined
  #beatAt = 0
  #watching: NodeJS.Timeout | undefined
  #restart: NodeJS.Timeout | undefined
  #restartMs = FIRST_RESTART_MS
  #booting = false
  #stopping = false

  constructor(options: SupervisorOptions) {
    this.#options = options
    const { instance, log } = options
    this.#logs = new LogKeeper({
      folder: join(instance.runDir, '../log'),
      reopen: () => rx(instance, 'logger reload'),
      isUp: () => this.#asterisk !== undefined && !this.#booting,
      log,
    })
  }

  /** Resolves when Asterisk is booted and the controller is started. */
  async start(): Promise<void> {
    const { instance, log } = this.#options
    const adopted = adopt(instance)
    if (adopted) {
      this.#asterisk = adopted
      log.info({ pid: adopted.pid }, 'adopted the running Asterisk and its calls')
    }
    await this.#bootAsterisk()
    this.#startController()
    this.#watching = setInterval(() => this.#look(), LOOK_EVERY_MS)
    this.#logs.start()
  }

  /** Ends both; calls in progress are ended. */
  async stop(): Promise<void> {
    this.#stopping = true
    clearInterval(this.#watching)
    this.#logs.stop()
    clearTimeout(this.#restart)
    await this.#stopController()
    if (this.#asterisk) await stop(this.#asterisk)
  }

  async #bootAsterisk(): Promise<void> {
    const { instance } = this.#options
    this.#booting = true
    try {
      this.#asterisk ??= await startAsterisk(instance)
      await waitBooted(this.#asterisk)
    } finally {
      this.#booting = false
    }
  }

  /** Asterisk died: its calls are lost, the next ones need not be. */
  #look(): void {
    const { log } = this.#options
    if (this.#stopping) return
    this.#endFrozen()
    if (this.#booting || !this.#asterisk) return
    if (isAlive(this.#asterisk)) return
    log.error({ pid: this.#asterisk.pid }, 'Asterisk ended by itself: starting it again')
    this.#asterisk = undefined
    this.#bootAgain()
  }

  /** The phones are served meanwhile, but nobody decides for them. */
  #endFrozen(): void {
    const child = this.#controller
    if (!child?.pid || child.exitCode !== null || child.signalCode !== null) return
    const stillMs = performance.now() - this.#beatAt
    if (stillMs < FROZEN_AFTER_MS) return
    this.#options.log.error(
      { pid: child.pid, stillMs },
      'the controller stands still: ended',
    )
    this.#beatAt = performance.now()
    child.kill('SIGKILL')
  }

  #bootAgain(): void {
    if (this.#stopping) return
    this.#bootAsterisk().catch((error: unknown) => {
      this.#options.log.error({ err: error }, 'Asterisk does not start')
      this.#asterisk = undefined
      this.#restart = setTimeout(() => this.#bootAgain(), LAST_RESTART_MS)
    })
  }

  #startController(): void {
    const { controller, log, onBeat, onReady, onFirstPassword, environment } =
      this.#options
    const startedAt = performance.now()
    const child = spawn(process.execPath, [...controller], {
      // Its results are ours to print; its log is one with ours.
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      env: { ...process.env, ...environment?.() },
    })
    this.#controller = child
    // Its first beat comes when it has loaded and opened what it needs.
    this.#beatAt = startedAt + STARTS_WITHIN_MS
    child.on('message', (message) => {
      if (message === 'beat') {
        this.#beatAt = performance.now()
        onBeat?.()
        return
      }
      if (message === 'ready') onReady()
      const { success, data } = FirstPassword.safeParse(message)
      if (success) onFirstPassword(new Secret(data.firstPassword))
    })
    child.on('error', (error) =>
      log.error({ err: error }, 'the controller cannot be run'),
    )
    child.on('exit', (code, signal) => {
      if (this.#stopping) return
      if (performance.now() - startedAt > HEALTHY_MS) this.#restartMs = FIRST_RESTART_MS
      log.error(
        { code, signal, restartMs: this.#restartMs },
        'the controller ended: starting it again; the degraded path serves the phones',
      )
      this.#restart = setTimeout(() => this.#startController(), this.#restartMs)
      this.#restartMs = Math.min(this.#restartMs * 2, LAST_RESTART_MS)
    })
  }

  async #stopController(): Promise<void> {
    const child = this.#controller
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    const tooLong = setTimeout(() => child.kill('SIGKILL'), CONTROLLER_STOPS_WITHIN_MS)
    await ended
    clearTimeout(tooLong)
  }
}
