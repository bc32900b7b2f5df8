import pino from 'pino'
import { Loop } from '../../../src/ari/loop.js'
import type { AriEnd } from '../../../src/ari/read.js'
import { Session } from '../../../src/ari/session.js'
import { inUse } from '../../../src/call/slots.js'
import { initialState } from '../../../src/call/state.js'
import { directoryWith } from '../../unit/call/told.js'

/** The controller as far as ARI goes: its connection, its queue and the core. */
export class Controller {
  readonly #log: { readonly level: number; readonly msg: string }[] = []
  readonly loop: Loop
  readonly session: Session

  constructor(end: AriEnd) {
    const write = (line: string): void => {
      this.#log.push(JSON.parse(line))
    }
    const log = pino({ level: 'info' }, { write })
    this.loop = new Loop(initialState, directoryWith({ calls: 2 }), {
      log,
      setTransferGate: () => undefined,
      changeSettings: () => Promise.resolve('stored'),
      watcher: { stepped() {}, received() {}, requested() {} },
    })
    this.session = new Session(end, this.loop, log)
  }

  open(): void {
    this.session.open(() => undefined)
  }

  get state(): Session['standing']['state'] {
    return this.session.standing.state
  }

  inUse(line: string): number {
    return inUse(this.loop.state.ledger, line)
  }

  /** What was logged at this level (`warn` 40, `error` 50) or above. */
  logged(level: number): string[] {
    return this.#log.filter((each) => each.level >= level).map(({ msg }) => msg)
  }
}
