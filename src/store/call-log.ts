import { join, resolve } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { CallDetail } from '../model/call-detail.js'
import type { CallFilter } from './call-details.js'
import { StoreUnavailable } from './database.js'

/** What the thread is asked, and what it says. */
export interface Asked {
  readonly id: number
  readonly what: What
}
type What =
  | { readonly kind: 'write'; readonly details: readonly CallDetail[] }
  | { readonly kind: 'matching'; readonly filter: CallFilter }
  | { readonly kind: 'open' }
  | { readonly kind: 'older'; readonly before: number; readonly forget: boolean }
  | { readonly kind: 'close' }
export type Told =
  | { readonly id: number; readonly done: readonly CallDetail[]; readonly count?: number }
  /** Without an id: nobody asked. */
  | { readonly id?: number; readonly failed: string }
  /** In Asterisk's own book; kept already, but of numbers the thread knows nothing. */
  | { readonly found: readonly CallDetail[] }

/** What a log says by itself. */
export interface CallLogListener {
  readonly onTrouble: (message: string) => void
  readonly onFound: (details: readonly CallDetail[]) => void
}

interface Answer {
  readonly done: readonly CallDetail[]
  readonly count: number
}

interface Waiting {
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: Error) => void
}

/** One write for all that happens within this time: one sync of the disk. */
const WRITE_EVERY_MS = 1_000
const RETRY_AFTER_MS = 5_000
/** A disk that stays full must not fill the memory too: then the oldest are lost. */
const MOST_WAITING = 20_000

/** The file of the call records in a state folder. */
export function callLogFile(dir: string): string {
  return join(resolve(dir), 'store', 'calls.db')
}

/** Asterisk's own book of calls, which it writes as its own user. */
export function asteriskBookFile(dir: string): string {
  return join(resolve(dir), 'log', 'cdr-custom', 'calls.csv')
}

/**
 * The call records of a running controller, kept by a thread of its own: to write one
 * down costs a call nothing. What is not on the disk yet, the last second, is
 * lost when the process is killed; Asterisk's own book then has it.
 */
export class CallLog {
  readonly #worker: Worker
  readonly #listener: CallLogListener
  readonly #waiting = new Map<number, Waiting>()
  readonly #unwritten = new Map<string, CallDetail>()
  #last = 0
  #lost = 0
  #failing = false
  #writing: NodeJS.Timeout | undefined
  #ended: string | undefined

  constructor(dir: string, listener: CallLogListener) {
    this.#listener = listener
    const workerData = { file: callLogFile(dir), book: asteriskBookFile(dir) }
    this.#worker = new Worker(new URL('./call-log-worker.js', import.meta.url), {
      workerData,
    })
    this.#worker.on('message', (told: Told) => this.#told(told))
    this.#worker.on('error', (error) => this.#end(error.message))
    this.#worker.on('exit', () => this.#end('its thread has ended'))
    this.#worker.unref()
  }

  /** Records that were not written for want of space, and are lost. */
  get lost(): number {
    return this.#lost
  }

  /** Records that could not be written, and wait until they can. */
  get unwritten(): number {
    return this.#failing ? this.#unwritten.size : 0
  }

  write(details: readonly CallDetail[]): void {
    for (const detail of details) this.#unwritten.set(detail.id, detail)
    if (this.#unwritten.size > MOST_WAITING) this.#forgetOldest()
    this.#soon(WRITE_EVERY_MS)
  }

  /** Rejects with StoreUnavailable, as everything here that returns a promise. */
  async matching(filter: CallFilter): Promise<readonly CallDetail[]> {
    await this.#flush()
    return (await this.#ask({ kind: 'matching', filter })).done
  }

  async open(): Promise<readonly CallDetail[]> {
    return (await this.#ask({ kind: 'open' })).done
  }

  async older(before: number, forget: boolean): Promise<number> {
    return (await this.#ask({ kind: 'older', before, forget })).count
  }

  /** Writes what is left, and ends the thread. */
  async close(): Promise<void> {
    // Nothing else may keep the process up by now, and its answer is waited for.
    this.#worker.ref()
    clearTimeout(this.#writing)
    await this.#flush().catch(() => undefined)
    await this.#ask({ kind: 'close' }).catch(() => undefined)
    await this.#worker.terminate()
  }

  #soon(afterMs: number): void {
    this.#writing ??= setTimeout(() => {
      this.#writing = undefined
      this.#flush().catch((error: unknown) => {
        if (!(error instanceof StoreUnavailable)) throw error
        this.#failing = true
        this.#listener.onTrouble(error.message)
        this.#soon(RETRY_AFTER_MS)
      })
    }, afterMs)
  }

  async #flush(): Promise<void> {
    const details = [...this.#unwritten.values()]
    if (details.length === 0) return
    await this.#ask({ kind: 'write', details })
    this.#failing = false
    // Those that changed meanwhile are written once more.
    for (const detail of details) {
      if (this.#unwritten.get(detail.id) === detail) this.#unwritten.delete(detail.id)
    }
  }

  #forgetOldest(): void {
    const [oldest] = this.#unwritten.keys()
    if (oldest === undefined) return
    this.#unwritten.delete(oldest)
    this.#lost += 1
  }

  #ask(what: What): Promise<Answer> {
    if (this.#ended !== undefined)
      return Promise.reject(new StoreUnavailable(`the call records: ${this.#ended}`))
    this.#last += 1
    const id = this.#last
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
      this.#worker.postMessage({ id, what } satisfies Asked)
    })
  }

  #told(told: Told): void {
    if ('found' in told) {
      this.#listener.onFound(told.found)
      return
    }
    const waiting = told.id === undefined ? undefined : this.#waiting.get(told.id)
    if (told.id !== undefined) this.#waiting.delete(told.id)
    if ('failed' in told) {
      if (waiting) waiting.reject(new StoreUnavailable(told.failed))
      else this.#listener.onTrouble(told.failed)
      return
    }
    waiting?.resolve({ done: told.done, count: told.count ?? 0 })
  }

  #end(why: string): void {
    if (this.#ended !== undefined) return
    this.#ended = why
    for (const { reject } of this.#waiting.values())
      reject(new StoreUnavailable(`the call records: ${why}`))
    this.#waiting.clear()
  }
}
