import type { Logger } from 'pino'
import { withoutPin } from '../call/codes.js'
import { decide } from '../call/decide.js'
import type { Directory } from '../call/directory.js'
import type { Effect } from '../call/effect.js'
import type { Event } from '../call/event.js'
import type { Stepped } from '../call/happening.js'
import type { State } from '../call/state.js'
import type { SettingsChange } from '../model/settings.js'
import { readSnapshot } from './channel-list.js'
import type { Ari } from './connection.js'
import { noteDown } from './note-down.js'
import { answer, beat, giveBack, startBeep, stopBeep } from './perform.js'
import type { LoopRequest, Watcher } from './watcher.js'

/** The one effect that ARI refuses on a leg outside Stasis (409): AMI's Setvar does it. */
export type SetTransferGate = (leg: string, open: boolean) => void

/** Stores what a feature code asks for; resolves once it may be confirmed, or may not. */
export type ChangeSettings = (
  line: string,
  change: SettingsChange,
) => Promise<Extract<Event, { kind: 'coded' }>['stored']>

type Task =
  | { readonly kind: 'event'; readonly event: Event }
  | { readonly kind: 'giveBack'; readonly leg: string }
  | { readonly kind: 'beat' }

/** More waiting events than this, and the dialplan had better do without us (M1). */
const MAX_QUEUE = 500
const BEAT_EVERY_MS = 1_000
/**
 * When Asterisk has answered no beat for so long, we or it stood still, and the dialplan
 * may have decided calls meanwhile (after two seconds it does) of which we do not know.
 */
const IN_DOUBT_AFTER_MS = 1_700

const QUESTIONS: ReadonlySet<Event['kind']> = new Set([
  ...(['departure', 'arrival', 'outcome', 'transfer'] as const),
])

/**
 * One event at a time: decide, perform its effects in order, take the next.
 * The heartbeat goes through the same queue, so it stops when the queue does.
 */
export class Loop {
  readonly #log: Logger
  readonly #queue: Task[] = []
  readonly #beeps = new Map<string, Promise<void>>()
  readonly #setTransferGate: SetTransferGate
  readonly #changeSettings: ChangeSettings
  readonly #watcher: Watcher
  #state: State
  #directory: Directory
  #ari: Ari | undefined
  #running = false
  #beating: NodeJS.Timeout | undefined
  #beatAnsweredAt = 0
  /** Questions that came while in doubt. */
  #doubtful: Task[] = []

  constructor(
    state: State,
    directory: Directory,
    parts: {
      log: Logger
      setTransferGate: SetTransferGate
      changeSettings: ChangeSettings
      watcher: Watcher
    },
  ) {
    this.#setTransferGate = parts.setTransferGate
    this.#changeSettings = parts.changeSettings
    this.#watcher = parts.watcher
    this.#state = state
    this.#directory = directory
    this.#log = parts.log
  }

  get state(): State {
    return this.#state
  }

  get directory(): Directory {
    return this.#directory
  }

  /** A site that changed is used from now on; calls in progress are settled by it. */
  use(directory: Directory): void {
    this.#directory = directory
    this.tell({ kind: 'siteChanged' })
  }

  connected(ari: Ari): void {
    this.#ari = ari
    this.#beatAnsweredAt = performance.now()
    clearInterval(this.#beating)
    this.#beating = setInterval(() => this.#put({ kind: 'beat' }), BEAT_EVERY_MS)
    this.#put({ kind: 'beat' })
  }

  disconnected(): void {
    this.#ari = undefined
    // Who still waits is in the list that the next connection begins with.
    this.#doubtful = []
    clearInterval(this.#beating)
  }

  /** An event came, whatever it means: its number is what a call costs (performance §5). */
  received(bytes: number): void {
    this.#watcher.received(bytes)
  }

  /** What Asterisk or its snapshot told. */
  tell(event: Event): void {
    this.#put({ kind: 'event', event })
  }

  /** Back to the dialplan with a leg that cannot be answered. */
  giveBack(leg: string): void {
    this.#put({ kind: 'giveBack', leg })
  }

  #put(task: Task): void {
    this.#queue.push(task)
    if (this.#running) return
    this.#running = true
    // Never act directly in reaction to an event: the socket's handler returns first.
    setImmediate(() => this.#drain())
  }

  #drain(): void {
    for (let task = this.#queue.shift(); task; task = this.#queue.shift()) this.#run(task)
    this.#running = false
  }

  #run(task: Task): void {
    switch (task.kind) {
      case 'beat':
        if (this.#queue.length < MAX_QUEUE) this.#beat()
        return
      case 'giveBack':
        this.#send('giveBack', (ari) => giveBack(ari, task.leg))
        return
      case 'event':
        if (this.#isDoubtful(task.event)) this.#postpone(task)
        else this.#decide(task.event)
    }
  }

  #beat(): void {
    this.#send('heartbeat', async (ari) => {
      await beat(ari, Math.floor(Date.now() / 1000))
      if (this.#ari === ari) this.#beatAnsweredAt = performance.now()
    })
  }

  #isDoubtful({ kind }: Event): boolean {
    if (!this.#ari || !QUESTIONS.has(kind)) return false
    return performance.now() - this.#beatAnsweredAt > IN_DOUBT_AFTER_MS
  }

  /**
   * The list says who still waits for us. The answer to a beat comes behind every event
   * that Asterisk sent before it: only then is it known which call slots the dialplan has
   * given away on its own.
   */
  #postpone(task: Task): void {
    this.#doubtful.push(task)
    if (this.#doubtful.length > 1) return
    this.#send('list', async (ari) => {
      const askedAt = performance.now()
      const { waiting, ...seen } = await listed(ari).catch((error: unknown) => {
        this.#doubtful = []
        throw error
      })
      await beat(ari, Math.floor(Date.now() / 1000))
      this.#beatAnsweredAt = performance.now()
      this.tell({ kind: 'snapshot', askedAt, ...seen, degraded: true })
      const postponed = this.#doubtful
      this.#doubtful = []
      for (const each of postponed) {
        const asks = each.kind === 'event' && 'leg' in each.event
        if (asks && waiting.has(each.event.leg)) this.#put(each)
      }
    })
  }

  /** The only catch-all of the call path: a bug costs one call its services, not the rest. */
  #decide(event: Event): void {
    const before = this.#state
    try {
      const { state, effects } = decide(before, event, performance.now(), this.#directory)
      this.#state = state
      for (const effect of effects) this.#perform(effect)
      const notes = effects.flatMap((effect) =>
        effect.kind === 'note' ? [effect.note] : [],
      )
      this.#show({ event, before, after: state, notes })
    } catch (error) {
      const shown =
        'dialled' in event ? { ...event, dialled: withoutPin(event.dialled) } : event
      this.#log.error(
        { err: error, event: shown },
        'bug: the event is dropped, the state stands',
      )
      if ('leg' in event) this.giveBack(event.leg)
    }
  }

  /** Calls do not depend on who watches them, so neither on his bugs. */
  #show(stepped: Stepped): void {
    try {
      this.#watcher.stepped(stepped)
    } catch (error) {
      this.#log.error({ err: error }, 'bug: a watcher of the loop threw')
    }
  }

  #perform(effect: Effect): void {
    switch (effect.kind) {
      case 'continue':
        this.#send('answer', async (ari) => {
          const performed = await answer(ari, effect)
          if (performed === 'legGone') this.tell({ kind: 'missed', leg: effect.leg })
        })
        return
      case 'beep':
        this.#beeping(effect.leg, (ari) =>
          startBeep(ari, effect.leg, this.#directory.toneZone),
        )
        return
      case 'stopBeep':
        this.#beeping(effect.leg, (ari) => stopBeep(ari, effect.leg))
        return
      case 'setTransferGate':
        this.#setTransferGate(effect.leg, effect.open)
        return
      case 'change':
        this.#change(effect)
        return
      case 'note':
        noteDown(this.#log, this.#directory, effect.note)
    }
  }

  /** The change is in force when this returns; what became of it comes as an event. */
  #change({ leg, line, change, answer }: Extract<Effect, { kind: 'change' }>): void {
    this.#changeSettings(line, change).then(
      (stored) => this.tell({ kind: 'coded', leg, answer, stored }),
      (error: unknown) => {
        this.#log.error({ err: error, line }, 'bug: the change of a code threw')
        this.tell({ kind: 'coded', leg, answer, stored: 'failed' })
      },
    )
  }

  /** A beep takes two requests, so its end waits for its beginning. */
  #beeping(leg: string, request: (ari: Ari) => Promise<void>): void {
    const last = this.#beeps.get(leg) ?? Promise.resolve()
    this.#send('beep', (ari) => {
      const next = last.catch(() => undefined).then(() => request(ari))
      this.#beeps.set(leg, next)
      return next.finally(() => {
        if (this.#beeps.get(leg) === next) this.#beeps.delete(leg)
      })
    })
  }

  /** Sends without waiting: the socket keeps the order, and no leg blocks another. */
  #send(what: LoopRequest, request: (ari: Ari) => Promise<unknown>): void {
    const ari = this.#ari
    if (!ari) return
    const began = performance.now()
    const ended = (answered: boolean): void => {
      this.#watcher.requested(what, (performance.now() - began) / 1000, answered)
    }
    request(ari).then(
      () => ended(true),
      (error: unknown) => {
        // With its connection everything is lost that waited, and that was said already.
        if (this.#ari === ari)
          this.#log.warn({ err: error }, `${what}: Asterisk did not take it`)
        ended(false)
      },
    )
  }
}

/** Asterisk's channels; of those that wait, the legs. */
async function listed(ari: Ari) {
  const { waiting, ...seen } = readSnapshot(await ari.read('channels'))
  const legs = waiting.flatMap((meaning) =>
    meaning.kind === 'event' && 'leg' in meaning.event ? [meaning.event.leg] : [],
  )
  return { ...seen, waiting: new Set(legs) }
}
