import type { Logger } from 'pino'
import { type Ari, type AriEnd, connectAri } from './connect.js'
import {
  type Meaning,
  meaningOf,
  readReachable,
  readSnapshot,
  WANTED_EVENTS,
  WANTED_SOURCES,
} from './listen.js'
import type { Loop } from './loop.js'
import { AriTimeout } from './time-limit.js'

/** How the controller stands with Asterisk. */
export interface Standing {
  readonly state: 'connecting' | 'connected' | 'disconnected' | 'replaced' | 'closed'
  /** Wall clock, milliseconds. */
  readonly since: number
  /** Asterisk's own version, once it has been asked. */
  readonly version?: string
}

const SNAPSHOT_EVERY_MS = 30_000
const FIRST_RETRY_MS = 100
const LAST_RETRY_MS = 2_000

/**
 * Keeps one ARI connection and feeds the loop. After each (re)connection the
 * ledger is made true by a snapshot before the first question is answered and
 * before the first heartbeat: events that were lost are not replayed (L1).
 */
export class Session {
  readonly #end: AriEnd
  readonly #loop: Loop
  readonly #log: Logger
  #standing: Standing = { state: 'connecting', since: Date.now() }
  #ari: Ari | undefined
  /** Events that came while a first snapshot is on its way. */
  #held: Meaning[] | undefined
  #snapshots: NodeJS.Timeout | undefined
  #retry: NodeJS.Timeout | undefined

  constructor(end: AriEnd, loop: Loop, log: Logger) {
    this.#end = end
    this.#loop = loop
    this.#log = log
  }

  get standing(): Standing {
    return this.#standing
  }

  /** The connection, or undefined while there is none. */
  get ari(): Ari | undefined {
    return this.#standing.state === 'connected' ? this.#ari : undefined
  }

  /** Begins to connect and never gives up; `ready` is called at each connection. */
  open(ready: (ari: Ari, version: string) => void): void {
    this.#connect(ready, FIRST_RETRY_MS)
  }

  close(): void {
    this.#stand('closed')
    clearTimeout(this.#retry)
    this.#stop()
  }

  #connect(ready: (ari: Ari, version: string) => void, retryMs: number): void {
    connectAri(this.#end, {
      up: (ari) => this.#up(ari, ready),
      down: () => this.#down(),
      event: (raw, bytes) => {
        this.#loop.received(bytes)
        this.#heard(meaningOf(raw))
      },
    }).catch((error: unknown) => {
      if (this.#standing.state === 'closed') return
      this.#log.debug({ err: error }, 'ARI: not reachable yet')
      const next = Math.min(retryMs * 2, LAST_RETRY_MS)
      this.#retry = setTimeout(() => this.#connect(ready, next), retryMs)
    })
  }

  #up(ari: Ari, ready: (ari: Ari, version: string) => void): void {
    if (this.#standing.state === 'closed') {
      ari.close()
      return
    }
    this.#ari = ari
    this.#held = []
    this.#begin(ari)
      .then((version) => ready(ari, version))
      .catch((error: unknown) => {
        this.#log.warn({ err: error }, 'ARI: connected, but Asterisk does not answer')
        if (this.#standing.state !== 'closed') {
          this.#retry = setTimeout(() => this.#up(ari, ready), LAST_RETRY_MS)
        }
      })
  }

  async #begin(ari: Ari): Promise<string> {
    await ari.call((client) =>
      client.applications.filter({
        applicationName: 'linekeeper',
        filter: { allowed: WANTED_EVENTS.map((type) => ({ type })) },
      }),
    )
    await ari.call((client) =>
      client.applications.subscribe({
        applicationName: 'linekeeper',
        eventSource: WANTED_SOURCES.join(','),
      }),
    )
    const info = await ari.call((client) => client.asterisk.getInfo())
    const version = info.system?.version ?? 'unknown'
    await this.#snapshot(ari, 'first')
    clearInterval(this.#snapshots)
    this.#snapshots = setInterval(() => this.#refresh(ari), SNAPSHOT_EVERY_MS)
    this.#stand('connected', version)
    return version
  }

  #refresh(ari: Ari): void {
    this.#snapshot(ari, 'periodic').catch((error: unknown) => {
      if (!(error instanceof AriTimeout)) throw error
      this.#log.warn({ err: error }, 'ARI: no snapshot this time')
    })
  }

  async #snapshot(ari: Ari, which: 'first' | 'periodic'): Promise<void> {
    const askedAt = performance.now()
    const [all, endpoints] = await Promise.all([
      ari.read('channels'),
      ari.read('endpoints/PJSIP'),
    ])
    const { waiting, ...seen } = readSnapshot(all)
    const reachable = readReachable(endpoints)
    this.#loop.tell({ kind: 'snapshot', askedAt, ...seen, reachable })
    if (which === 'periodic') return

    const held = this.#held ?? []
    this.#held = undefined
    this.#loop.connected(ari)
    // A question that was asked while nobody listened is asked now (L1).
    const alsoHeard = new Set(held.flatMap(askingLeg))
    for (const meaning of waiting) {
      if (!askingLeg(meaning).some((leg) => alsoHeard.has(leg))) this.#heard(meaning)
    }
    for (const meaning of held) this.#heard(meaning)
  }

  #heard(meaning: Meaning): void {
    if (this.#held && meaning.kind !== 'replaced') {
      if (meaning.kind !== 'nothing') this.#held.push(meaning)
      return
    }
    switch (meaning.kind) {
      case 'event':
        this.#loop.tell(meaning.event)
        return
      case 'unanswerable':
        this.#log.error(
          { leg: meaning.leg, why: meaning.why },
          'bug: unanswerable question',
        )
        this.#loop.giveBack(meaning.leg)
        return
      case 'replaced':
        this.#log.error('another controller took over this Asterisk: standing by')
        this.#stand('replaced')
        this.#stop()
        return
      case 'nothing':
    }
  }

  #down(): void {
    clearInterval(this.#snapshots)
    this.#loop.disconnected()
    if (this.#standing.state === 'connected') {
      this.#log.warn('ARI: connection lost, the degraded path serves the phones')
      this.#stand('disconnected')
    }
  }

  #stop(): void {
    clearInterval(this.#snapshots)
    this.#loop.disconnected()
    this.#ari?.close()
    this.#ari = undefined
  }

  #stand(state: Standing['state'], version = this.#standing.version): void {
    const known = version === undefined ? {} : { version }
    this.#standing = { state, since: Date.now(), ...known }
  }
}

function askingLeg(meaning: Meaning): string[] {
  if (meaning.kind !== 'event') return []
  const { event } = meaning
  const asks = ['departure', 'pin', 'arrival', 'outcome', 'transfer'].includes(event.kind)
  return asks && 'leg' in event ? [event.leg] : []
}
