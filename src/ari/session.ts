import type { Logger } from 'pino'
import { z } from 'zod'
import { APPLICATION, type AriLink, connectAri } from './connect.js'
import { type Ari, TIME_LIMIT_MS } from './connection.js'
import {
  type Meaning,
  meaningOf,
  readReachable,
  readSnapshot,
  readVersion,
  WANTED_EVENTS,
  WANTED_SOURCES,
} from './listen.js'
import type { Loop } from './loop.js'
import { beat } from './perform.js'
import { type AriEnd, readResource } from './read.js'
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
/** Asterisk answers what a connection begins with in milliseconds, once it is ready. */
const BEGIN_AGAIN_MS = 200
const STAND_BY_LOOK_MS = 1_000

/** What is begun with each connection. */
type Ready = (asterisk: string) => void

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
  #link: AriLink | undefined
  /** The connection of now: what an earlier one still has to say is no longer true. */
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
  open(ready: Ready): void {
    this.#connect(ready, FIRST_RETRY_MS)
  }

  close(): void {
    this.#stand('closed')
    this.#stop()
  }

  #connect(ready: Ready, retryMs: number): void {
    connectAri(this.#end, {
      up: (ari) => this.#up(ari, ready),
      down: () => this.#down(),
      event: (raw, bytes) => {
        this.#loop.received(bytes)
        this.#heard(meaningOf(raw), ready)
      },
    }).then(
      (link) => {
        this.#link = link
        if (this.#standing.state === 'closed') link.close()
      },
      (error: unknown) => {
        if (this.#standing.state === 'closed') return
        this.#log.debug({ err: error }, 'ARI: not reachable yet')
        const next = Math.min(retryMs * 2, LAST_RETRY_MS)
        this.#retry = setTimeout(() => this.#connect(ready, next), retryMs)
      },
    )
  }

  #up(ari: Ari, ready: Ready): void {
    this.#ari = ari
    this.#held = []
    this.#beginOn(ari, ready)
  }

  #beginOn(ari: Ari, ready: Ready, level: 'warn' | 'debug' = 'warn'): void {
    this.#begin(ari).then(
      (version) => {
        if (version !== undefined) ready(version)
      },
      (error: unknown) => {
        if (this.#ari !== ari) return
        this.#log[level]({ err: error }, 'ARI: connected, but Asterisk does not answer')
        const again = (): void => this.#beginOn(ari, ready, 'debug')
        this.#retry = setTimeout(again, BEGIN_AGAIN_MS)
      },
    )
  }

  /** Asterisk's version; undefined when the connection was lost meanwhile. */
  async #begin(ari: Ari): Promise<string | undefined> {
    const application = `applications/${APPLICATION}`
    const version = readVersion(await ari.read('asterisk/info'))
    await expect200(ari, 'PUT', `${application}/eventFilter`, {
      allowed: WANTED_EVENTS.map((type) => ({ type })),
    })
    const sources = new URLSearchParams({ eventSource: WANTED_SOURCES.join(',') })
    await expect200(ari, 'POST', `${application}/subscription?${sources}`)
    // Listened to first, listed then: nothing happens in between.
    await this.#snapshot(ari, 'first')
    if (this.#ari !== ari) return undefined
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
    if (this.#ari !== ari) return
    const { waiting, ...seen } = readSnapshot(all)
    const reachable = readReachable(endpoints)
    this.#loop.tell({ kind: 'snapshot', askedAt, ...seen, reachable })
    if (which === 'periodic') return

    // What the dialplan gave away on its own until now is told before this is answered.
    await beat(ari, Math.floor(Date.now() / 1000))
    if (this.#ari !== ari) return
    this.#loop.connected(ari)
    for (const meaning of inOrder(waiting, this.#held ?? [])) this.#tell(meaning)
    this.#held = undefined
  }

  #heard(meaning: Meaning, ready: Ready): void {
    if (meaning.kind === 'replaced') this.#standBy(ready)
    else if (!this.#held) this.#tell(meaning)
    else if (meaning.kind !== 'nothing') this.#held.push(meaning)
  }

  #tell(meaning: Meaning): void {
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
      case 'nothing':
    }
  }

  /**
   * Somebody else has our application now (L5, M7): another controller, or a handshake of
   * our own that we had given up and that Asterisk, frozen until then, has taken up after
   * all. The latter ends at once, and then nobody has it.
   */
  #standBy(ready: Ready): void {
    this.#log.error('another controller took over this Asterisk: standing by')
    this.#stand('replaced')
    this.#stop()
    this.#lookForOther(ready)
  }

  #lookForOther(ready: Ready): void {
    const again = (): void => {
      if (this.#standing.state === 'replaced') this.#lookForOther(ready)
    }
    this.#retry = setTimeout(() => {
      readResource(this.#end, 'applications', TIME_LIMIT_MS).then((applications) => {
        if (this.#standing.state !== 'replaced') return
        if (isThere(applications)) {
          again()
          return
        }
        this.#log.warn('the other controller is gone: taking over')
        this.#stand('connecting')
        this.#connect(ready, FIRST_RETRY_MS)
      }, again)
    }, STAND_BY_LOOK_MS)
  }

  #down(): void {
    this.#ari = undefined
    this.#held = undefined
    clearTimeout(this.#retry)
    clearInterval(this.#snapshots)
    this.#loop.disconnected()
    if (this.#standing.state === 'connected') {
      this.#log.warn('ARI: connection lost, the degraded path serves the phones')
      this.#stand('disconnected')
    }
  }

  #stop(): void {
    clearTimeout(this.#retry)
    clearInterval(this.#snapshots)
    this.#loop.disconnected()
    this.#link?.close()
    this.#link = undefined
    this.#ari = undefined
    this.#held = undefined
  }

  #stand(state: Standing['state'], version = this.#standing.version): void {
    const known = version === undefined ? {} : { version }
    this.#standing = { state, since: Date.now(), ...known }
  }
}

async function expect200(
  ari: Ari,
  method: 'POST' | 'PUT',
  uri: string,
  asked?: object,
): Promise<void> {
  const { status, body } = await ari.request(method, uri, asked)
  if (status !== 200) throw new Error(`ARI ${method} ${uri}: ${status} ${body}`)
}

function isThere(applications: unknown): boolean {
  return z
    .array(z.object({ name: z.string() }))
    .parse(applications)
    .some(({ name }) => name === APPLICATION)
}

/**
 * What happened meanwhile, then who asks, the oldest question first: its dead-man timer
 * ends first, and then the dialplan decides as we have. A question that was asked while
 * nobody listened is in the list alone (L1); one may be in both.
 */
function inOrder(waiting: readonly Meaning[], held: readonly Meaning[]): Meaning[] {
  const heard = new Set(held.flatMap(askingLeg))
  const isAsked = (meaning: Meaning): boolean => askingLeg(meaning).length > 0
  return [
    ...held.filter((meaning) => !isAsked(meaning)),
    ...waiting.filter((meaning) => !askingLeg(meaning).some((leg) => heard.has(leg))),
    ...held.filter(isAsked),
  ]
}

function askingLeg(meaning: Meaning): string[] {
  if (meaning.kind !== 'event') return []
  const { event } = meaning
  const asks = ['departure', 'pin', 'arrival', 'outcome', 'transfer'].includes(event.kind)
  return asks && 'leg' in event ? [event.leg] : []
}
