import type { Logger } from 'pino'
import { readSnapshot } from './channel-list.js'
import { APPLICATION, type AriLink, connectAri } from './connect.js'
import { type Ari, TIME_LIMIT_MS } from './connection.js'
import { meaningOf, WANTED_EVENTS, WANTED_SOURCES } from './listen.js'
import type { Loop } from './loop.js'
import { beat } from './perform.js'
import type { Meaning } from './question.js'
import { type AriEnd, readResource } from './read.js'
import { readApplications, readReachable, readVersion } from './resources.js'
import { AriTimeout } from './time-limit.js'
import { inOrder } from './waiting.js'

/** How the controller stands with Asterisk. */
export interface Standing {
  readonly state: 'connecting' | 'connected' | 'disconnected' | 'replaced' | 'closed'
  /** Wall clock, milliseconds. */
  readonly since: number
  /** Asterisk's own version, once it has been asked. */
  readonly version?: string
}

/**
 * Asterisk may lose what it tells, and nothing shows that it has: so its channels are
 * listed every few seconds. A list costs 20 µs a channel, half of it here; where it takes
 * longer than a fiftieth of the time, it comes less often.
 */
const LIST_EVERY_MS = 3_000
const SHARE_OF_LISTS = 1 / 50
/** Phones come and go less often, and are listed as often as a list comes at the latest. */
const PHONES_EVERY_MS = 30_000
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
  #nextList: NodeJS.Timeout | undefined
  #phonesListedAt = 0
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
    this.#listAfter(LIST_EVERY_MS, ari)
    this.#stand('connected', version)
    return version
  }

  #listAfter(ms: number, ari: Ari): void {
    clearTimeout(this.#nextList)
    this.#nextList = setTimeout(() => this.#refresh(ari), ms)
  }

  #refresh(ari: Ari): void {
    const began = performance.now()
    this.#snapshot(ari, 'periodic')
      .catch((error: unknown) => {
        // What is no list is asked for again too: calls are decided without it meanwhile.
        const level = error instanceof AriTimeout ? 'warn' : 'error'
        this.#log[level]({ err: error }, 'ARI: no snapshot this time')
      })
      .finally(() => {
        if (this.#ari !== ari) return
        const seldom = (performance.now() - began) / SHARE_OF_LISTS
        const ms = Math.min(Math.max(seldom, LIST_EVERY_MS), PHONES_EVERY_MS)
        this.#listAfter(ms, ari)
      })
  }

  async #snapshot(ari: Ari, which: 'first' | 'periodic'): Promise<void> {
    const askedAt = performance.now()
    const withPhones =
      which === 'first' || askedAt - this.#phonesListedAt >= PHONES_EVERY_MS
    const [all, endpoints] = await Promise.all([
      ari.read('channels'),
      withPhones ? ari.read('endpoints/PJSIP') : undefined,
    ])
    if (this.#ari !== ari) return
    const { waiting, ...seen } = readSnapshot(all)
    const phones = endpoints === undefined ? {} : { reachable: readReachable(endpoints) }
    if (withPhones) this.#phonesListedAt = askedAt
    const snapshot = { kind: 'snapshot', askedAt, ...seen, ...phones } as const
    if (which === 'periodic') {
      this.#loop.tell(snapshot)
      return
    }

    // What the dialplan gave away on its own until now is told before this is answered.
    await beat(ari, Math.floor(Date.now() / 1000))
    if (this.#ari !== ari) return
    // In one go: what the list makes necessary, the end of a beep, needs the connection.
    this.#loop.tell({ ...snapshot, first: true })
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
      const listed = readResource(this.#end, 'applications', TIME_LIMIT_MS)
      listed.then(readApplications).then((applications) => {
        if (this.#standing.state !== 'replaced') return
        if (applications.includes(APPLICATION)) {
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
    clearTimeout(this.#nextList)
    this.#loop.disconnected()
    if (this.#standing.state === 'connected') {
      this.#log.warn('ARI: connection lost, the degraded path serves the phones')
      this.#stand('disconnected')
    }
  }

  #stop(): void {
    clearTimeout(this.#retry)
    clearTimeout(this.#nextList)
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
