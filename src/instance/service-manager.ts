import { spawn } from 'node:child_process'

/**
 * Tells the service manager (systemd) how we are, where there is one. Node opens no socket
 * of its kind, so `systemd-notify` says it (sd_notify(3)); the unit has NotifyAccess=all.
 */
export class ServiceManager {
  readonly #listens: boolean
  /** Twice as often as it wants to hear of us; never when it does not. */
  readonly #everyMs: number
  #toldAt = 0

  constructor({ NOTIFY_SOCKET: socket, WATCHDOG_USEC: within }: NodeJS.ProcessEnv) {
    this.#listens = socket !== undefined && socket !== ''
    this.#everyMs = within === undefined ? Infinity : Number(within) / 2_000
  }

  ready(): void {
    this.#tell('READY=1', 'STATUS=calls are decided')
  }

  stopping(): void {
    this.#tell('STOPPING=1')
  }

  /** Called as often as you like, as long as calls are decided. */
  alive(): void {
    const now = performance.now()
    if (now - this.#toldAt < this.#everyMs) return
    this.#toldAt = now
    this.#tell('WATCHDOG=1')
  }

  #tell(...states: readonly string[]): void {
    if (!this.#listens) return
    const child = spawn('systemd-notify', states, { stdio: 'ignore' })
    // Without the program, the manager hears nothing and says so itself.
    child.on('error', () => undefined)
  }
}
