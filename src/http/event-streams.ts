import type { Writable } from 'node:stream'
import type { Directory } from '../call/directory.js'
import { happeningsOf, type Stepped } from '../call/happening.js'

/** A client that has not read this much is not going to. */
const MAX_BUFFERED_BYTES = 1024 * 1024
/** More at once is a flood, such as every phone at a restart: the lists tell it better. */
const MAX_BATCH_BYTES = 256 * 1024
const MAX_STREAMS = 100
/** Kept for clients that come back with the id of the last one they saw. */
const MAX_KEPT = 1_000
/** One write for all that happens within this time, however many clients there are. */
const WRITE_EVERY_MS = 50
const HEARTBEAT_EVERY_MS = 15_000
const RETRY_MS = 2_000
/** Nobody comes back so late: what happens then is not kept, nor even looked for. */
const LINGER_MS = 30_000

const LOST = 'event: lost\ndata: {}\n\n'

interface Sent {
  readonly id: number
  /** The line it is about; undefined when it is about more than one. */
  readonly line: string | undefined
  readonly text: string
}

/** Which lines a client may hear of; undefined: everything. */
export type Sees = ((line: string) => boolean) | undefined

/**
 * The clients of `GET /api/v1/events`. The loop shows every step once, however
 * many listen; what came of it is written to all of them together a moment
 * later. Nothing waits for a client: one that does not read is cut off.
 */
export class EventStreams {
  readonly #directory: () => Directory
  readonly #clients = new Map<Writable, Sees>()
  /** Ids begin anew with each process: those of another one are unknown. */
  readonly #epoch = Date.now().toString(36)
  #kept: Sent[] = []
  #last = 0
  #written = 0
  #lastListened = Number.NEGATIVE_INFINITY
  #writing: NodeJS.Timeout | undefined
  #beating: NodeJS.Timeout | undefined
  #dropped = 0

  constructor(directory: () => Directory) {
    this.#directory = directory
  }

  get size(): number {
    return this.#clients.size
  }

  /** Clients cut off because they did not read. */
  get dropped(): number {
    return this.#dropped
  }

  get full(): boolean {
    return this.#clients.size >= MAX_STREAMS
  }

  stepped(stepped: Stepped): void {
    if (!this.#isListened()) return
    for (const { kind, ...data } of happeningsOf(stepped, this.#directory())) {
      this.#keep(kind, data)
    }
    this.#writeSoon()
  }

  /** What happened beside calls: settings, alarms. Names one line, or concerns all. */
  tell(kind: string, data: Readonly<Record<string, unknown>>): void {
    if (!this.#isListened()) return
    this.#keep(kind, data)
    this.#writeSoon()
  }

  /** Adds a client whose head is sent. `lastId` is what it saw before it lost us. */
  open(client: Writable, lastId: string | undefined, sees?: Sees): void {
    this.#isListened()
    client.write(`retry: ${RETRY_MS}\n\n${this.#since(lastId, sees)}`)
    this.#clients.set(client, sees)
    client.on('close', () => this.#left(client))
    // A broken connection is an ordinary end; `close` follows.
    client.on('error', () => undefined)
    this.#beating ??= setInterval(
      () => this.#toAll(() => ': still here\n\n'),
      HEARTBEAT_EVERY_MS,
    )
  }

  /** Ends all of them; one that does not read is not waited for. */
  close(): void {
    if (this.#writing) this.#write()
    for (const client of this.#clients.keys()) {
      client.end()
      setTimeout(() => client.destroy(), 500).unref()
    }
  }

  #keep(kind: string, data: object): void {
    this.#last += 1
    const id = `${this.#epoch}-${this.#last}`
    const text = `id: ${id}\nevent: ${kind}\ndata: ${JSON.stringify(data)}\n\n`
    const line = 'line' in data && typeof data.line === 'string' ? data.line : undefined
    this.#kept.push({ id: this.#last, line, text })
  }

  #writeSoon(): void {
    if (this.#last === this.#written || this.#writing) return
    this.#writing = setTimeout(() => this.#write(), WRITE_EVERY_MS)
  }

  #isListened(): boolean {
    const now = performance.now()
    if (this.#clients.size > 0) this.#lastListened = now
    if (now - this.#lastListened <= LINGER_MS) return true
    // What happened unseen is missing, so what went before is no use either.
    if (this.#kept.length > 0 || this.#lastListened !== Number.NEGATIVE_INFINITY) {
      this.#kept = []
      this.#last += 1
      this.#written = this.#last
      this.#lastListened = Number.NEGATIVE_INFINITY
    }
    return false
  }

  /** What was written to others since then, or that it cannot be told. */
  #since(lastId: string | undefined, sees: Sees): string {
    if (lastId === undefined) return ''
    const [epoch, number] = lastId.split('-')
    const seen = epoch === this.#epoch ? Number(number) : Number.NaN
    const oldest = this.#kept[0]?.id ?? this.#last + 1
    if (!(seen >= oldest - 1 && seen <= this.#last)) return LOST
    const missed = this.#kept.filter(({ id }) => id > seen && id <= this.#written)
    return textFor(missed, sees)
  }

  #write(): void {
    clearTimeout(this.#writing)
    this.#writing = undefined
    const fresh = this.#kept.filter(({ id }) => id > this.#written)
    this.#written = this.#last
    if (this.#kept.length > MAX_KEPT) this.#kept = this.#kept.slice(-MAX_KEPT)
    const all = textFor(fresh, undefined)
    const isFlood = all.length > MAX_BATCH_BYTES
    if (isFlood) {
      this.#kept = []
      this.#toAll(() => `id: ${this.#epoch}-${this.#last}\n${LOST}`)
    } else this.#toAll((sees) => (sees ? textFor(fresh, sees) : all))
  }

  #toAll(textOf: (sees: Sees) => string): void {
    const forAll = Buffer.from(textOf(undefined))
    for (const [client, sees] of this.#clients) {
      const bytes = sees ? Buffer.from(textOf(sees)) : forAll
      if (client.writableLength + bytes.length > MAX_BUFFERED_BYTES) {
        this.#dropped += 1
        this.#clients.delete(client)
        client.destroy()
      } else client.write(bytes)
    }
  }

  #left(client: Writable): void {
    this.#clients.delete(client)
    this.#lastListened = performance.now()
    if (this.#clients.size > 0) return
    clearInterval(this.#beating)
    this.#beating = undefined
  }
}

function textFor(sent: readonly Sent[], sees: Sees): string {
  const seen = sees ? sent.filter(({ line }) => line !== undefined && sees(line)) : sent
  return seen.map(({ text }) => text).join('')
}
