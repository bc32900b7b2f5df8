import type { Logger } from 'pino'
import type { Ami } from './ami.js'
import { setVar } from './variable.js'

/**
 * Opens and closes the transfer gates of legs; what AMI could not be told while it
 * was away, it is told at the next connection.
 */
export class TransferGates {
  readonly #ami: () => Ami | undefined
  readonly #log: Logger
  /** Gates that AMI has not been told yet. */
  readonly #untold = new Map<string, boolean>()

  constructor(ami: () => Ami | undefined, log: Logger) {
    this.#ami = ami
    this.#log = log
  }

  set(leg: string, open: boolean): void {
    const ami = this.#ami()
    if (ami) this.#tell(ami, leg, open)
    else this.#untold.set(leg, open)
  }

  connected(ami: Ami): void {
    for (const [leg, open] of this.#untold) this.#tell(ami, leg, open)
    this.#untold.clear()
  }

  #tell(ami: Ami, leg: string, open: boolean): void {
    const context = open ? 'transfer' : 'transfer-refused'
    setVar(ami, leg, 'TRANSFER_CONTEXT', context).catch((error: unknown) => {
      // The leg may be gone; if not, the transfer context asks us all the same.
      this.#log.debug({ err: error, leg }, 'AMI: the transfer gate was not set')
    })
  }
}
