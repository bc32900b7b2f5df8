import { spawn } from 'node:child_process'

/** A program that does not end would hold up what comes after it. */
const TELL_WITHIN_MS = 5_000

/**
 * Tells the service manager (systemd) how we are, where there is one. Node opens no socket
 * of its kind, so `systemd-notify` says it (sd_notify(3)); the unit has NotifyAccess=all.
 */
export class ServiceManager {
  readonly #socket: string
  /** Twice as often as it wants to hear of us; never when it does not. */
  readonly #everyMs: number
  #toldAt = 0
  /** One program at a time: what is said later must not arrive before. */
  #telling: Promise<void> = Promise.resolve()

  /**
   * Takes the variables out of the environment: an Asterisk that inherits them would say
   * that we are ready, or stopping, when it is.
   */
  constructor(environment: NodeJS.ProcessEnv) {
    const { NOTIFY_SOCKET: socket, WATCHDOG_USEC: within } = environment
    this.#socket = socket ?? ''
    this.#everyMs = within ? Number(within) / 2_000 : Infinity
    for (const name of ['NOTIFY_SOCKET', 'WATCHDOG_USEC', 'WATCHDOG_PID']) {
      delete environment[name]
    }
  }

  ready(): void {
    this.#tell('READY=1', 'STATUS=calls are decided')
  }

  /** We run, and the dialplan serves the phones until Asterisk can be reached. */
  readyWithoutAsterisk(): void {
    this.#tell('READY=1', 'STATUS=waiting for Asterisk')
  }

  /** Until `ready` is said again. The time is needed by units of `Type=notify-reload`. */
  reloading(): void {
    const microseconds = process.hrtime.bigint() / 1_000n
    this.#tell('RELOADING=1', `MONOTONIC_USEC=${microseconds}`)
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
    const socket = this.#socket
    if (socket === '') return
    this.#telling = this.#telling.then(() => tell(socket, states))
  }
}

function tell(socket: string, states: readonly string[]): Promise<void> {
  return new Promise((resolve) => {
    const child = spawn('systemd-notify', states, {
      stdio: 'ignore',
      timeout: TELL_WITHIN_MS,
      env: { ...process.env, NOTIFY_SOCKET: socket },
    })
    child.on('exit', () => resolve())
    // Without the program, the manager hears nothing and says so itself.
    child.on('error', () => resolve())
  })
}
