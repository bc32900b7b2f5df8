import type { Random } from '../simulation/random.js'

/** What happens to the events of a websocket: a probability for each. */
export interface FrameFaults {
  lose: number
  double: number
  /** It waits until a few later ones have passed. */
  exchange: number
  /** Events of these types are always lost. */
  loseTypes: readonly string[]
}

/** How long the head is where the length does not fit into its seven bits. */
const HEADS: Readonly<Record<number, number>> = { 126: 4, 127: 10 }

/**
 * Reads one direction of a connection: an answer `101` and then frames (RFC 6455 §5.2,
 * without masks, as servers send). Whatever is no event passes as it is.
 */
export class EventFrames {
  readonly #faults: FrameFaults
  readonly #random: Random
  #rest: Buffer = Buffer.alloc(0)
  #kind: 'unknown' | 'websocket' | 'other' = 'unknown'
  /** Frames that wait for so many others to pass. */
  #waiting: { frame: Buffer; left: number }[] = []

  constructor(faults: FrameFaults, random: Random) {
    this.#faults = faults
    this.#random = random
  }

  damage(piece: Buffer): Buffer[] {
    if (this.#kind === 'other') return [piece]
    this.#rest = Buffer.concat([this.#rest, piece])
    if (this.#kind === 'unknown') {
      const end = this.#rest.indexOf('\r\n\r\n')
      if (end === -1) return []
      this.#kind =
        this.#rest.subarray(0, 12).toString() === 'HTTP/1.1 101' ? 'websocket' : 'other'
      const head = this.#rest.subarray(0, this.#kind === 'other' ? undefined : end + 4)
      this.#rest = this.#rest.subarray(head.length)
      return [head, ...this.damage(Buffer.alloc(0))]
    }
    const passing: Buffer[] = []
    for (let frame = this.#next(); frame; frame = this.#next()) {
      passing.push(...this.#fated(frame))
    }
    return passing
  }

  #next(): Buffer | undefined {
    const rest = this.#rest
    if (rest.length < 2) return undefined
    const short = (rest[1] ?? 0) & 0x7f
    const head = HEADS[short] ?? 2
    if (rest.length < head) return undefined
    let length = short
    if (head === 4) length = rest.readUInt16BE(2)
    if (head === 10) length = Number(rest.readBigUInt64BE(2))
    if (rest.length < head + length) return undefined
    this.#rest = rest.subarray(head + length)
    return rest.subarray(0, head + length)
  }

  #fated(frame: Buffer): Buffer[] {
    const type = /"type":\s*"(\w+)"/.exec(frame.subarray(0, 400).toString('latin1'))?.[1]
    const opcode = (frame[0] ?? 0) & 0x0f
    // Answers to requests are no events: an answer lost is another fault.
    if (opcode !== 1 || type === undefined || type === 'RESTResponse') {
      return [frame, ...this.#due()]
    }
    const { lose, double, exchange, loseTypes } = this.#faults
    if (loseTypes.includes(type) || this.#random.chance(lose)) return this.#due()
    if (this.#random.chance(exchange)) {
      this.#waiting.push({ frame, left: this.#random.between(1, 5) })
      return this.#due()
    }
    const twice = this.#random.chance(double) ? [frame, frame] : [frame]
    return [...twice, ...this.#due()]
  }

  #due(): Buffer[] {
    for (const each of this.#waiting) each.left -= 1
    const due = this.#waiting.filter(({ left }) => left <= 0)
    this.#waiting = this.#waiting.filter(({ left }) => left > 0)
    return due.map(({ frame }) => frame)
  }
}
