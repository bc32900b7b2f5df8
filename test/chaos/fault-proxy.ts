import { once } from 'node:events'
import { createServer, connect as open, type Server, type Socket } from 'node:net'
import type { Random } from '../simulation/random.js'
import { EventFrames, type FrameFaults } from './event-frames.js'

/** What happens to what passes; changed while it runs. Probabilities are per piece. */
export interface StreamFaults extends FrameFaults {
  /** Each piece waits so long, at most. */
  delayMs: number
  /** New connections are refused. */
  refuses: boolean
  /** So many more answers to plain HTTP requests are cut in the middle. */
  cutAnswers: number
}

interface Passage {
  readonly client: Socket
  readonly server: Socket
  /** What comes is swallowed, and nobody is told. */
  dead: boolean
}

/**
 * A TCP proxy that damages what passes, always the same way for the same seed. Of a
 * websocket it knows where events begin, so it can lose, double and exchange whole ones.
 */
export class FaultProxy {
  readonly faults: StreamFaults = {
    ...{ delayMs: 0, refuses: false, cutAnswers: 0 },
    ...{ lose: 0, double: 0, exchange: 0, loseTypes: [] },
  }
  readonly #random: Random
  readonly #target: { readonly host: string; readonly port: number }
  readonly #server: Server
  readonly #passages = new Set<Passage>()
  #cuts = 0
  /** What waits while nothing passes, in order. */
  #held: (() => void)[] | undefined

  constructor(target: { readonly host: string; readonly port: number }, random: Random) {
    this.#target = target
    this.#random = random
    this.#server = createServer((client) => this.#pass(client))
  }

  async listen(port: number): Promise<void> {
    this.#server.listen(port, this.#target.host)
    await once(this.#server, 'listening')
  }

  /** Connections cut so far. */
  get cuts(): number {
    return this.#cuts
  }

  get connections(): number {
    return this.#passages.size
  }

  /** Cuts every connection after so many more bytes of the server, in the middle of anything. */
  cutAfter(bytes: number): void {
    for (const passage of this.#passages) {
      let left = bytes
      passage.server.on('data', (piece: Buffer) => {
        left -= piece.length
        if (left <= 0) this.#cut(passage)
      })
      if (bytes === 0) this.#cut(passage)
    }
  }

  /**
   * Whatever is connected now never carries anything again, and nobody is told: a router
   * forgot it. New connections pass.
   */
  deaden(): void {
    for (const passage of this.#passages) passage.dead = true
  }

  /** Nothing passes, and nobody is told: a cable that was pulled, until `speak`. */
  hush(): void {
    this.#held ??= []
  }

  speak(): void {
    const held = this.#held ?? []
    this.#held = undefined
    for (const pass of held) pass()
  }

  async close(): Promise<void> {
    for (const passage of this.#passages) this.#cut(passage)
    this.#server.close()
    if (this.#server.listening) await once(this.#server, 'close')
  }

  #cut(passage: Passage): void {
    if (!this.#passages.delete(passage)) return
    this.#cuts += 1
    passage.client.resetAndDestroy()
    passage.server.resetAndDestroy()
  }

  #pass(client: Socket): void {
    if (this.faults.refuses) {
      client.resetAndDestroy()
      return
    }
    const server = open(this.#target)
    const passage = { client, server, dead: false }
    this.#passages.add(passage)
    const frames = new EventFrames(this.faults, this.#random)
    const end = (): void => {
      this.#passages.delete(passage)
      client.destroy()
      server.destroy()
    }
    const alive = (pieces: Buffer[]): Buffer[] => (passage.dead ? [] : pieces)
    this.#carry(client, server, (piece) => alive([piece]))
    this.#carry(server, client, (piece) => alive(frames.damage(piece)))
    server.on('data', (piece: Buffer) => {
      if (
        this.faults.cutAnswers === 0 ||
        !piece.toString('latin1').startsWith('HTTP/1.1 2')
      )
        return
      this.faults.cutAnswers -= 1
      this.#cut(passage)
    })
    for (const socket of [client, server]) socket.on('close', end).on('error', end)
  }

  /** In order, whatever the delays: TCP keeps it too. */
  #carry(from: Socket, to: Socket, damage: (piece: Buffer) => Buffer[]): void {
    let last = Promise.resolve()
    from.on('data', (piece: Buffer) => {
      const pieces = damage(piece)
      const delay = this.faults.delayMs * this.#random.next()
      if (this.#held) {
        // TCP sends again what the cable did not carry: all of it comes, late.
        this.#held.push(() => write(to, pieces))
        return
      }
      if (delay < 1) {
        void last.then(() => write(to, pieces))
        return
      }
      const due = performance.now() + delay
      last = last.then(
        () =>
          new Promise((resolve) => {
            setTimeout(
              () => {
                write(to, pieces)
                resolve()
              },
              Math.max(0, due - performance.now()),
            )
          }),
      )
    })
  }
}

function write(to: Socket, pieces: readonly Buffer[]): void {
  if (to.destroyed) return
  for (const piece of pieces) to.write(piece)
}
